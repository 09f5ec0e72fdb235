"""What somebody finds: their messages, as the store has them now. Runs queries."""

from datetime import datetime
from typing import NamedTuple

from chat.models import Membership, Message
from chat.permissions import not_found
from chat.protocol import Message as Shown
from chat.search.choice import index
from chat.search.index import Hit, Wanted
from chat.search.numbers import HIGHEST, LOWEST, number_at, number_of
from chat.search.queries import Phrase, Query, parse
from chat.search.words import MEMBER, PLACE, SENDER, mark
from chat.store import store

ROUNDS, ROUND = 10, 100
"""How often the index is asked at the most, and for how many messages at the least, where what it
found is gone from the store."""


class Found(NamedTuple):
    """What was found, newest first."""

    messages: list[Shown]
    terms: list[str]
    """The words and phrases it was found by, as they were typed."""
    more: bool


def search(
    account: str, text: str, conversation: str | None = None, before: str | None = None,
    limit: int = 20,
) -> Found:  # fmt: skip
    """What `account` may see of what `text` asks for; in one conversation, if it is given, and
    below the message `before`.

    Raises Invalid with what would be right, and NotFound where they are not in a conversation that
    is named.
    """
    query = parse(text, account)
    places = _places(account, query.places, conversation)
    wanted = _wanted(account, query, places, before)
    found, more = _messages(wanted, limit) if places else ([], False)
    return Found(found, query.terms, more)


def _messages(wanted: Wanted, limit: int) -> tuple[list[Shown], bool]:
    """As many as there are, up to `limit`, and whether there may be more: what the index found may
    be gone from the store, and where very much is, who asks goes on from what there is."""
    found: list[Shown] = []
    asked = limit + 1
    for _ in range(ROUNDS):
        hits = index().find(wanted, asked)
        found += _stored(hits)
        if len(found) > limit or len(hits) < asked:
            return found[:limit], len(found) > limit
        wanted = wanted._replace(below=hits[-1].number)
        asked = max(asked, ROUND)
    return found, bool(found)


def _stored(hits: list[Hit]) -> list[Shown]:
    stored = {message.id: message for message in store.named([hit.message for hit in hits])}
    found = (stored.get(hit.message) for hit in hits)
    return [message for message in found if message and message.kind != Message.Kind.DELETED]


def _wanted(account: str, query: Query, places: list[Phrase], before: str | None) -> Wanted:
    phrases = [[phrase] for phrase in query.phrases]
    if query.senders:
        phrases.append([_marked(SENDER, name) for name in query.senders])
    phrases.append(places)
    below = HIGHEST if query.until is None else number_at(_milliseconds(query.until))
    if before is not None:
        below = min(below, _number(before))
    lowest = LOWEST if query.since is None else number_at(_milliseconds(query.since))
    return Wanted(account, phrases, lowest, below)


def _places(
    account: str, typed: list[tuple[str, list[str]]], conversation: str | None
) -> list[Phrase]:
    """The marks of the conversations to look in; none where two that are named exclude each other.

    Without marks, a word that everybody uses would be looked up in everybody's messages.
    """
    named = typed if conversation is None else [*typed, (conversation, [conversation])]
    if not named:
        joined = Membership.objects.filter(account=account, joined_at__isnull=False)
        rooms = joined.values_list("conversation_id", flat=True)
        return [_marked(MEMBER, account), *(_marked(PLACE, room) for room in rooms)]
    mine = _mine(account, named)
    ids = {id_ for _, meant in typed for id_ in meant} if typed else mine
    wanted = ids if conversation is None else ids & {conversation}
    return [_marked(PLACE, id_) for id_ in sorted(wanted & mine)]


def _mine(account: str, named: list[tuple[str, list[str]]]) -> set[str]:
    """The conversations among those that are named in which `account` is; raises NotFound where
    one name means none of them."""
    meant = {id_ for _, ids in named for id_ in ids}
    places = Membership.objects.filter(account=account, conversation__in=meant)
    mine = set(places.values_list("conversation_id", flat=True))
    for typed, ids in named:
        if not mine.intersection(ids):
            raise not_found(typed)
    return mine


def _marked(kind: str, name: str) -> Phrase:
    return Phrase((mark(kind, name),))


def _number(message_id: str) -> int:
    place = index().place_of(message_id)
    return number_of(message_id) if place is None else place


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
