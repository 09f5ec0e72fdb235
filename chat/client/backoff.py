"""Pauses between attempts to connect: they grow, and chance makes them differ, so that not
everybody comes back in the same instant."""

import random

FIRST = 0.5
"""Seconds."""
MOST = 30.0


class Backoff:
    def __init__(self) -> None:
        self._attempts = 0

    def reset(self) -> None:
        self._attempts = 0

    def next(self) -> float:
        """Seconds until the next attempt."""
        most = min(MOST, FIRST * 2.0 ** min(self._attempts, 10))
        self._attempts += 1
        return most * random.uniform(0.5, 1)  # noqa: S311  no secret
