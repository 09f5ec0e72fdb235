"""Members who are called by name, “@alice”: kept, so that it counts as unread loudly. Runs
queries."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import F, OuterRef, Subquery

from chat.conversation_ids import is_room
from chat.models import Membership, Mention
from chat.protocol import Message

MOST = 50
"""Names looked at in one message."""
_CALLED = re.compile(r"(?<![\w@.\-])@([a-z0-9][a-z0-9_.\-]{0,31})(?![a-z0-9_])", re.IGNORECASE)


def called(body: str) -> set[str]:
    """The names that `body` may call: of “@bob.” both “bob.” and “bob”, as both may be names."""
    if "@" not in body:
        return set()
    names: set[str] = set()
    for match in _CALLED.finditer(body):
        name = match[1].lower()
        names |= {name, name.rstrip(".-_")}
        if len(names) >= MOST:
            break
    return names


def note(messages: Iterable[Message]) -> dict[str, tuple[str, ...]]:
    """Keep whom these messages call, of the members of their rooms; gives them by message's id.

    May be done again with the same. At most two queries, and none where nobody is called.
    """
    wanted = {message.id: (message, names) for message in messages
              if is_room(message.conversation) and (names := called(message.body))}  # fmt: skip
    if not wanted:
        return {}
    members = _members(
        {message.conversation for message, _ in wanted.values()},
        sorted({name for _, names in wanted.values() for name in names}),
    )
    found = {id_: _here(members, message, names) for id_, (message, names) in wanted.items()}
    mentions = [
        Mention(account_id=name, conversation_id=wanted[id_][0].conversation,
                seq=wanted[id_][0].seq)
        for id_, names in found.items() for name in names
    ]  # fmt: skip
    Mention.objects.bulk_create(mentions, ignore_conflicts=True)
    return found


def _members(conversations: Iterable[str], names: Sequence[str]) -> set[tuple[str, str]]:
    places = Membership.objects.filter(conversation__in=list(conversations), account__in=names)
    return set(places.values_list("conversation_id", "account_id"))


def _here(members: set[tuple[str, str]], message: Message, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(
        name for name in names
        if name != message.sender and (message.conversation, name) in members
    ))  # fmt: skip


def forget(conversation: str, seq: int) -> None:
    """The message is deleted: it calls nobody any more."""
    Mention.objects.filter(conversation=conversation, seq=seq).delete()


def forget_read() -> None:
    """Let go of what was read, and of whom has left. For a periodic task."""
    place = Membership.objects.filter(
        account=OuterRef("account"), conversation=OuterRef("conversation")
    )
    read = Mention.objects.annotate(read_seq=Subquery(place.values("read_seq")[:1]))
    Mention.objects.filter(pk__in=read.filter(seq__lte=F("read_seq")).values("pk")).delete()
    Mention.objects.filter(pk__in=read.filter(read_seq=None).values("pk")).delete()
