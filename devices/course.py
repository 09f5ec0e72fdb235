"""What follows from the messages of a device's feed, in their order: pure, and always the same.

Whoever goes through the same messages from the same state comes to the same end. Hence two
processes may do it at once, and it may be done again after a crash.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from chat.models import Message as Stored
from chat.protocol import Message
from devices.models.device import LARGEST
from devices.notices import SILENT

UNUSABLE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What `measured` raises of a message that says nothing which could be taken in."""


class Measured(NamedTuple):
    """A reading as it is stored: its message's seq, what was measured and when, and since when
    the chat knows it."""

    seq: int
    value: float
    at: datetime
    stored_at: datetime


class Last(NamedTuple):
    """The reading with the latest time so far."""

    seq: int
    value: float
    at: datetime


class Return(NamedTuple):
    """A device that was silent `since` then is back with this reading."""

    reading: Measured
    since: datetime


class Course:
    """How things stand with a device after the messages taken so far."""

    def __init__(
        self, last: Last | None, silent_since: datetime | None, patience: timedelta
    ) -> None:
        """`patience`: how old a reading may be to show that the device is there."""
        self.last = last
        self.silent_since = silent_since
        self._patience = patience
        self.readings: list[Measured] = []
        self.news: list[Measured] = []
        """Those among the readings that were later than any before."""
        self.returns: list[Return] = []
        self.unusable: Counter[str] = Counter()
        """How many say nothing that could be taken in, by the kind of the error."""

    def take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if message.kind == Stored.Kind.READING:
                self._try_to_read(message)
            elif (message.data or {}).get("event") == SILENT:
                self.silent_since = self.last.at if self.last else _time(message.sent_at)

    def _try_to_read(self, message: Message) -> None:
        """None is to keep those behind it from being taken in."""
        try:
            self._read(measured(message))
        except UNUSABLE as error:
            self.unusable[type(error).__name__] += 1

    def _read(self, reading: Measured) -> None:
        self.readings.append(reading)
        if self.last is not None and reading.at <= self.last.at:
            return
        if self.silent_since and reading.at > reading.stored_at - self._patience:
            self.returns.append(Return(reading, self.silent_since))
            self.silent_since = None
        self.last = Last(reading.seq, reading.value, reading.at)
        self.news.append(reading)


def measured(message: Message) -> Measured:
    """What a message of kind `reading` says. Raises one of UNUSABLE."""
    data = message.data or {}
    value = float(data["value"])
    if not abs(value) <= LARGEST:  # nor is NaN
        raise OverflowError
    return Measured(message.seq, value, _time(data["at"]), _time(message.sent_at))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
