"""Rooms to choose from, and who is in one. Runs queries."""

from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from chat.models import Membership, Room
from chat.partners import Partner, partner
from chat.protocol import RoomShown, format_time
from chat.rooms.places import be_in


class Listed(NamedTuple):
    rooms: list[RoomShown]
    more: bool


def rooms(account: str, query: str, after: str | None, limit: int) -> Listed:
    """Rooms that `account` may see whose name or title contains `query`, by name, beyond `after`
    (an id)."""
    mine = Membership.objects.filter(account=account, conversation=OuterRef("pk"))
    found = Room.objects.annotate(joined=Exists(mine)).filter(Q(private=False) | Q(joined=True))
    found = found.filter(Q(closed_at=None) | Q(joined=True))
    if wanted := query.strip().lstrip("#"):
        found = found.filter(Q(conversation__id__icontains=wanted) | Q(title__icontains=wanted))
    if after is not None:
        found = found.filter(pk__gt=after)
    page = list(found.select_related("conversation").order_by("pk")[: limit + 1])
    counts = _sizes([room.conversation_id for room in page])
    shown = [
        _shown(room, room.joined, counts.get(room.conversation_id, 0)) for room in page[:limit]
    ]
    return Listed(shown, len(page) > limit)


def _shown(room: Room, joined: bool, members: int) -> RoomShown:
    return RoomShown(
        id=room.conversation_id,
        title=room.title,
        private=room.private,
        closed=room.closed_at is not None,
        members=members,
        joined=joined,
        last_at=format_time(room.conversation.last_at),
    )


def _sizes(conversations: list[str]) -> dict[str, int]:
    counted = Membership.objects.filter(conversation__in=conversations).values("conversation_id")
    return dict(counted.annotate(members=Count("pk")).values_list("conversation_id", "members"))


def size(conversation: str) -> int:
    """How many are in it."""
    return Membership.objects.filter(conversation=conversation).count()


class Found(NamedTuple):
    room: str
    """Its conversation's id."""
    members: list[tuple[Partner, str]]
    """With their roles, by name."""
    more: bool


def members(account: str, room: str, after: str | None, limit: int) -> Found:
    """Who is in a room that `account` is in, beyond the name `after`."""
    found, _ = be_in(account, room)
    places = Membership.objects.filter(conversation=found.conversation_id)
    if after is not None:
        places = places.filter(account__gt=after)
    page = list(places.select_related("account").order_by("account")[: limit + 1])
    shown = [(partner(place.account), str(place.role)) for place in page[:limit]]
    return Found(str(found.conversation_id), shown, len(page) > limit)
