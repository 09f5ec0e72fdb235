"""The connections of this process, by account. Touched on the event loop only."""

from collections.abc import Collection, Iterable, Iterator

from chat.connection import Connection
from chat.protocol import Close

MAX_CONNECTIONS = 20
"""Connections of one account; a further one closes the oldest."""

_NONE: dict[Connection, None] = {}


class Hub:
    """Who is connected here. Dictionaries serve as sets that keep the order of arrival."""

    def __init__(self) -> None:
        self.closed = False
        self._by_account: dict[str, dict[Connection, None]] = {}

    def __iter__(self) -> Iterator[Connection]:
        for connections in list(self._by_account.values()):
            yield from list(connections)

    def accounts(self) -> Iterable[str]:
        return self._by_account.keys()

    def of(self, account: str) -> Collection[Connection]:
        """The live connections of `account`, the oldest first."""
        return self._by_account.get(account, _NONE)

    def add(self, connection: Connection) -> None:
        mine = self._by_account.setdefault(connection.account, {})
        mine[connection] = None
        if len(mine) > MAX_CONNECTIONS:
            next(iter(mine)).close(Close.TOO_MANY)

    def remove(self, connection: Connection) -> bool:
        """Forget `connection`; whether it was known."""
        mine = self._by_account.get(connection.account)
        if mine is None or connection not in mine:
            return False
        del mine[connection]
        if not mine:
            del self._by_account[connection.account]
        return True

    def push(self, accounts: Iterable[str], frame: str, besides: object = None) -> None:
        """Send `frame` to every connection of `accounts`, except to `besides`."""
        for account in accounts:
            for connection in list(self.of(account)):
                if connection is not besides:
                    connection.push(frame)


hub = Hub()
