"""How much the tools may tell a model for one answer: every round sends all of it again."""

import json

ALL, EACH = 12_000, 6_000
"""Bytes, of all results together and of one: about 4,000 and 2,000 tokens."""
LEAST = 500
"""Bytes; with fewer left there is no use in another call."""
TOO_MUCH = json.dumps(
    {"error": "This is too much to be told: ask for a larger step, or a shorter time."}
)
NO_MORE = json.dumps({"error": "No more can be told: answer with what you know by now."})


class Room:
    def __init__(self) -> None:
        self._left = ALL

    @property
    def is_used_up(self) -> bool:
        return self._left < LEAST

    def has(self, told: str) -> bool:
        return len(told.encode()) <= min(EACH, self._left)

    def take(self, told: str) -> str:
        self._left -= len(told.encode())
        return told
