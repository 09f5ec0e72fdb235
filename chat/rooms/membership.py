"""Coming into rooms and leaving them, and what one is there."""

from django.db import transaction
from django.db.models import QuerySet

from chat import joining
from chat.models import LOBBY, Account, Membership, Mention, Removal, Room
from chat.names import normalise
from chat.protocol import Forbidden, Invalid
from chat.rooms import guests, notices
from chat.rooms.places import Role, be_in, govern, member, person, require_open, see

RANKS = (Role.MEMBER, Role.MODERATOR, Role.OWNER)


def join(account: str, room: str) -> str:
    """Come into a public room; gives its conversation's id. Nothing new for who is in it.

    Raises NotFound (none, or private) and Forbidden (closed, or removed from it).
    """
    found, mine = see(account, room)
    if mine is None:
        require_open(found)
        if Removal.objects.filter(room=found, account=account).exists():
            raise Forbidden(f"You were removed from {found}; who is in it may invite you.")
        joining.join(account, found.conversation_id, from_start=True)
    joining.tell_membership(account, found.conversation_id)
    return str(found.conversation_id)


def leave(account: str, room: str) -> str:
    """Leave a room; gives its conversation's id. Where its owner leaves, another takes over."""
    found, _ = be_in(account, room)
    _end(found, account)
    return str(found.conversation_id)


def invite(account: str, room: str, name: str) -> str:
    """Bring the account called `name` in; gives the conversation's id. Any member may.

    Raises NotFound (no such room or account), Forbidden (closed; not to be in rooms).
    """
    found, _ = be_in(account, room)
    require_open(found)
    guest = person(normalise(name))
    with transaction.atomic():
        guests.require(guest, account, found.conversation_id)
        Removal.objects.filter(room=found, account=guest).delete()
        new = joining.join(guest.name, found.conversation_id, from_start=not found.private)
    joining.tell_membership(guest.name, found.conversation_id)
    if new:
        notices.tell(found, account, notices.INVITED, f"added {guest.shown_title}", user=guest.name)
    return str(found.conversation_id)


def remove(account: str, room: str, name: str) -> str:
    """Take the account called `name` out; it comes back by invitation alone. For owners, and, of
    mere members, for moderators. Gives the conversation's id."""
    found, mine = govern(account, room, Role.MODERATOR, Role.OWNER)
    other = member(found, normalise(name))
    if other.account_id == account:
        raise Invalid("“user” must be somebody else: to go yourself, leave.")
    if RANKS.index(other.role) >= RANKS.index(mine.role):
        raise Forbidden("A moderator removes members only.")
    Removal.objects.get_or_create(room=found, account=other.account)
    _end(found, other.account_id)
    title = other.account.shown_title
    notices.tell(found, account, notices.REMOVED, f"removed {title}", user=other.account_id)
    return str(found.conversation_id)


def appoint(account: str, room: str, name: str, role: str) -> str:
    """Make the account called `name` a member, a moderator, or the owner: then the owner, who
    alone may do this, is a moderator from now on. Gives the conversation's id."""
    found, mine = govern(account, room, Role.OWNER)
    other = member(found, normalise(name))
    if other.account_id == account:
        raise Invalid("“user” must be somebody else: hand the room over first.")
    if other.account.kind != Account.Kind.PERSON:
        raise Invalid("“user” must be a person: devices and bots have no say in a room.")
    with transaction.atomic():
        if role == Role.OWNER:
            mine.role = Role.MODERATOR
            mine.save(update_fields=["role"])
        other.role = role
        other.save(update_fields=["role"])
    joining.tell_renewed(found.conversation_id, other.account_id)
    joining.tell_renewed(found.conversation_id, account)
    words = f"made {other.account.shown_title} {called(role)}"
    notices.tell(found, account, notices.APPOINTED, words, user=other.account_id, role=role)
    return str(found.conversation_id)


def called(role: str) -> str:
    return {Role.MEMBER: "a member", Role.MODERATOR: "a moderator", Role.OWNER: "the owner"}[
        Role(role)
    ]


def mute(account: str, room: str, muted: bool) -> str:
    """Be called by what is new there no more, or again; gives the conversation's id."""
    found, mine = be_in(account, room)
    mine.muted = muted
    mine.save(update_fields=["muted"])
    joining.tell_renewed(found.conversation_id, account)
    return str(found.conversation_id)


def _end(room: Room, account: str) -> None:
    with transaction.atomic():
        joining.leave(account, room.conversation_id)
        Mention.objects.filter(account=account, conversation=room.conversation_id).delete()
        heir = succeed(room)
    joining.tell_membership(account, room.conversation_id)
    if heir is not None:
        joining.tell_renewed(room.conversation_id, heir)


def succeed(room: Room) -> str | None:
    """Where an owner has left, the moderator who is there for longest is the owner, or else the
    member; gives their name. A room that never had an owner, as the lobby, gets none."""
    if room.conversation_id == LOBBY or _places(room).filter(role=Role.OWNER).exists():
        return None
    people = _places(room).filter(account__kind=Account.Kind.PERSON, account__is_active=True)
    by_age = people.order_by("joined_at", "pk")
    heir = by_age.filter(role=Role.MODERATOR).first() or by_age.first()
    if heir is None:
        return None
    heir.role = Role.OWNER
    heir.save(update_fields=["role"])
    return str(heir.account_id)


def _places(room: Room) -> QuerySet[Membership]:
    return Membership.objects.filter(conversation=room.conversation_id)
