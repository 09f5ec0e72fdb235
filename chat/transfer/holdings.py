"""What is a person's: their conversations, and what the chat keeps of them. Runs queries."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from chat.conversation_ids import dm_partner, is_direct, is_room
from chat.models import Account, Membership, Room
from chat.protocol import format_time
from chat.store import store
from chat.transfer import lines
from chat.transfer.parts import parts_of

AT_A_TIME = 500
MOST_MEMBERS = 1_000
"""Members of a room who are named, those who are in it for longest."""


class Holding(NamedTuple):
    """A conversation, from the first to the last message that its member may see."""

    id: str
    first_seq: int
    last_seq: int

    @property
    def size(self) -> int:
        return max(0, self.last_seq - self.first_seq + 1)


def holdings(account: str) -> Iterator[Holding]:
    """The conversations of `account` in which there is something, as they are now."""
    fields = ("pk", "conversation", "first_seq", "conversation__first_seq")
    rows = Membership.objects.filter(account=account).order_by("pk").values_list(*fields)
    last = 0
    while page := list(rows.filter(pk__gt=last)[:AT_A_TIME]):
        last_seqs = store.last_seqs([conversation for _, conversation, *_ in page])
        for last, conversation, mine, floor in page:  # noqa: B007  # the last is where to go on
            if not is_direct(conversation) or last_seqs[conversation]:
                yield Holding(conversation, max(mine, floor), last_seqs[conversation])


def described(holding: Holding, account: str) -> lines.Conversation:
    room = Room.objects.filter(pk=holding.id).first() if is_room(holding.id) else None
    members = _members(holding.id)
    return lines.Conversation(
        id=holding.id,
        title=room.title if room else _title(holding.id, account, members),
        first_seq=holding.first_seq,
        last_seq=holding.last_seq,
        private=bool(room and room.private),
        closed=bool(room and room.closed_at),
        members=members,
    )


def _members(conversation: str) -> list[lines.Member]:
    if not is_direct(conversation) and not is_room(conversation):
        return []  # who else follows a device is nobody's business
    rows = Membership.objects.filter(conversation=conversation).order_by("pk")
    return [_member(place) for place in rows.select_related("account")[:MOST_MEMBERS]]


def _member(place: Membership) -> lines.Member:
    account = place.account
    return lines.Member(
        name=account.name,
        title=account.shown_title,
        kind=account.kind,
        role=place.role,
        first_seq=place.first_seq,
    )


def _title(conversation: str, account: str, members: list[lines.Member]) -> str:
    if not is_direct(conversation):
        device = Account.objects.filter(pk=conversation.partition(":")[2]).first()
        return device.shown_title if device else conversation
    partner = dm_partner(conversation, account)
    return next((member.title for member in members if member.name == partner), partner)


def profile(account: str, made_at: datetime) -> dict[str, Any]:
    """All but the messages: what `account.json` holds. No password, no token."""
    me = Account.objects.get(pk=account)
    return {
        "version": lines.VERSION,
        "made_at": format_time(made_at),
        "name": me.name,
        "title": me.title,
        "created_at": format_time(me.created_at),
        "last_seen": me.last_seen and format_time(me.last_seen),
        "conversations": [_place(place) for place in _places(account)],
        "tokens": [
            {"label": token.label, "created_at": format_time(token.created_at)}
            for token in me.tokens.all()
        ],
        "invitations": [
            {"uses_left": invite.uses_left, "expires_at": format_time(invite.expires_at)}
            for invite in me.invites.all()
        ],
        **parts_of(account),
    }


def _places(account: str) -> Iterator[Membership]:
    return Membership.objects.filter(account=account).order_by("conversation").iterator()


def _place(mine: Membership) -> dict[str, Any]:
    return {
        "id": mine.conversation_id,
        "first_seq": mine.first_seq,
        "received_seq": mine.received_seq,
        "read_seq": mine.read_seq,
        "joined_at": mine.joined_at and format_time(mine.joined_at),
        "role": mine.role,
        "muted": mine.muted,
    }
