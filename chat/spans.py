"""Lengths of time, as people say them."""

from datetime import timedelta

SHORT = 120.0
"""Seconds up to which a length of time is said in seconds alone."""
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def span(length: timedelta) -> str:
    """A length of time in at most two units, rounded down: 0.5 s, 100 s, 2 h 5 min."""
    seconds = length.total_seconds()
    if seconds < SHORT:
        return f"{seconds:.1f} s" if seconds < 10 and seconds % 1 else f"{int(seconds)} s"
    whole = int(seconds)
    first = next(place for place, (_, size) in enumerate(UNITS) if whole >= size)
    parts = []
    for name, size in UNITS[first : first + 2]:
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts)
