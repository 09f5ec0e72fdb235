"""`help`; and `stop` where nothing is being answered."""

from bots.commands.registry import Asked, Reply, command, listing

STOP = "stop"


@command(STOP, (STOP, "end the answer that is being written; what is there stays"))
def stop(asked: Asked, argument: str) -> Reply:
    return Reply("There is nothing to stop.", STOP)


@command("help", ("help", "this list"))
def help_(asked: Asked, argument: str) -> Reply:
    title = asked.bot.account.shown_title
    begin = f"Write to {title} as to a person. It also knows these commands:"
    return Reply(f"{begin}\n{listing()}", "help")
