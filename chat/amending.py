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

from chat import models, running
from chat.backplane import backplane
from chat.backplane.news import Changed
from chat.conversation_ids import is_room
from chat.hub import hub
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
    if found.body == body and found.edited_at:
        return found  # asked again: it may not have been told
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
    (now,) = store.at(message.conversation, [message.seq])
    search.renew(now)
    if now.kind == Kind.DELETED:
        mentions.forget(now.conversation, now.seq)
    number = _number(now)
    running.call(_tell, now, number)
    return now


def since(numbers: Mapping[str, int]) -> Changes:
    """What was changed beyond the given number of each conversation, the oldest change first; at
    most MAX_SYNC changes in all."""
    messages: list[Message] = []
    reached: dict[str, int] = {}
    more = []
    room = MAX_SYNC
    for conversation, number in numbers.items():
        later = Change.objects.filter(conversation=conversation, number__gt=number)
        found = list(later.order_by("number").values_list("number", "seq")[: room + 1])
        if len(found) > room:
            more.append(conversation)
        if found := found[:room]:
            reached[conversation] = found[-1][0]
            messages += store.at(conversation, sorted({seq for _, seq in found}))
            room -= len(found)
    return Changes(messages, reached, more)


def _find(account: str, message_id: str) -> tuple[Message, Membership]:
    """The message, and the place of `account` in its conversation."""
    at = store.place_of(message_id)
    mine = at and Membership.objects.filter(account=account, conversation=at[0]).first()
    if not at or not mine or at[1] < mine.first_seq:
        raise NotFound("There is no such message that you may see.")
    (found,) = store.at(at[0], [at[1]])
    return found, mine


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
