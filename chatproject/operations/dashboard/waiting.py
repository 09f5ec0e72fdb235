"""For whom messages are stored that no program of theirs has fetched yet."""

from collections import Counter
from typing import NamedTuple

from chat.receipts import waiting

LOOKED_AT = 500
"""Direct conversations, those of the latest activity."""
SHOWN = 8


class Waiting(NamedTuple):
    messages: str
    people: int
    most: list[tuple[str, str]]
    """Names, and how many messages wait for each; the most first."""
    looked_at: int = LOOKED_AT


def look() -> Waiting:
    counts: Counter[str] = Counter()
    for one in waiting(LOOKED_AT):
        counts[one.account] += one.messages
    most = [(name, f"{count:,}") for name, count in counts.most_common(SHOWN)]
    return Waiting(f"{counts.total():,}", len(counts), most)
