"""Token buckets of one process."""

import threading
import time
from collections.abc import Callable

PRUNE_ABOVE = 10_000
"""Buckets kept before those that are full again, and so say nothing, are thrown out."""


class TokenBuckets:
    """One bucket a key: `burst` tokens at the most, refilled with `rate` tokens a second.

    A rate of 0 switches the limit off. May be used from any thread.
    """

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str, count: int = 1) -> float:
        """Take `count` tokens or none: 0.0 when there were enough, else the seconds until then.

        More than the burst are given when the bucket is full, and the rest is a debt.
        """
        if self.rate == 0:
            return 0.0
        now, needed = self._clock(), min(count, self.burst)
        with self._lock:
            tokens = self._tokens(key, now)
            if tokens < needed:
                return (needed - tokens) / self.rate
            if len(self._buckets) >= PRUNE_ABOVE:
                self._prune(now)
            self._buckets[key] = (tokens - count, now)
        return 0.0

    def _tokens(self, key: str, now: float) -> float:
        tokens, since = self._buckets.get(key, (self.burst, now))
        return min(self.burst, tokens + (now - since) * self.rate)

    def _prune(self, now: float) -> None:
        full = [key for key in self._buckets if self._tokens(key, now) >= self.burst]
        for key in full:
            del self._buckets[key]
