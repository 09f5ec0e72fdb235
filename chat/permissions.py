"""Who is in a conversation, and who may read and post there. Everybody asks here.

What one is not allowed to know of is `not_found`, exactly like what does not exist. Of direct
conversations the id says who is in them; of the others it is known, on the event loop, for those
who are connected to this process.
"""

from collections.abc import Collection, Iterable, Iterator

from chat.conversation_ids import DEVICE, ROOM, dm_members, is_direct
from chat.joined import Place, joined
from chat.protocol import Forbidden, Message, NotFound


def members_of(conversation: str) -> Collection[str]:
    """The accounts that get what happens in `conversation`, as far as they are connected here."""
    return dm_members(conversation) if is_direct(conversation) else joined.here(conversation)


def receivers_of(conversation: str, seq: int) -> Collection[str]:
    """Those of them who get its message `seq`: what came before they joined is not theirs."""
    if is_direct(conversation):
        return dm_members(conversation)
    return joined.receivers(conversation, seq)


def is_member(account: str, conversation: str) -> bool:
    """Whether `account`, which is connected here, is in `conversation`."""
    if is_direct(conversation):
        return account in dm_members(conversation)
    return conversation in joined.of(account)


def still_theirs(account: str, messages: Iterable[Message]) -> Iterator[Message]:
    """Those of `messages` that `account` may see at this moment: it may have left since they were
    read. Nobody leaves a direct conversation."""
    for message in messages:
        if is_direct(message.conversation) or is_member(account, message.conversation):
            yield message


def not_found(conversation: str) -> NotFound:
    return NotFound(f"There is no conversation “{conversation[:80]}” that you are in.")


def require_member(account: str, conversation: str) -> None:
    """Raise NotFound unless `account` may read in `conversation`."""
    if not is_member(account, conversation):
        raise not_found(conversation)


def require_writer(account: str, conversation: str) -> None:
    """Raise NotFound unless `account` may read there, and Forbidden unless it may post, too."""
    require_member(account, conversation)
    require_open(conversation, joined.of(account).get(conversation))


def require_open(conversation: str, place: Place | None) -> None:
    """Raise Forbidden unless who is in a conversation, at this place, may post there."""
    if conversation.startswith(DEVICE):
        device = conversation.removeprefix(DEVICE)
        raise Forbidden(f"Here {device} alone reports; “to” must be “{device}” to write to it.")
    if place is not None and place.closed:
        raise Forbidden(f"The room #{conversation.removeprefix(ROOM)} is closed.")
