"""In which processes of the chat somebody has connections. Kept on the event loop."""


class Whereabouts:
    """Other processes, by account, and accounts by process."""

    def __init__(self) -> None:
        self._processes: dict[str, set[str]] = {}
        self._accounts: dict[str, set[str]] = {}

    def anywhere(self, account: str) -> bool:
        return account in self._processes

    def at(self, process: str) -> frozenset[str]:
        """The accounts that `process` has connections of."""
        return frozenset(self._accounts.get(process, ()))

    def add(self, account: str, process: str) -> None:
        self._processes.setdefault(account, set()).add(process)
        self._accounts.setdefault(process, set()).add(account)

    def remove(self, account: str, process: str) -> None:
        _discard(self._processes, account, process)
        _discard(self._accounts, process, account)


def _discard(sets: dict[str, set[str]], key: str, value: str) -> None:
    if key in sets:
        sets[key].discard(value)
        if not sets[key]:
            del sets[key]
