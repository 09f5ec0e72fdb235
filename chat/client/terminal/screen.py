"""The parts of the screen: the list, the head, the log, the status line."""

from itertools import islice

from prompt_toolkit.layout.controls import UIContent, UIControl
from prompt_toolkit.utils import get_cwidth

from chat.client.events import Link
from chat.client.names import name_of
from chat.client.safe import clean_line
from chat.client.terminal.desk import Desk
from chat.client.terminal.rows import rows_of, upwards
from chat.client.terminal.times import seen_words
from chat.client.terminal.wrapping import Row, cut, pad
from chat.protocol import Conversation, Room

LIST_WIDTH = 22
NEWER = 1_000
"""Messages that may come between two drawings."""
NARROW = 60
"""Columns of a terminal below which there is no list."""


class Log(UIControl):
    """The rows that fit, of which the lowest is `desk.scroll` rows above the newest."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.height = 1
        self.at_top = False
        """Whether the first row there is can be seen."""
        self._newest: tuple[str | None, int] = (None, 0)

    def create_content(self, width: int, height: int) -> UIContent:
        self.height = height
        self._hold(width)
        rows = list(islice(upwards(self._desk, width), self._desk.scroll + height + 1))
        self.at_top = len(rows) <= self._desk.scroll + height
        if self.at_top:
            self._desk.scroll = max(0, min(self._desk.scroll, len(rows) - height))
        shown = rows[self._desk.scroll :][:height][::-1]
        lines: list[Row] = [*([[("", "")]] * (height - len(shown))), *shown]
        return UIContent(get_line=lambda at: [*lines[at]], line_count=len(lines), show_cursor=False)

    def _hold(self, width: int) -> None:
        """Where somebody reads older messages, newer ones move nothing."""
        desk = self._desk
        messages = desk.run_of(desk.open or "").messages
        conversation, seq = self._newest
        if desk.scroll and desk.pane is None and conversation == desk.open:
            newer = [message for message in messages[-NEWER:] if message.seq > seq]
            desk.scroll += sum(len(rows_of(desk, message, width)) for message in newer)
        self._newest = (desk.open, messages[-1].seq if messages else 0)


class Listing(UIControl):
    """Conversations with their unread, latest activity first."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def create_content(self, width: int, height: int) -> UIContent:
        listed = self._desk.chat.known.listed()
        at = next((i for i, each in enumerate(listed) if each.id == self._desk.open), 0)
        start = max(0, min(at - height // 2, len(listed) - height))
        lines = [self._line(each, width) for each in listed[start : start + height]]
        lines = lines or [[("class:dim", pad(" nobody yet", width))]]
        return UIContent(get_line=lambda i: [*lines[i]], line_count=len(lines), show_cursor=False)

    def _line(self, each: Conversation, width: int) -> Row:
        known = self._desk.chat.known
        is_open = each.id == self._desk.open
        badge = _badge(each)
        person = known.people.get(known.partner_of(each.id) or "")
        sign = "●" if person and person.online and person.name != known.me else " "
        if each.id.startswith("room:"):
            sign = "#"
        title = clean_line(known.title_of(each.id)).removeprefix("#")
        room = width - 4 - get_cwidth(badge)
        style = "class:open" if is_open else "class:unread" if each.unread else ""
        text = f"{'>' if is_open else ' '}{sign} {pad(title, room)}{badge} "
        return [(style, text)]


def _badge(conversation: Conversation) -> str:
    room = conversation.room
    if isinstance(room, Room) and room.mentions:
        return f" @{conversation.unread}"
    if isinstance(room, Room) and room.muted:
        return " -"
    return f" {conversation.unread}" if conversation.unread else ""


def head(desk: Desk, width: int) -> Row:
    """Where one is, and whether the chat is connected."""
    link = _link_words(desk.link)
    unread = f" {desk.unread} unread " if desk.unread else ""
    right = f"{unread}{link} "
    left = pad(f" {_place_words(desk)}", max(0, width - get_cwidth(right)))
    style = "class:head" if desk.link.phase == "online" else "class:offline"
    return [("class:head", left), (style, right)]


def _place_words(desk: Desk) -> str:
    if desk.open is None:
        return f"{desk.chat.name} at {desk.chat.address.url}"
    known = desk.chat.known
    title = clean_line(known.title_of(desk.open))
    name = name_of(known.me, desk.open)
    words = title if title.casefold() in (name, known.me) else f"{title} ({name})"
    person = known.people.get(known.partner_of(desk.open) or "")
    if person and person.name != known.me:
        words += " · online" if person.online else f" · {seen_words(person.last_seen)}"
    return words + _reading_words(desk, name)


def _reading_words(desk: Desk, device: str) -> str:
    reading = desk.readings.get(device)
    return f" · {clean_line(reading.body)}" if reading else ""


def _link_words(link: Link) -> str:
    return {
        "online": "online",
        "connecting": "connecting…",
        "waiting": "offline, trying again",
        "ended": "ended",
    }[link.phase]


def status(desk: Desk, width: int) -> Row:
    """One line above the typing: a notice, who types, what waits."""
    waiting = len(desk.chat.outbox.waiting)
    if desk.notice:
        return [("class:notice", cut(desk.notice, width))]
    if desk.pane is not None:
        return [("class:dim", cut("Esc: back to the conversation; PgUp PgDn: more", width))]
    if desk.scroll:
        return [("class:dim", cut("older messages: PgDn, or Esc to the newest", width))]
    if waiting and desk.link.phase != "online":
        return [("class:dim", cut(f"{waiting} waiting to be sent", width))]
    return [("class:dim", cut(_typing_words(desk), width))]


def _typing_words(desk: Desk) -> str:
    names = desk.typists.of(desk.open)
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} typing…" if names else ""
