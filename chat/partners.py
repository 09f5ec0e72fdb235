"""The other sides of direct conversations, as the database knows them. Runs queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chat import sql
from chat.models.account import Account, shown_title

PARTNERS = """
    SELECT name, title, kind, last_seen, deleted_at FROM chat_account WHERE name IN ({})
"""


class Partner(NamedTuple):
    name: str
    title: str
    kind: str
    last_seen: datetime | None


def partner(account: Account) -> Partner:
    return Partner(account.name, account.shown_title, account.kind, account.last_seen)


def partners(names: Sequence[str]) -> dict[str, Partner]:
    """The accounts called `names`, by name."""
    if not names:
        return {}
    found = sql.rows(PARTNERS.format(sql.marks(names)), names)
    return {
        name: Partner(
            name, shown_title(name, title, deleted_at), kind, last_seen and sql.moment(last_seen)
        )
        for name, title, kind, last_seen, deleted_at in found
    }
