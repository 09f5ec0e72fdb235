"""To whom somebody may send, at whichever door they ask."""

from chat.contacts import contacts
from chat.conversation_ids import dm_members, dm_partner, is_conversation, is_direct
from chat.joined import Place
from chat.models import Membership
from chat.opening import nobody
from chat.permissions import is_member, require_open, require_writer
from chat.protocol import ChatError, NotFound


def require_here(account: str, conversation: str, to: str) -> None:
    """Raise NotFound in terms of the `to` that was asked for, or Forbidden, unless `account`,
    which is connected here, may send there. On the event loop."""
    if not is_member(account, conversation):
        raise _not_found(to)
    require_writer(account, conversation)
    require_seen(account, conversation)


def require(account: str, conversation: str, to: str) -> None:
    """The same of any account, but for `require_seen`. Runs a query."""
    place = None
    if not is_direct(conversation):
        place = _place(account, conversation)
    if account not in dm_members(conversation) and place is None:
        raise _not_found(to)
    require_open(conversation, place)


def refusal(account: str, conversation: str) -> ChatError | None:
    """Why `account` may not send there; None where it may. Runs a query, unless it is direct."""
    try:
        require(account, conversation, conversation)
    except ChatError as error:
        return error
    return None


def require_seen(account: str, conversation: str) -> None:
    """Raise NotFound where `account` is not to know that there is who it writes to. On the event
    loop."""
    other = dm_partner(conversation, account)
    if contacts.is_hidden(other, account):
        raise nobody(other)


def _not_found(to: str) -> NotFound:
    return NotFound(f"There is nobody and no conversation called “{to[:80]}”.")


def _place(account: str, conversation: str) -> Place | None:
    if not is_conversation(conversation):
        return None
    mine = Membership.objects.filter(account=account, conversation=conversation)
    found = mine.values_list("first_seq", "conversation__room__closed_at").first()
    return found and Place(found[0], found[1] is not None)
