"""Who is in a conversation, and who may read and post there. Everybody asks here.

What one is not allowed to know of is `not_found`, exactly like what does not exist.
"""

from chat.conversation_ids import dm_members
from chat.protocol import NotFound


def members_of(conversation: str) -> tuple[str, ...]:
    """The accounts that get what happens in `conversation`."""
    return dm_members(conversation)


def is_member(account: str, conversation: str) -> bool:
    return account in dm_members(conversation)


def not_found(conversation: str) -> NotFound:
    return NotFound(f"There is no conversation “{conversation[:80]}” that you are in.")


def require_member(account: str, conversation: str) -> None:
    """Raise NotFound unless `account` may read and post in `conversation`."""
    if not is_member(account, conversation):
        raise not_found(conversation)
