"""What becomes of a room is told in it, in the name of whoever did it."""

import logging
import secrets
from typing import Any

from chat.models import Account, Message, Room
from chat.posting import Draft, post
from chat.protocol import ChatError, Unavailable

log = logging.getLogger(__name__)

CREATED, INVITED, REMOVED = "created", "invited", "removed"
RENAMED, APPOINTED, CLOSED, REOPENED = "renamed", "appointed", "closed", "reopened"


def tell(room: Room, by: str, event: str, words: str, **data: Any) -> None:
    """Post “Alice `words`” as a notice of `event`. What was done is done: this may fail."""
    account = Account.objects.get(pk=by)
    draft = Draft(
        sender=by,
        conversation=room.conversation_id,
        client_id=f"room:{secrets.token_hex(16)}",
        body=f"{account.shown_title} {words}.",
        kind=Message.Kind.NOTICE.value,
        data={"event": event, **data},
    )
    try:
        (outcome,) = post([draft])
    except Unavailable as unavailable:
        _note(unavailable)
    else:
        _note(outcome.error)


def _note(error: ChatError | None) -> None:
    if error is not None:
        log.error("What became of a room was not told there: %s", error.code)
