"""The audit: whoever of those who run the chat looks at private messages is noted, before they
are shown them; and people are told who looked at theirs. Runs queries."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncDate

from chat.conversation_ids import DEVICE, dm_partner, is_room
from chat.models import Inspection, Membership, Message, Room

What = Inspection.What
SHOWN = 50
"""Looks that a person is shown, the latest."""


def note(
    by: str, conversations: Iterable[str], what: str,
    message: Message | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Note that `by` looks at these conversations, as far as they are private; or, wherever it
    is, deletes a message; `message`: where it is one that is looked at. Two queries at the most."""
    concerned = set(conversations)
    noted = concerned if what == What.DELETED else private_among(concerned)
    Inspection.objects.bulk_create(
        Inspection(by_id=by, conversation=one, what=what, reason=reason, **_named_by(message))
        for one in sorted(noted)
    )


def _named_by(message: Message | None) -> dict[str, str]:
    return {"message": message.pk, "sender": message.sender} if message else {}


def private_among(conversations: set[str]) -> set[str]:
    """All but public rooms, which everybody can read, and what devices report."""
    rooms = [conversation for conversation in conversations if is_room(conversation)]
    public = Room.objects.filter(pk__in=rooms, private=False).values_list("pk", flat=True)
    others = conversations - set(public if rooms else ())
    return {conversation for conversation in others if not conversation.startswith(DEVICE)}


class Look(NamedTuple):
    """What somebody did in one conversation on one day (in UTC), for one reason."""

    by: str
    conversation: str
    what: str
    reason: str
    day: date
    times: int
    last: datetime


def looks_at(account: str) -> list[Look]:
    """Who looked at the conversations of `account` while it was in them, or read or deleted what it
    had said, wherever it is by now; the latest first. One query."""
    mine = Membership.objects.filter(account=account, conversation=OuterRef("conversation"))
    there = mine.filter(Q(joined_at=None) | Q(joined_at__lte=OuterRef("at")))
    theirs = Q(sender=account, what__in=[What.READ, What.DELETED])
    found = Inspection.objects.filter(Exists(there) | theirs).order_by()
    days = found.values_list("by", "conversation", "what", "reason", TruncDate("at"))
    looks = days.annotate(times=Count("pk"), last=Max("at")).order_by("-last")
    return [Look(*look) for look in looks[:SHOWN]]


def named(conversation: str, account: str) -> str:
    """How `account` is told of its conversation."""
    if is_room(conversation):
        return f"the room #{conversation.removeprefix('room:')}"
    other = dm_partner(conversation, account)
    return "your notebook" if other == account else f"your conversation with {other}"
