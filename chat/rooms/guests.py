"""Who, of those that are no people, may be brought into rooms: whoever brings them says so. And
what they have to say there."""

from collections.abc import Callable, Sequence

from chat import joining, posting, sending
from chat.conversation_ids import is_room
from chat.models import Account, Conversation, Membership, Mention
from chat.posting import Draft, Outcome
from chat.protocol import ChatError, Forbidden, NotFound
from chat.rooms.places import SHOWN
from chat.rooms.telling import afterwards

Check = Callable[[str, str, str], None]
_checks: dict[str, Check] = {}


def check(kind: str) -> Callable[[Check], Check]:
    """Have the decorated function asked about accounts of `kind`: with the account, who invites it
    and the conversation, in the transaction that brings it in. It raises the ChatError that says
    why not; it may run queries, and lock what must stay as it is until then."""

    def register(function: Check) -> Check:
        _checks[kind] = function
        return function

    return register


def require(guest: Account, inviter: str, conversation: str) -> None:
    """Raise NotFound or Forbidden unless `guest` may be brought into the room."""
    if guest.kind == Account.Kind.PERSON:
        if not guest.is_active:
            raise NotFound(f"The account “{guest.name}” is suspended.")
    elif (ask := _checks.get(guest.kind)) is None:
        raise Forbidden(f"“{guest.name}” cannot be in a room.")
    else:
        ask(guest.name, inviter, conversation)


def nobody(name: str) -> NotFound:
    """As of an account that does not exist: for what the inviter is not to know of."""
    return NotFound(f"There is nobody called “{name[:SHOWN]}”.")


def take_out(guest: str) -> None:
    """Have `guest`, which has no say anywhere, leave all rooms, in the caller's transaction; told
    once that is committed."""
    places = Membership.objects.filter(
        account=guest, conversation__kind=Conversation.Kind.ROOM, joined_at__isnull=False
    )
    for room in list(places.values_list("conversation_id", flat=True)):
        joining.leave(guest, room)
        Mention.objects.filter(account=guest, conversation=room).delete()
        afterwards(joining.tell_membership, guest, room)


# ---- what they say ----------------------------------------------------------------------------


def say(drafts: Sequence[Draft]) -> list[Outcome]:
    """Post what guests have to say, as `posting.post` does; but in a room that the sender is not
    in any more, or that was closed, it is refused.

    A query for each that goes to a room. Who is removed in the very moment has spoken before.
    """
    refused = {number: error for number, draft in enumerate(drafts) if (error := _why_not(draft))}
    allowed = [draft for number, draft in enumerate(drafts) if number not in refused]
    outcomes = iter(posting.post(allowed) if allowed else ())
    return [
        Outcome(None, refused[number], False) if number in refused else next(outcomes)
        for number in range(len(drafts))
    ]


def _why_not(draft: Draft) -> ChatError | None:
    in_room = is_room(draft.conversation)
    return sending.refusal(draft.sender, draft.conversation) if in_room else None
