"""What those who run the chat change about a room, whether they are in it or not: its members are
told who did it, as of any owner. Once it is committed, for pages change things in transactions."""

from django.db import transaction
from django.utils import timezone

from chat import joining
from chat.models import Account, Membership, Removal, Room
from chat.rooms import notices
from chat.rooms.membership import called, leave
from chat.rooms.places import Role, lock
from chat.rooms.telling import afterwards


def changed(by: str, room: Room, fields: set[str]) -> None:
    """Tell of a room whose `fields` were saved with other values."""
    afterwards(joining.tell_renewed, room.conversation_id)
    if "title" in fields:
        words = f"renamed the room “{room.title}”"
        afterwards(notices.tell, room, by, notices.RENAMED, words, title=room.title)
    if "closed_at" in fields and room.closed_at:
        afterwards(notices.tell, room, by, notices.CLOSED, "closed the room")
    elif "closed_at" in fields:
        afterwards(notices.tell, room, by, notices.REOPENED, "opened it again")


def close(by: str, room: Room, closed: bool) -> None:
    """Close the room, or open it again; nothing for one that is so already."""
    if closed != (room.closed_at is not None):
        room.closed_at = timezone.now() if closed else None
        room.save(update_fields=["closed_at"])
        changed(by, room, {"closed_at"})


def bring(by: str, room: Room, guest: Account) -> None:
    """Have `guest` in the room; nothing new for who is in it."""
    with transaction.atomic():
        Removal.objects.filter(room=room, account=guest).delete()
        new = joining.join(guest.name, room.conversation_id, from_start=not room.private)
        afterwards(joining.tell_membership, guest.name, room.conversation_id)
        if new:
            words = f"added {guest.shown_title}"
            afterwards(notices.tell, room, by, notices.INVITED, words, user=guest.name)


def appoint(by: str, place: Membership, role: str) -> None:
    """Give who has this place in a room another role there. Where somebody else was the owner,
    they are a moderator from now on."""
    room, guest = place.conversation.room, place.account
    owners = Membership.objects.filter(conversation=room.pk, role=Role.OWNER)
    with transaction.atomic():
        lock(room.pk)
        place.refresh_from_db(fields=["role"])
        if place.role == role:
            return
        before = list(owners.values_list("account", flat=True)) if role == Role.OWNER else []
        owners.filter(account__in=before).update(role=Role.MODERATOR)
        place.role = role
        place.save(update_fields=["role"])
        for name in (*before, guest.name):
            afterwards(joining.tell_renewed, room.pk, name)
        words = f"made {guest.shown_title} {called(role)}"
        afterwards(notices.tell, room, by, notices.APPOINTED, words, user=guest.name, role=role)


def remove(by: str, place: Membership) -> None:
    """Take who has this place out of the room; they come back by invitation alone. Not in a
    transaction."""
    room, guest = place.conversation.room, place.account
    Removal.objects.get_or_create(room=room, account=guest)
    leave(guest.name, room.pk)
    words = f"removed {guest.shown_title}"
    afterwards(notices.tell, room, by, notices.REMOVED, words, user=guest.name)
