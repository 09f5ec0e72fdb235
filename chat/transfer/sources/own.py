"""This chat's own export: `messages.jsonl` in the ZIP that a person downloads, or by itself."""

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from chat.conversation_ids import DEVICE, dm_members, is_direct
from chat.models import Message
from chat.protocol import Invalid, parse_time
from chat.transfer import lines
from chat.transfer.sources.box import Box, SourceError
from chat.transfer.sources.model import Chapter, Person, Said, Source, in_milliseconds

MESSAGES = "messages.jsonl"
KINDS: list[str] = Message.Kind.values


class Own(Source):
    called = "this chat"

    @staticmethod
    def is_in(box: Box) -> bool:
        return _file(box) is not None

    def chapters(self) -> Iterator[tuple[Chapter, Iterable[Said]]]:
        file = _file(self.box) or MESSAGES
        rest = _parsed(self.box, file)
        account = _check(file, next(rest, None))
        groups = itertools.groupby(rest, key=_Counter())
        for _, group in groups:
            number, first = next(group)
            if not isinstance(first, lines.Conversation):
                raise SourceError(file, number, "a message stands before its conversation")
            yield _chapter(first, account), _said(group, first, file)


Numbered = tuple[int, lines.AnyLine]


class _Counter:
    """The key by which lines are grouped: each conversation's begins a group."""

    def __init__(self) -> None:
        self._met = 0

    def __call__(self, numbered: Numbered) -> int:
        self._met += isinstance(numbered[1], lines.Conversation)
        return self._met


def _file(box: Box) -> str | None:
    if MESSAGES in box:
        return MESSAGES
    alone = box.names[0] if len(box.names) == 1 else ""
    return alone if alone.endswith(".jsonl") else None


def _parsed(box: Box, file: str) -> Iterator[Numbered]:
    for number, line in box.lines(file):
        try:
            found = lines.decode(line)
        except msgspec.ValidationError as error:
            raise SourceError(file, number, str(error)) from None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise SourceError(file, number, "it is not JSON in UTF-8") from None
        if found is not None:
            yield number, found


def _check(file: str, first: Numbered | None) -> str:
    """Whose export it is."""
    if first is None or not isinstance(first[1], lines.Export):
        raise SourceError(file, 1, "the first line must be that of the export")
    if first[1].version != lines.VERSION:
        raise SourceError(file, 1, f"it is of version {first[1].version}, not {lines.VERSION}")
    return first[1].account


def _chapter(line: lines.Conversation, account: str) -> Chapter:
    members = [_person(member) for member in line.members]
    if is_direct(line.id):
        known = {member.name: member for member in members}
        both = [known.get(name, _unknown(name)) for name in dm_members(line.id)]
        reason = "" if account in dm_members(line.id) else f"it is none of {account}'s"
        return Chapter(line.id, title=line.title, members=both, reason=reason)
    if line.id.startswith(DEVICE):
        return Chapter(line.id, reason="what a device reported is the device's own")
    owner = next((_person(m) for m in line.members if m.role == "owner"), None)
    name = line.id.removeprefix("room:")
    first_seqs = _first_seqs(line, account) if line.private else {}
    return Chapter(line.id, name, line.title, line.private, line.closed, members, owner, first_seqs)


def _first_seqs(line: lines.Conversation, account: str) -> dict[str, int]:
    """Counted from the first message on that `account` saw. Who is not told of saw none."""
    behind = max(line.last_seq, line.first_seq - 1) + 1
    found = {member.name: member.first_seq or behind for member in line.members}
    found[account] = line.first_seq
    return {name: max(1, seq - line.first_seq + 1) for name, seq in found.items()}


def _person(member: lines.Member) -> Person:
    return Person(member.name, member.title if member.title != member.name else "", member.kind)


def _unknown(name: str) -> Person:
    return Person(name, kind="")


def _said(group: Iterator[Numbered], chapter: lines.Conversation, file: str) -> Iterator[Said]:
    people = {member.name: _person(member) for member in chapter.members}
    for number, line in group:
        if not isinstance(line, lines.Message) or line.conversation != chapter.id:
            raise SourceError(file, number, f"this is no message of {chapter.id}")
        if line.kind not in KINDS:
            raise SourceError(file, number, f"its “kind” must be one of {', '.join(KINDS)}")
        try:
            sent_at = in_milliseconds(parse_time(line.sent_at))
            edited_at = in_milliseconds(parse_time(line.edited_at)) if line.edited_at else None
        except Invalid:
            raise SourceError(
                file, number, "its times must be like 2026-11-22T09:30:00.125Z"
            ) from None
        sender = people.get(line.sender, _unknown(line.sender))
        key = f"import:{line.id}"
        yield Said(key, sender, line.body, sent_at, line.kind, line.data, edited_at, line.id,
                   number, file)  # fmt: skip
