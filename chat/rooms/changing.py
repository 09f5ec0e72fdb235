"""What owners and moderators change about a room."""

from django.utils import timezone

from chat import joining
from chat.rooms import notices
from chat.rooms.making import check_title
from chat.rooms.places import Role, govern


def rename(account: str, room: str, title: str) -> str:
    """Give the room another title, shown to all its members; gives its conversation's id."""
    found, _ = govern(account, room, Role.MODERATOR, Role.OWNER)
    found.title = check_title(title)
    found.save(update_fields=["title"])
    joining.tell_renewed(found.conversation_id)
    words = f"renamed the room “{found.title}”"
    notices.tell(found, account, notices.RENAMED, words, title=found.title)
    return str(found.conversation_id)


def close(account: str, room: str, closed: bool) -> str:
    """Close the room: its members may read it, and nobody writes or joins; or open it again.
    Gives its conversation's id."""
    found, _ = govern(account, room, Role.OWNER)
    if closed == (found.closed_at is not None):
        return str(found.conversation_id)
    found.closed_at = timezone.now() if closed else None
    found.save(update_fields=["closed_at"])
    joining.tell_renewed(found.conversation_id)
    event, words = (
        (notices.CLOSED, "closed the room") if closed else (notices.REOPENED, "opened it again")
    )
    notices.tell(found, account, event, words)
    return str(found.conversation_id)
