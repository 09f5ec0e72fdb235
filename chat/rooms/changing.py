"""What owners and moderators change about a room."""

from django.db import transaction
from django.utils import timezone

from chat import joining
from chat.models import Room
from chat.rooms import notices
from chat.rooms.making import check_title
from chat.rooms.places import Role, govern, lock
from chat.rooms.telling import afterwards


def rename(account: str, room: str, title: str) -> str:
    """Give the room another title, shown to all its members; gives its conversation's id."""
    title = check_title(title)
    with transaction.atomic():
        lock(room)
        found, _ = govern(account, room, Role.MODERATOR, Role.OWNER)
        found.title = title
        found.save(update_fields=["title"])
        words = f"renamed the room “{title}”"
        _tell(found, account, notices.RENAMED, words, title=title)
    return str(found.conversation_id)


def close(account: str, room: str, closed: bool) -> str:
    """Close the room: its members may read it, and nobody writes or joins; or open it again.
    Gives its conversation's id."""
    with transaction.atomic():
        lock(room)
        found, _ = govern(account, room, Role.OWNER)
        if closed != (found.closed_at is not None):
            found.closed_at = timezone.now() if closed else None
            found.save(update_fields=["closed_at"])
            event = notices.CLOSED if closed else notices.REOPENED
            _tell(found, account, event, "closed the room" if closed else "opened it again")
    return str(found.conversation_id)


def _tell(room: Room, by: str, event: str, words: str, **data: str) -> None:
    afterwards(joining.tell_renewed, room.conversation_id)
    afterwards(notices.tell, room, by, event, words, **data)
