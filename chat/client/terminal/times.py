"""Times of messages as a person reads them, in their own time zone."""

from datetime import date, datetime

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(sent_at: str) -> datetime:
    """A time of the protocol here."""
    try:
        return datetime.fromisoformat(sent_at).astimezone()
    except ValueError:
        return datetime.fromtimestamp(0).astimezone()


def clock(sent_at: str) -> str:
    return f"{local(sent_at):%H:%M}"


def day(sent_at: str) -> date:
    return local(sent_at).date()


def day_words(of: date, today: date | None = None) -> str:
    """“Today”, “Monday 2026-11-23”."""
    return "Today" if of == (today or date.today()) else f"{DAYS[of.weekday()]} {of.isoformat()}"


def seen_words(last_seen: str | None) -> str:
    if not last_seen:
        return "offline"
    moment = local(last_seen)
    today = moment.date() == date.today()
    return f"last seen {moment:%H:%M}" if today else f"last seen {moment:%Y-%m-%d}"
