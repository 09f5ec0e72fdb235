"""Messages a day, as a chart that the server draws, and as a table."""

from datetime import date
from typing import NamedTuple

from chatproject.operations.tallies import DAYS, last_days

BAR, GAP, HEIGHT = 16, 4, 100
"""Of the drawing's own units."""
STEP = BAR + GAP
LABELLED = 7
"""Days from one label below the bars to the next."""
LEAST = 1.5
"""What is there is seen."""


class Bar(NamedTuple):
    day: date
    messages: int | None
    x: int
    y: float
    height: float
    label: str

    @property
    def said(self) -> str:
        return "not counted yet" if self.messages is None else f"{self.messages:,}"


class Chart(NamedTuple):
    bars: list[Bar]
    most: int
    total: int
    width: int = DAYS * STEP
    height: int = HEIGHT
    bar: int = BAR

    @property
    def today(self) -> int:
        return self.bars[-1].messages or 0

    @property
    def most_said(self) -> str:
        return f"{self.most:,}"

    @property
    def words(self) -> str:
        """What the chart says, for who does not see it."""
        busiest = max(self.bars, key=lambda bar: bar.messages or 0)
        return (
            f"{self.total:,} messages in {len(self.bars)} days, {self.today:,} of them today;"
            f" the most, {self.most:,}, on {busiest.day:%-d %B}."
        )


def look() -> Chart:
    days = last_days()
    most = max(count or 0 for _, count in days)
    bars = [_bar(at, day, count, most, len(days)) for at, (day, count) in enumerate(days)]
    return Chart(bars, most, sum(count or 0 for _, count in days))


def _bar(at: int, day: date, count: int | None, most: int, days: int) -> Bar:
    height = max(LEAST, round(HEIGHT * count / most, 1)) if count else 0.0
    label = f"{day:%-d %b}" if (days - 1 - at) % LABELLED == 0 else ""
    return Bar(day, count, at * STEP + GAP // 2, HEIGHT - height, height, label)
