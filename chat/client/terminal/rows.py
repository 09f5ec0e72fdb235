"""A conversation as rows of the screen, from the newest upwards, as many as are looked at."""

from collections.abc import Iterator
from functools import lru_cache

from prompt_toolkit.utils import get_cwidth

from chat.client.events import Delta, Outgoing
from chat.client.safe import clean
from chat.client.terminal.desk import Desk
from chat.client.terminal.times import clock, day, day_words
from chat.client.terminal.wrapping import Row, wrap
from chat.protocol import Conversation, Message

INDENT = 2
COLOURS = 6
"""Of names: the styles name0, name1 …"""


def upwards(desk: Desk, width: int) -> Iterator[Row]:
    """All rows, the lowest first."""
    if desk.pane is not None:
        yield from _pane(desk.pane, width)
    elif desk.open is None:
        yield from _pane(WELCOME, width)
    else:
        yield from _conversation(desk, desk.open, width)


def _pane(lines: list[str], width: int) -> Iterator[Row]:
    for line in reversed(lines):
        for row in reversed(wrap(clean(line), width, width)):
            yield [("", row)]


def _conversation(desk: Desk, conversation: str, width: int) -> Iterator[Row]:
    for outgoing in reversed(desk.outgoing):
        yield from reversed(_outgoing_rows(outgoing, desk.chat.name, width))
    if delta := desk.answers.of(conversation):
        yield from reversed(_delta_rows(delta, width))
    yield from _messages(desk, conversation, width)


def _messages(desk: Desk, conversation: str, width: int) -> Iterator[Row]:
    run = desk.run_of(conversation)
    below: Message | None = None
    mark = _mark(desk.chat.known.of(conversation), desk.chat.name, run.messages)
    for message in reversed(run.messages):
        if below and day(below.sent_at) != day(message.sent_at):
            yield _day_row(below, width)
        suffix = mark if below is None else ""
        yield from reversed(rows_of(desk, message, width, suffix))
        below = message
    if below:
        yield _day_row(below, width)
    if run.loading:
        yield [("class:dim", "loading…")]
    elif below is None:
        yield [("class:dim", "Nothing was written here yet.")]


def rows_of(desk: Desk, message: Message, width: int, suffix: str = "") -> tuple[Row, ...]:
    known = desk.chat.known
    own, called = message.sender == known.me, known.calls_me(message)
    return message_rows(_key(message), own, called, suffix, width)


def _mark(conversation: Conversation, me: str, messages: list[Message]) -> str:
    """What became of one's own last message, in a direct conversation."""
    if not conversation.id.startswith("dm:") or not messages or messages[-1].sender != me:
        return ""
    if conversation.their_read_seq >= messages[-1].seq:
        return " · read"
    return " · received" if conversation.their_received_seq >= messages[-1].seq else ""


def _day_row(message: Message, width: int) -> Row:
    words = f" {day_words(day(message.sent_at))} "
    return [("class:dim", words.center(min(width, 60), "─")[:width])]


Key = tuple[str, str, str, str, bool]
"""Of a message: sender, kind, body, sent_at, whether it was edited."""


def _key(message: Message) -> Key:
    edited = isinstance(message.edited_at, str)
    return message.sender, message.kind, message.body, message.sent_at, edited


@lru_cache(maxsize=4_096)
def message_rows(key: Key, own: bool, called: bool, suffix: str, width: int) -> tuple[Row, ...]:
    """A message as rows: time and sender before the first."""
    sender, kind, body, sent_at, edited = key
    head: Row = [("class:dim", clock(sent_at) + " ")]
    if kind == "notice":
        return _body_rows([*head, ("class:dim", "· ")], clean(body), "class:dim", width)
    if kind == "alert":
        head.append(("class:alert", "! "))
    head.append((name_style(sender, own), f"{clean(sender)}: "))
    if kind == "deleted":
        return _body_rows(head, "(deleted)", "class:dim", width)
    more = (" (edited)" if edited else "") + suffix
    return _body_rows(head, clean(body), "class:called" if called else "", width, more)


def name_style(name: str, own: bool) -> str:
    return "class:own" if own else f"class:name{sum(name.encode()) % COLOURS}"


def _body_rows(head: Row, body: str, style: str, width: int, suffix: str = "") -> tuple[Row, ...]:
    used = sum(len(text) for _, text in head)
    first, *rest = wrap(body, width - used, width - INDENT)
    rows = [[*head, (style, first)], *([("", " " * INDENT), (style, row)] for row in rest)]
    if suffix and _columns(rows[-1]) + len(suffix) > width:
        rows.append([("", " " * INDENT)])
    return (*rows[:-1], [*rows[-1], ("class:dim", suffix)])


def _columns(row: Row) -> int:
    return sum(get_cwidth(text) for _, text in row)


def _delta_rows(delta: Delta, width: int) -> tuple[Row, ...]:
    head = [("class:dim", "      "), (name_style(delta.sender, False), f"{clean(delta.sender)}: ")]
    return _body_rows(head, clean(delta.text) + "▌", "", width)


def _outgoing_rows(outgoing: Outgoing, me: str, width: int) -> tuple[Row, ...]:
    head = [("class:dim", "      "), ("class:own", f"{me}: ")]
    if outgoing.error:
        return _body_rows(head, clean(outgoing.body), "class:error", width, " · not sent")
    return _body_rows(head, clean(outgoing.body), "class:dim", width, " · sending…")


WELCOME = [
    "Welcome.",
    "",
    "bob: hello     write to bob",
    "#lobby         go to a room; /rooms shows which there are",
    "Alt-↑ Alt-↓    go through the conversations at the left",
    "/who           who is there",
    "/help          all that can be done",
    "",
]
