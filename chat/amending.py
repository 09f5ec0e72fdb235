"""Editing and deleting what was said: the message keeps its id, its seq and its sender.

First the store, then the conversation's list of changes, then whoever is connected. Who is told
nothing, for a crash in between, or for being away, is told by the list; and who asks again after
such a crash does the rest. Runs queries, and waits for the event loop.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat import models, running, sending
from chat.backplane import backplane
from chat.backplane.news import Changed
from chat.conversation_ids import is_room
from chat.hub import hub
from chat.merging import MAX_TEXT
from chat.models import Change, Conversation, Membership
from chat.permissions import receivers_of
from chat.protocol import (
    MAX_SYNC,
    ChangedFrame,
    Forbidden,
    Message,
    NotFound,
    encode,
    parse_time,
    raw,
)
from chat.rooms import mentions
from chat.search import keeping as search
from chat.store import store

Kind = models.Message.Kind
AT_ONCE = 50
"""Changed messages read at once."""
GOVERNING = (Membership.Role.MODERATOR, Membership.Role.OWNER)


class Changes(NamedTuple):
    """What was changed, as it is now, and the last change of each conversation that is among it."""

    messages: list[Message]
    numbers: dict[str, int]
    more: list[str]
    """Conversations with still more changes."""


def edit(account: str, message_id: str, body: str) -> Message:
    """Have one's own message say `body`; gives it as it is now.

    Raises NotFound (also what one may not see) and Forbidden (another's, or too old).
    """
    found, _ = _find(account, message_id)
    _require_own(account, found)
    if found.kind != Kind.TEXT:
        raise Forbidden("Only what somebody wrote can be edited.")
    _require_recent(found, settings.EDIT_WITHIN, "edited")
    sending.require(account, found.conversation, found.conversation)
    if found.body != body or not found.edited_at:  # else it is asked again: it may not be told yet
        now = timezone.now()
        store.change(found.id, kind=Kind.TEXT.value, body=body, data=found.data, edited_at=now)
    return record(found)


def delete(account: str, message_id: str) -> Message:
    """Leave nothing of one's own message but that it was there; who governs a room may do so with
    all in it, whenever. Gives what is left.

    Raises NotFound (also what one may not see) and Forbidden (another's, or too old).
    """
    found, place = _find(account, message_id)
    if not (is_room(found.conversation) and place.role in GOVERNING):
        _require_own(account, found)
        _require_recent(found, settings.DELETE_WITHIN, "deleted")
    return bury(found)


def bury(message: Message) -> Message:
    """Delete `message`, whoever asks for it; gives what is left."""
    store.change(message.id, kind=Kind.DELETED.value, body="", data=None, edited_at=None)
    return record(message)


def record(message: Message) -> Message:
    """Note that `message` was changed, and tell the members; gives it as the store has it now."""
    now = _stored(message.conversation, message.seq)
    search.renew(now)
    if now.kind == Kind.DELETED:
        mentions.forget(now.conversation, now.seq)
    number = _number(now)
    running.call(_tell, now, number)
    return now


def since(numbers: Mapping[str, int]) -> Changes:
    """What was changed beyond the given number of each conversation, the oldest change first; at
    most MAX_SYNC changes in all, and about MAX_TEXT characters."""
    messages: list[Message] = []
    reached: dict[str, int] = {}
    more = []
    room, text = MAX_SYNC, MAX_TEXT
    for conversation, number in numbers.items():
        while found := _after(conversation, number, min(room, AT_ONCE)):
            number = reached[conversation] = found[-1][0]
            changed = store.at(conversation, sorted({seq for _, seq in found}))
            messages += changed
            room -= len(found)
            text -= sum(len(message.body) for message in changed)
            if room <= 0 or text <= 0:
                room = 0
                break
        if not room and _after(conversation, number, 1):
            more.append(conversation)
    return Changes(messages, reached, more)


def _after(conversation: str, number: int, limit: int) -> list[tuple[int, int]]:
    """The first changes beyond `number`: their numbers, and the seqs of the messages."""
    later = Change.objects.filter(conversation=conversation, number__gt=number)
    return list(later.order_by("number").values_list("number", "seq")[:limit])


def _find(account: str, message_id: str) -> tuple[Message, Membership]:
    """The message, and the place of `account` in its conversation."""
    at = store.place_of(message_id)
    mine = at and Membership.objects.filter(account=account, conversation=at[0]).first()
    if not at or not mine or at[1] < mine.first_seq:
        raise NotFound("There is no such message that you may see.")
    return _stored(*at), mine


def _stored(conversation: str, seq: int) -> Message:
    """Raises NotFound where it was removed meanwhile, old as it was."""
    found = store.at(conversation, [seq])
    if not found:
        raise NotFound("There is no such message any more.")
    return found[0]


def _require_own(account: str, message: Message) -> None:
    if message.sender != account:
        raise Forbidden("That is somebody else's message.")


def _require_recent(message: Message, within: float, done: str) -> None:
    """`within`: seconds; 0 for never, and less for without end."""
    if 0 <= within < (timezone.now() - _sent_at(message)).total_seconds():
        limit = str(timedelta(seconds=within)) if within else "never"
        raise Forbidden(f"It is too old to be {done} (the limit here: {limit}).")


def _sent_at(message: Message) -> datetime:
    return parse_time(message.sent_at)


def _number(message: Message) -> int:
    """The number of the change, which is noted. The row stays locked until then, so that the
    numbers become visible in their order."""
    with transaction.atomic():
        row = Conversation.objects.filter(pk=message.conversation)
        row.update(changes=F("changes") + 1)
        number = int(row.values_list("changes", flat=True).get())
        Change.objects.create(conversation_id=message.conversation, number=number, seq=message.seq)
    return number


def _tell(message: Message, number: int) -> None:
    frame = encode(ChangedFrame(raw(message), number))
    hub.push(receivers_of(message.conversation, message.seq), frame)
    backplane.tell(Changed(message.conversation, message.seq, frame))
