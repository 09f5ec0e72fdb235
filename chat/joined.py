"""Who, of those connected here, is in which conversations that one joins and leaves.

Kept on the event loop, so that what is delivered costs nothing for members who are away. It says
what the database said when somebody connected, and all news of joining and leaving since.
"""

import itertools
from collections.abc import Collection, Sequence

from chat import sql
from chat.gathering import Gathering

MEMBERSHIPS = """
    SELECT account_id, conversation_id FROM chat_membership
    WHERE joined_at IS NOT NULL AND account_id IN ({})
"""
_NOTHING: frozenset[str] = frozenset()


class Joined:
    def __init__(self) -> None:
        self._of: dict[str, set[str]] = {}
        self._here: dict[str, dict[str, None]] = {}
        self._news: dict[str, int] = {}
        self._numbers = itertools.count()

    def of(self, account: str) -> Collection[str]:
        """The conversations that `account`, which is connected here, has joined."""
        return self._of.get(account, _NOTHING)

    def here(self, conversation: str) -> list[str]:
        """Those connected here who have joined `conversation`."""
        return list(self._here.get(conversation, ()))

    def knows(self, account: str) -> bool:
        return account in self._of

    def news_of(self, account: str) -> int:
        """A number that changes with all news of `account` from now on, and with its coming
        back: what was read under another number is outdated."""
        if account not in self._news:
            self._news[account] = next(self._numbers)
        return self._news[account]

    def put(self, account: str, conversations: Collection[str]) -> None:
        """`account` is connected here, and in these."""
        for conversation in self._of.get(account, _NOTHING) - set(conversations):
            self._forget(account, conversation)
        self._of[account] = set(conversations)
        for conversation in conversations:
            self._here.setdefault(conversation, {})[account] = None

    def add(self, account: str, conversation: str) -> None:
        """News: `account` has joined; nothing to be kept unless it is connected here."""
        self._note(account)
        if account in self._of:
            self._of[account].add(conversation)
            self._here.setdefault(conversation, {})[account] = None

    def remove(self, account: str, conversation: str) -> None:
        """News: `account` has left."""
        self._note(account)
        if account in self._of:
            self._of[account].discard(conversation)
            self._forget(account, conversation)

    def forget(self, account: str) -> None:
        """`account` has no connection here any more."""
        for conversation in self._of.pop(account, _NOTHING):
            self._forget(account, conversation)
        self._news.pop(account, None)

    def _note(self, account: str) -> None:
        if account in self._news:
            self._news[account] = next(self._numbers)

    def _forget(self, account: str, conversation: str) -> None:
        members = self._here.get(conversation, {})
        members.pop(account, None)
        if not members:
            self._here.pop(conversation, None)


def memberships_of(accounts: Sequence[str]) -> list[frozenset[str]]:
    """What each of `accounts` has joined, in their order. Runs a query."""
    found: dict[str, set[str]] = {account: set() for account in accounts}
    for account, conversation in sql.rows(MEMBERSHIPS.format(sql.marks(accounts)), accounts):
        found[account].add(conversation)
    return [frozenset(found[account]) for account in accounts]


joined = Joined()
memberships: Gathering[str, frozenset[str]] = Gathering(memberships_of)
