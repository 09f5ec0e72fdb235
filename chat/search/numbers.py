"""Where a message stands in the index: a number that follows from its id, and rises with it.

So the newest come first, whatever order they were indexed in, and what is indexed twice finds
itself there. Of a UUIDv7 it has the time in milliseconds, the 12 bits that count within one, and
as many random ones as fit. The ids of two processes may agree in all of these: then the second
message gets the next number that is free.
"""

from chat.ids import time_of

AFTER_TIME = 21
"""Bits: 12 that count, and 9 random ones."""
LAST_TIME = (1 << 42) - 1
"""Milliseconds; a time beyond it, the year 2109, would not fit."""
NEIGHBOURS = 16
"""Numbers among which that of a message is, from the one on that its id says."""
LOWEST, HIGHEST = 0, (1 << 63) - 1


def number_of(id_: str) -> int:
    """The number that an id says, or the highest that has room for its neighbours."""
    count, random = int(id_[15:18], 16), int(id_[19:23], 16) & 0x3FFF
    return min(number_at(time_of(id_)) | count << 9 | random >> 5, HIGHEST - NEIGHBOURS)


def number_at(milliseconds: int) -> int:
    """The lowest number of a time, in milliseconds since 1970."""
    return max(0, min(milliseconds, LAST_TIME)) << AFTER_TIME
