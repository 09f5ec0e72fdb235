"""Times as the protocol writes them."""

from datetime import datetime


def parse(text: str) -> datetime:
    """RFC 3339 in UTC with milliseconds, nothing else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
