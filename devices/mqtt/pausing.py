"""Pauses between attempts: longer each time, and not the same for everybody."""

import random

SHORTEST, LONGEST = 0.5, 15.0
"""Seconds."""


class Pauses:
    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self._next = SHORTEST

    @property
    def first(self) -> bool:
        """Whether none was taken yet."""
        return self._next == SHORTEST

    def next(self) -> float:
        """Seconds to wait now."""
        pause, self._next = self._next, min(LONGEST, 2 * self._next)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311  # no secret
