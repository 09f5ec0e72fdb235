"""`help`; and `stop` where nothing is being answered."""

from bots.commands.registry import Asked, Reply, command, listing

STOP = "stop"


@command(STOP, (STOP, "end the answer that is being written; what is there stays"))
def stop(asked: Asked, argument: str) -> Reply:
    who = " Who asked can stop an answer, and who governs the room." if asked.in_room else ""
    return Reply(f"There is nothing to stop.{who}", STOP)


@command("help", ("help", "this list"))
def help_(asked: Asked, argument: str) -> Reply:
    title, called = asked.bot.account.shown_title, f"@{asked.bot.name} "
    if asked.in_room:
        begin = f"{title} answers whoever calls it by “{called.strip()}”. It also knows here:"
        return Reply(f"{begin}\n{listing(called)}", "help")
    begin = f"Write to {title} as to a person. It also knows these commands:"
    return Reply(f"{begin}\n{listing()}", "help")
