"""Who, of those that are no people, may be brought into rooms: whoever brings them says so."""

from collections.abc import Callable

from chat.models import Account
from chat.protocol import Forbidden, NotFound

Check = Callable[[str, str, str], None]
_checks: dict[str, Check] = {}


def check(kind: str) -> Callable[[Check], Check]:
    """Have the decorated function asked about accounts of `kind`: with the account, who invites it
    and the conversation. It raises the ChatError that says why not; it may run queries."""

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
