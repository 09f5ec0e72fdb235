"""What of devices is told over HTTP, as structs."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import Struct

from chat.protocol import format_time
from devices.charts import Chart, Day, Point
from devices.freshness import is_online
from devices.models import Device
from devices.words import tidy


class LastReading(Struct):
    value: float
    at: str


class Stored(Struct):
    """How many readings of a report are new, and how many were there already."""

    stored: int
    repeated: int


class Extremes(Struct):
    lowest: float
    highest: float


class Facts(Struct, kw_only=True):
    """What is told of a device wherever it is shown."""

    name: str
    title: str
    unit: str
    interval: float
    lowest: float | None
    highest: float | None
    simulated: bool
    online: bool
    last: LastReading | None


class ShownDevice(Facts, kw_only=True):
    kind: str
    subscribed: bool
    day: Extremes | None
    spark: list[tuple[int, float]]


class ShownDevices(Struct):
    now: str
    devices: list[ShownDevice]


class ShownPoint(Struct):
    at: str
    value: float
    lowest: float
    lowest_at: str
    highest: float
    highest_at: str
    count: int


class ShownChart(Facts, kw_only=True):
    since: str
    until: str
    step: int
    points: list[ShownPoint]


def last_of(device: Device) -> LastReading | None:
    if device.last_at is None or device.last_value is None:
        return None
    return LastReading(tidy(device.last_value), format_time(device.last_at))


def _facts(device: Device, now: datetime) -> dict[str, Any]:
    return {
        "name": device.name,
        "title": device.account.shown_title,
        "unit": device.unit,
        "interval": device.interval,
        "lowest": device.lowest,
        "highest": device.highest,
        "simulated": device.simulated,
        "online": is_online(device, now),
        "last": last_of(device),
    }


def shown_device(
    device: Device, now: datetime, subscribed: Collection[str], day: Day | None
) -> ShownDevice:
    return ShownDevice(
        **_facts(device, now),
        kind=device.kind,
        subscribed=device.feed in subscribed,
        day=Extremes(day.lowest, day.highest) if day else None,
        spark=day.spark if day else [],
    )


def shown_chart(device: Device, now: datetime, chart: Chart) -> ShownChart:
    return ShownChart(
        **_facts(device, now),
        since=format_time(chart.since),
        until=format_time(chart.until),
        step=chart.step,
        points=[_shown_point(point) for point in chart.points],
    )


def _shown_point(point: Point) -> ShownPoint:
    return ShownPoint(
        at=format_time(point.at),
        value=point.value,
        lowest=point.lowest,
        lowest_at=format_time(point.lowest_at),
        highest=point.highest,
        highest_at=format_time(point.highest_at),
        count=point.count,
    )
