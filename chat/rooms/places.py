"""A room, and the place in it of whoever asks: what everything about rooms begins with."""

from typing import NamedTuple

from chat.conversation_ids import room_id
from chat.models import Account, Membership, Room
from chat.protocol import Forbidden, NotFound

Role = Membership.Role
SHOWN = 40
"""Characters of what was asked for that an answer repeats."""


class Seen(NamedTuple):
    """A room, as somebody sees it who may."""

    room: Room
    """With its conversation."""
    mine: Membership | None
    """None where they are not in it."""


def not_found(room: str) -> NotFound:
    return NotFound(f"There is no room “{room[:SHOWN]}” that you may see.")


def see(account: str, room: str) -> Seen:
    """The room called `room` (its name, with “#” or not, or its id); raises NotFound where there
    is none, and where it is private and `account` is not in it. Two queries."""
    id_ = room_id(room)
    found = Room.objects.select_related("conversation").filter(pk=id_).first()
    mine = Membership.objects.filter(account=account, conversation=id_).first()
    if found is None or (found.private and mine is None):
        raise not_found(room)
    return Seen(found, mine)


def lock(room: str) -> None:
    """The room called `room`, if there is one, and who is what in it, stay as they are until the
    transaction ends. Whatever changes that, or rests on it, locks it first. (On SQLite each
    transaction is alone from its beginning.)"""
    Room.objects.select_for_update(no_key=True).filter(pk=room_id(room)).first()


def be_in(account: str, room: str) -> tuple[Room, Membership]:
    """The same for who is in it; raises NotFound where it is private, and else Forbidden."""
    found, mine = see(account, room)
    if mine is None:
        raise Forbidden(f"You are not in {found}; join it first.")
    return found, mine


def govern(account: str, room: str, *roles: str) -> tuple[Room, Membership]:
    """The same for who has one of `roles` there; raises Forbidden for others."""
    found, mine = be_in(account, room)
    if mine.role not in roles:
        who = " and ".join(f"{role}s" for role in roles)
        raise Forbidden(f"Only {who} of {found} may do that.")
    return found, mine


def governs(account: str, conversation: str) -> bool:
    """Whether `account` is the owner or a moderator of the room with this id. One query."""
    mine = Membership.objects.filter(account=account, conversation=conversation)
    return mine.filter(role__in=(Role.MODERATOR, Role.OWNER)).exists()


def require_open(room: Room) -> None:
    if room.closed_at is not None:
        raise Forbidden(f"{room} is closed.")


def member(room: Room, name: str) -> Membership:
    """The place of the account called `name`, which is in the room; raises NotFound. One query."""
    found = Membership.objects.select_related("account").filter(
        account=name, conversation=room.conversation_id
    )
    if (place := found.first()) is None:
        raise NotFound(f"“{name[:SHOWN]}” is not in {room}.")
    return place


def person(name: str) -> Account:
    """Raises NotFound unless there is an account called `name` that is not deleted."""
    account = Account.objects.filter(pk=name, deleted_at=None).first()
    if account is None:
        raise NotFound(f"There is nobody called “{name[:SHOWN]}”.")
    return account
