"""Making a room."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat import joining
from chat.accounts.titles import validate_title
from chat.conversation_ids import ROOM, room_id
from chat.models import Conversation, Membership, Room
from chat.models.room import ROOM_TITLE_MAX
from chat.names import NAME_RULE, is_name
from chat.protocol import Conflict, Forbidden, Invalid
from chat.rooms import notices
from chat.rooms.telling import afterwards

MOST_OWNED = 100
"""Rooms of one owner."""
ASKED_AGAIN_WITHIN = timedelta(minutes=10)
"""So long, who was not told that the room is made may ask again."""


def create(account: str, room: str, title: str, private: bool) -> str:
    """Make the room called `room`, of which `account` is the owner; gives its conversation's id.
    Asked again soon, it is made once.

    Raises Invalid, Conflict (there is or was such a room) and Forbidden (too many).
    """
    id_ = room_id(room)
    if not is_name(id_.removeprefix(ROOM)):
        raise Invalid(f"“room” must be a name: {NAME_RULE}.")
    title = check_title(title or id_.removeprefix(ROOM))
    owned = Membership.objects.filter(account=account, role=Membership.Role.OWNER)
    if owned.exclude(conversation=id_).count() >= MOST_OWNED:
        raise Forbidden(f"You own {MOST_OWNED} rooms already; hand one over first.")
    try:
        with transaction.atomic():
            conversation = Conversation(id=id_, kind=Conversation.Kind.ROOM)
            conversation.save(force_insert=True)
            made = Room.objects.create(conversation=conversation, title=title, private=private)
            joining.join(account, id_, from_start=True, role=Membership.Role.OWNER)
            afterwards(joining.tell_membership, account, id_)
            words = f"made the room “{title}”"
            afterwards(notices.tell, made, account, notices.CREATED, words, title=title)
    except IntegrityError:
        if _is_just_made(account, id_, title, private):
            return id_
        taken = f"There is a room #{id_.removeprefix(ROOM)} already, perhaps a private one."
        raise Conflict(f"{taken} Choose another name.") from None
    return id_


def _is_just_made(account: str, conversation: str, title: str, private: bool) -> bool:
    """Whether the room is the very one that `account` asks for."""
    recent = timezone.now() - ASKED_AGAIN_WITHIN
    rooms = Room.objects.filter(pk=conversation, title=title, private=private)
    owner = {"account": account, "role": Membership.Role.OWNER}
    mine = Membership.objects.filter(conversation=conversation, **owner)
    return rooms.filter(created_at__gt=recent, closed_at=None).exists() and mine.exists()


def check_title(title: str) -> str:
    """The title as it is kept; raises Invalid."""
    title = title.strip()
    try:
        validate_title(title)
    except ValidationError as error:
        raise Invalid(f"“title”: {' '.join(error.messages)}") from None
    if not 1 <= len(title) <= ROOM_TITLE_MAX:
        raise Invalid(f"“title” must be 1 to {ROOM_TITLE_MAX} characters.")
    return title
