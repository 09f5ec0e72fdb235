"""What can be typed after “/”: each a function of the desk and the rest of the line."""

from collections.abc import Awaitable, Callable

from chat.client.errors import ClientError
from chat.client.names import name_of, new_id
from chat.client.terminal.desk import Desk
from chat.client.terminal.times import day, seen_words
from chat.client.terminal.wrapping import pad
from chat.protocol import Message, Person

Act = Callable[[Desk, str], Awaitable[None]]
COMMANDS: dict[str, tuple[str, str, Act]] = {}
"""By name: what follows it, what it does, and the function."""


class Usage(Exception):
    """What was typed lacks something; the text says what would be right."""


def command(name: str, takes: str, does: str) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        COMMANDS[name] = (takes, does, act)
        return act

    return register


async def carry_out(desk: Desk, name: str, rest: str) -> None:
    """Every failure becomes one line."""
    if name not in COMMANDS:
        desk.tell(f"There is no /{name}; /help shows what there is.")
        return
    takes, _, act = COMMANDS[name]
    try:
        await act(desk, rest)
    except Usage as usage:
        desk.tell(f"/{name} {takes}: {usage}".strip())
    except ClientError as error:
        desk.fail(error)


def _room(desk: Desk, rest: str) -> str:
    """The room named, or the open one."""
    if name := rest.split(" ", 1)[0]:
        return name if name.startswith("#") else f"#{name}"
    if desk.open and desk.open.startswith("room:"):
        return name_of(desk.chat.name, desk.open)
    raise Usage("name a room, such as #lobby.")


# ---- looking about ----------------------------------------------------------------------------


@command("help", "", "this")
async def help_(desk: Desk, rest: str) -> None:
    lines = [f"{pad(f'/{name} {takes}'.strip(), 22)} {does}"
             for name, (takes, does, _) in COMMANDS.items()]  # fmt: skip
    desk.show([*KEYS, "", *lines])


KEYS = [
    "bob: hello             to bob; #room: hello to a room",
    "#room or bob:          look at it",
    "//word                 a message that begins with a slash",
    "Alt-↑ Alt-↓            the conversation above or below (also Ctrl-P, Ctrl-N)",
    "PgUp PgDn              back and forth in what was said; Esc to the newest",
    "Alt-Enter              a new line",
    "Tab                    completes names and commands",
    "Ctrl-C Ctrl-D          empties the line; ends where it is empty",
]


@command("who", "", "who is there")
async def who(desk: Desk, rest: str) -> None:
    if desk.open and desk.open.startswith("room:"):
        members = await desk.chat.members(_room(desk, ""))
        desk.show([_person_line(each, each.role) for each in members])
        return
    people = sorted(desk.chat.people.values(), key=lambda each: (not each.online, each.name))
    desk.show([_person_line(each, each.kind) for each in people] or ["Nobody else is here."])


def _person_line(person: Person, what: str) -> str:
    state = "online" if person.online else seen_words(person.last_seen)
    title = "" if person.title == person.name else f"  {person.title}"
    more = "" if what in ("person", "member") else f", {what}"
    return f"{'●' if person.online else '○'} {pad(person.name, 16)} {state}{more}{title}"


@command("rooms", "[words]", "rooms there are")
async def rooms(desk: Desk, rest: str) -> None:
    found = await desk.chat.rooms(rest)
    lines = [
        f"{'✓' if room.joined else ' '} {pad(name_of('', room.id), 18)} {room.members:>4}  "
        + room.title
        for room in found
    ]
    desk.show(lines or ["No such room. /make #room makes one."])


@command("search", "words", "find messages; from:bob in:#room before:2026-11-01")
async def search(desk: Desk, rest: str) -> None:
    if not rest:
        raise Usage("say what to search for.")
    results = await desk.chat.search(rest, limit=50)
    lines = [_found_line(desk, message) for message in reversed(results.messages)]
    more = ["… and more: use more words.", ""] if results.more else []
    desk.show([*more, *lines] if lines else [f"Nothing was found for “{rest}”."], from_top=False)


@command("stored", "", "what came while you were away")
async def stored(desk: Desk, rest: str) -> None:
    lines = [_found_line(desk, message) for message in desk.stored]
    desk.show(lines or ["Nothing came while you were away."], from_top=False)


def _found_line(desk: Desk, message: Message) -> str:
    where = name_of(desk.chat.name, message.conversation)
    place = "" if where == message.sender else f" in {where}"
    return f"{day(message.sent_at)} {message.sender}{place}: {' '.join(message.body.split())}"


# ---- what was said ----------------------------------------------------------------------------


def _own(desk: Desk, words: str = "") -> Message:
    if any(outgoing.error is None for outgoing in desk.outgoing):
        raise Usage("your last message is not sent yet.")
    run = desk.run_of(desk.open or "")
    if found := run.last_of(desk.chat.name, words):
        return found
    raise Usage("there is no such message of yours here.")


@command("edit", "new words", "say your last message otherwise")
async def edit(desk: Desk, rest: str) -> None:
    message = _own(desk)
    if not rest:
        raise Usage(f"it says now: {message.body}")
    await desk.chat.edit(message.id, rest)


@command("delete", "[words]", "delete your last message (that has these words)")
async def delete(desk: Desk, rest: str) -> None:
    await desk.chat.delete(_own(desk, rest).id)
    desk.tell("Deleted.")


@command("retry", "", "send again what was refused")
async def retry(desk: Desk, rest: str) -> None:
    for outgoing in list(desk.chat.outbox.refused.values()):
        desk.chat.outbox.drop(outgoing.id)
        conflict = outgoing.error is not None and outgoing.error.code == "conflict"
        desk.chat.post(outgoing.to, outgoing.body, new_id() if conflict else outgoing.id)


@command("drop", "", "forget what was refused")
async def drop(desk: Desk, rest: str) -> None:
    for id_ in list(desk.chat.outbox.refused):
        desk.chat.outbox.drop(id_)


# ---- rooms ------------------------------------------------------------------------------------


@command("join", "#room", "come into a room")
async def join(desk: Desk, rest: str) -> None:
    room = _room(desk, rest)
    await desk.chat.join(room)
    await desk.go(room)


@command("leave", "[#room]", "leave it")
async def leave(desk: Desk, rest: str) -> None:
    await desk.chat.leave(_room(desk, rest))


@command("make", "#room [title]", "make a room; “/make #room private …” a private one")
async def make(desk: Desk, rest: str) -> None:
    words = rest.split()
    if not words:
        raise Usage("say how it is called.")
    room = _room(desk, words.pop(0))
    private = words[:1] == ["private"]
    await desk.chat.create(room, " ".join(words[private:]), private=private)
    await desk.go(room)


@command("invite", "bob [#room]", "take somebody into a room")
async def invite(desk: Desk, rest: str) -> None:
    user, _, room = rest.partition(" ")
    if not user:
        raise Usage("say whom.")
    name = user.removeprefix("@").lower()
    await desk.chat.invite(_room(desk, room.strip()), name)
    desk.meet(name)


@command("quit", "", "end")
async def quit_(desk: Desk, rest: str) -> None:
    """The screen does it: it alone can end itself."""
