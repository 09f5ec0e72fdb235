"""Who, of those connected here, is in which conversations that one joins and leaves.

Kept on the event loop, so that what is delivered costs nothing for members who are away. It says
what the database said when somebody connected, and all news of joining and leaving since.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chat import sql
from chat.gathering import Gathering

MEMBERSHIPS = """
    SELECT m.account_id, m.conversation_id, m.first_seq, r.closed_at IS NOT NULL
    FROM chat_membership m LEFT JOIN chat_room r ON r.conversation_id = m.conversation_id
    WHERE m.joined_at IS NOT NULL AND m.account_id IN ({})
"""


class Place(NamedTuple):
    """Somebody's, in a conversation that they have joined."""

    first_seq: int
    """What is below is not theirs."""
    closed: bool = False
    """Nobody writes there any more."""


Places = Mapping[str, Place]
"""By conversation."""
_NOTHING: Places = {}
_NOBODY: Mapping[str, int] = {}


class Joined:
    def __init__(self) -> None:
        self._of: dict[str, dict[str, Place]] = {}
        self._here: dict[str, dict[str, int]] = {}
        self._news: dict[str, int] = {}
        self._numbers = itertools.count()

    def of(self, account: str) -> Places:
        """The conversations that `account`, which is connected here, has joined."""
        return self._of.get(account, _NOTHING)

    def here(self, conversation: str) -> list[str]:
        """Those connected here who have joined `conversation`."""
        return list(self._here.get(conversation, ()))

    def receivers(self, conversation: str, seq: int) -> list[str]:
        """Those of them to whom the message `seq` is not from before they joined."""
        return [a for a, first in self._here.get(conversation, _NOBODY).items() if first <= seq]

    def knows(self, account: str) -> bool:
        return account in self._of

    def news_of(self, account: str) -> int:
        """A number that changes with all news of `account` from now on, and with its coming
        back: what was read under another number is outdated."""
        if account not in self._news:
            self._news[account] = next(self._numbers)
        return self._news[account]

    def put(self, account: str, places: Places) -> None:
        """`account` is connected here, and in these."""
        for conversation in self._of.get(account, _NOTHING).keys() - places.keys():
            self._forget(account, conversation)
        self._of[account] = {}
        for conversation, place in places.items():
            self.add(account, conversation, place)

    def add(self, account: str, conversation: str, place: Place) -> None:
        """`account` is in `conversation`; nothing to be kept unless it is connected here."""
        if account in self._of:
            self._of[account][conversation] = place
            self._here.setdefault(conversation, {})[account] = place.first_seq

    def remove(self, account: str, conversation: str) -> None:
        """News: `account` has left."""
        self.note(account)
        if account in self._of:
            self._of[account].pop(conversation, None)
            self._forget(account, conversation)

    def forget(self, account: str) -> None:
        """`account` has no connection here any more."""
        for conversation in self._of.pop(account, _NOTHING):
            self._forget(account, conversation)
        self._news.pop(account, None)

    def note(self, account: str) -> None:
        """There are news of `account`: what was read of it before is outdated."""
        if account in self._news:
            self._news[account] = next(self._numbers)

    def _forget(self, account: str, conversation: str) -> None:
        members = self._here.get(conversation, {})
        members.pop(account, None)
        if not members:
            self._here.pop(conversation, None)


def memberships_of(accounts: Sequence[str]) -> list[Places]:
    """What each of `accounts` has joined, in their order. Runs a query."""
    found: dict[str, dict[str, Place]] = {account: {} for account in accounts}
    rows = sql.rows(MEMBERSHIPS.format(sql.marks(accounts)), accounts)
    for account, conversation, first_seq, closed in rows:
        found[account][conversation] = Place(first_seq, bool(closed))
    return [found[account] for account in accounts]


joined = Joined()
memberships: Gathering[str, Places] = Gathering(memberships_of)
