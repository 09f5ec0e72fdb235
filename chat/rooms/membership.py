"""Coming into rooms and leaving them, and what one is there."""

from django.db import transaction
from django.db.models import QuerySet

from chat import joining
from chat.models import LOBBY, Account, Membership, Mention, Removal, Room
from chat.names import normalise
from chat.protocol import Forbidden, Invalid
from chat.rooms import guests, notices
from chat.rooms.places import Role, be_in, govern, lock, member, person, require_open, see
from chat.rooms.telling import afterwards

RANKS = (Role.MEMBER, Role.MODERATOR, Role.OWNER)


def join(account: str, room: str) -> str:
    """Come into a public room; gives its conversation's id. Nothing new for who is in it.

    Raises NotFound (none, or private) and Forbidden (closed, or removed from it).
    """
    with transaction.atomic():
        lock(room)
        found, mine = see(account, room)
        if mine is None:
            require_open(found)
            if Removal.objects.filter(room=found, account=account).exists():
                raise Forbidden(f"You were removed from {found}; who is in it may invite you.")
            joining.join(account, found.conversation_id, from_start=True)
        afterwards(joining.tell_membership, account, found.conversation_id)
    return str(found.conversation_id)


def leave(account: str, room: str) -> str:
    """Leave a room; gives its conversation's id. Where its owner leaves, another takes over."""
    with transaction.atomic():
        lock(room)
        found, _ = be_in(account, room)
        _end(found, account)
    return str(found.conversation_id)


def invite(account: str, room: str, name: str) -> str:
    """Bring the account called `name` in; gives the conversation's id. Any member may.

    Raises NotFound (no such room or account), Forbidden (closed; not to be in rooms).
    """
    with transaction.atomic():
        lock(room)
        found, _ = be_in(account, room)
        require_open(found)
        guest = person(normalise(name))
        guests.require(guest, account, found.conversation_id)
        Removal.objects.filter(room=found, account=guest).delete()
        new = joining.join(guest.name, found.conversation_id, from_start=not found.private)
        afterwards(joining.tell_membership, guest.name, found.conversation_id)
        if new:
            words = f"added {guest.shown_title}"
            afterwards(notices.tell, found, account, notices.INVITED, words, user=guest.name)
    return str(found.conversation_id)


def remove(account: str, room: str, name: str) -> str:
    """Take the account called `name` out; it comes back by invitation alone. For owners, and, of
    mere members, for moderators. Gives the conversation's id."""
    with transaction.atomic():
        lock(room)
        found, mine = govern(account, room, Role.MODERATOR, Role.OWNER)
        other = member(found, normalise(name))
        if other.account_id == account:
            raise Invalid("“user” must be somebody else: to go yourself, leave.")
        if RANKS.index(other.role) >= RANKS.index(mine.role):
            raise Forbidden("A moderator removes members only.")
        Removal.objects.get_or_create(room=found, account=other.account)
        _end(found, other.account_id)
        words = f"removed {other.account.shown_title}"
        afterwards(notices.tell, found, account, notices.REMOVED, words, user=other.account_id)
    return str(found.conversation_id)


def appoint(account: str, room: str, name: str, role: str) -> str:
    """Make the account called `name` a member, a moderator, or the owner: then the owner, who
    alone may do this, is a moderator from now on. Gives the conversation's id."""
    with transaction.atomic():
        lock(room)
        found, mine = govern(account, room, Role.OWNER)
        other = member(found, normalise(name))
        if other.account_id == account:
            raise Invalid("“user” must be somebody else: hand the room over first.")
        if other.account.kind != Account.Kind.PERSON:
            raise Invalid("“user” must be a person: devices and bots have no say in a room.")
        _give(other, role)
        if role == Role.OWNER:
            _give(mine, Role.MODERATOR)
        words = f"made {other.account.shown_title} {called(role)}"
        told = {"user": other.account_id, "role": role}
        afterwards(notices.tell, found, account, notices.APPOINTED, words, **told)
    return str(found.conversation_id)


def _give(place: Membership, role: str) -> None:
    place.role = role
    place.save(update_fields=["role"])
    afterwards(joining.tell_renewed, place.conversation_id, place.account_id)


def called(role: str) -> str:
    return {Role.MEMBER: "a member", Role.MODERATOR: "a moderator", Role.OWNER: "the owner"}[
        Role(role)
    ]


def mute(account: str, room: str, muted: bool) -> str:
    """Be called by what is new there no more, or again; gives the conversation's id."""
    found, mine = be_in(account, room)
    mine.muted = muted
    mine.save(update_fields=["muted"])
    afterwards(joining.tell_renewed, found.conversation_id, account)
    return str(found.conversation_id)


def _end(room: Room, account: str) -> None:
    """In the caller's transaction, which has locked the room."""
    joining.leave(account, room.conversation_id)
    Mention.objects.filter(account=account, conversation=room.conversation_id).delete()
    afterwards(joining.tell_membership, account, room.conversation_id)
    heir = succeed(room)
    if heir is not None:
        afterwards(joining.tell_renewed, room.conversation_id, heir)


def succeed(room: Room) -> str | None:
    """Where an owner has left, the moderator who is there for longest is the owner, or else the
    member; gives their name. A room that never had an owner, as the lobby, gets none. In the
    caller's transaction, which has locked the room."""
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
