"""Members of a room as they are at this moment. On the event loop."""

from chat.partners import Partner
from chat.presence import presence
from chat.protocol import Member


def shown_members(found: list[tuple[Partner, str]]) -> list[Member]:
    """Those in `found`, who have their role beside them."""
    return [_member(partner, role) for partner, role in found]


def _member(partner: Partner, role: str) -> Member:
    now = presence.person(*partner)
    return Member(now.name, now.title, now.kind, now.online, now.last_seen, role)
