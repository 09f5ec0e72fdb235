"""How long a server asks us to wait."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def seconds(retry_after: str | None) -> float | None:
    """Of a Retry-After header, which holds a number or a date (RFC 9110, 10.2.3); else None."""
    text = (retry_after or "").strip()
    if SECONDS.fullmatch(text):
        return float(text)
    date = _date(text)
    return None if date is None else max(0.0, (date - datetime.now(UTC)).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
