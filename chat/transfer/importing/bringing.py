"""Stores what was said, by the one path of every message, a batch at a time.

Each message has an id of its sender's that is made of its key there, so whoever is stopped begins
anew, and what is here is passed over. What was brought in counts as received and read by all who
had received and read what was before it; for others it waits behind that.
"""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from chat.backplane import backplane
from chat.backplane.news import Told
from chat.hints import raise_hints
from chat.models import Membership
from chat.posting import Draft, post
from chat.protocol import MAX_BODY, Message, Resync, Unavailable, encode, parse_time
from chat.store import store
from chat.transfer.importing.people import People
from chat.transfer.importing.survey import Place
from chat.transfer.sources.model import Said, SourceError

BATCH = 1_000
TRIES = 30
PAUSE = 2.0
"""How often, and with how many seconds in between, a store that is away is tried again."""


class Part(NamedTuple):
    """What of a message fits into one here."""

    said: Said
    draft: Draft


class Counts(NamedTuple):
    stored: int
    known: int


def bring(
    place: Place, said: Iterable[Said], people: People, tell: Callable[[int], object]
) -> Counts:
    """Store what was said in a conversation, which is there. Runs queries.

    Raises SourceError for what the chat refuses, and Unavailable where the store stays away.
    """
    counts = Counts(0, 0)
    messages = iter(said)
    while some := list(itertools.islice(messages, BATCH)):
        parts = [part for one in some for part in _parts(one, place.conversation, people)]
        new = _bring(parts, place.conversation)
        counts = Counts(counts.stored + new, counts.known + len(parts) - new)
        tell(len(some))
    return counts


def _parts(said: Said, conversation: str, people: People) -> Iterator[Part]:
    """What is too long for one message is several; what says nothing is none."""
    body = said.body.replace("\0", "")
    if not body and said.kind != "deleted":
        return
    sender = people.name_of(said.sender)
    for number, start in enumerate(range(0, max(len(body), 1), MAX_BODY), 1):
        draft = Draft(
            sender=sender,
            conversation=conversation,
            client_id=said.key if number == 1 else f"{said.key}:{number}",
            body=body[start : start + MAX_BODY],
            kind=said.kind,
            data=said.data,
            sent_at=said.sent_at,
        )
        yield Part(said, draft)


def _bring(parts: Sequence[Part], conversation: str) -> int:
    """How many of these were not here. One may be in another conversation, where it was brought
    when that was said to be the one."""
    stored = _stored(parts)
    new = [part for part in parts if _key(part) not in stored]
    stored |= _post(new)
    for part in parts:
        if part.said.edited_at is not None and (message := stored.get(_key(part))):
            _mark_as_edited(message, part.said.edited_at)
    if here := [found for found in stored.values() if found.conversation == conversation]:
        _come_along(here)
    return len(new)


def _key(part: Part) -> tuple[str, str]:
    return part.draft.sender, part.draft.client_id


def _stored(parts: Sequence[Part]) -> dict[tuple[str, str], Message]:
    """What was brought in before, or was said here in the first place and never went."""
    client_ids: dict[str, list[str]] = {}
    for part in parts:
        client_ids.setdefault(part.draft.sender, []).append(part.draft.client_id)
    found = store.sent(client_ids)
    named = store.named([part.said.id for part in parts if part.said.id])
    here = {(message.conversation, message.id): message for message in named}
    places = {_key(part): (part.draft.conversation, part.said.id) for part in parts}
    return found | {key: here[place] for key, place in places.items() if place in here}


def _post(parts: Sequence[Part]) -> dict[tuple[str, str], Message]:
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE)
        try:
            outcomes = post([part.draft for part in parts]) if parts else []
        except Unavailable:
            continue
        if any(isinstance(outcome.error, Unavailable) for outcome in outcomes):
            continue
        for part, outcome in zip(parts, outcomes, strict=True):
            if outcome.error is not None:
                raise SourceError(part.said.file, part.said.line, outcome.error.detail.rstrip("."))
        return {
            _key(part): outcome.message
            for part, outcome in zip(parts, outcomes, strict=True)
            if outcome.message
        }
    raise Unavailable("The store does not answer. The same command goes on where this ended.")


def _mark_as_edited(message: Message, at: datetime) -> None:
    if not message.edited_at and message.kind == "text":
        store.change(
            message.id, kind=message.kind, body=message.body, data=message.data, edited_at=at
        )


def _come_along(messages: Sequence[Message]) -> None:
    """The members' cursors, and the hint of how far the conversation has come."""
    conversation = messages[0].conversation
    last = max(messages, key=lambda message: message.seq)
    raise_hints({conversation: (last.seq, parse_time(last.sent_at))})
    members = Membership.objects.filter(conversation=conversation)
    with transaction.atomic():
        for first, end in _runs(sorted(message.seq for message in messages)):
            members.filter(received_seq__range=(first - 1, end - 1)).update(received_seq=end)
            members.filter(read_seq__range=(first - 1, end - 1)).update(read_seq=end)


def _runs(seqs: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of those that follow each other."""
    for _, group in itertools.groupby(enumerate(seqs), key=lambda pair: pair[1] - pair[0]):
        run = [seq for _, seq in group]
        yield run[0], run[-1]


def tell_members(places: Iterable[Place]) -> None:
    """Have whoever is connected ask what is new: once each, not for every message. On the loop."""
    told: set[str] = set()
    for place in sorted(places, key=lambda place: -len(place.members)):
        if not told.issuperset(place.members):
            told.update(place.members)
            backplane.tell(Told(place.conversation, "", encode(Resync())))
