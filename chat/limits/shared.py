"""Token buckets that several processes share: decided upon here, settled among them afterwards."""

import time
from collections.abc import Callable
from functools import cache

from django.conf import settings

from chat.limits.buckets import TokenBuckets
from chat.limits.settling import Account, Settler


@cache
def settler() -> Settler:
    """This process's."""
    return Settler(settings.REDIS_URL)


class SharedTokenBuckets(TokenBuckets):
    """`take` never waits for the network: it goes by the level that was last settled."""

    def __init__(
        self,
        name: str,
        rate: float,
        burst: float,
        settler: Settler,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(rate, burst, clock)
        self.name = name
        self._spent: dict[str, int] = {}
        self._settler = settler
        settler.serve(self)

    def take(self, key: str, count: int = 1) -> float:
        wait = super().take(key, count)
        if not wait and self.rate:
            with self._lock:
                self._spent[key] = self._spent.get(key, 0) + count
            self._settler.wake()
        return wait

    def open_accounts(self) -> list[Account]:
        with self._lock:
            spent, self._spent = self._spent, {}
            now = self._clock()
            return [Account(key, n, self._tokens(key, now)) for key, n in spent.items()]

    def close(self, account: Account, level: float | None) -> None:
        """What was taken while Redis was asked is still to be paid."""
        key, now = account.key, self._clock()
        with self._lock:
            since = self._spent.get(key, 0)
            if level is not None:
                self._buckets[key] = (level - since, now)
            elif self._tokens(key, now) < self.burst:  # else time has paid for it
                self._spent[key] = since + account.spent
