"""`readings`: what a device measured in a period, one by one or summed up in steps."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from bots.tools.citing import Given
from bots.tools.periods import FORMS, MOST_STEPS, Period, check_step, period
from bots.tools.registry import Arguments, Result, tool
from bots.tools.telling import Told, given, told
from chat.names import normalise
from chat.protocol import Invalid, format_time
from chat.typed import shown
from devices import extremes, lookup, steps, subscriptions
from devices.charts import Point
from devices.extremes import Extremes
from devices.subscriptions import Subscribed

MOST = 50
"""Single readings in an answer."""
NONE = "There is no reading in this period; list_devices tells of the last one."
COLUMNS = ("from", "average", "lowest", "highest", "count")
"""Of a step's row: names in each would be half of what the model is sent."""
EARLIER = (
    "Readings from before this person subscribed are in lowest, highest and average only;"
    " ask with a step to see their course."
)


class Asked(Arguments):
    device: Annotated[str, Meta(description="The device's name, as list_devices gives it.")]
    since: Annotated[
        str, Meta(description=f"The period's beginning: {FORMS}. If in doubt, 24h.")
    ] = "24h"
    until: Annotated[
        str, Meta(description="The period's end, in the same forms. If in doubt, now.")
    ] = "now"
    step: Annotated[
        int,
        Meta(
            description=f"0 for single readings, of which the newest {MOST} are given. Else the"
            f" length of steps in seconds, for each of which the average, lowest and highest are"
            f" given: 60, 300 or 3600, or a multiple; at most {MOST_STEPS} steps."
        ),
    ] = 0


@tool(
    "readings",
    "What a device measured in a period: the lowest, the highest, the average and the last reading,"
    " with their times in UTC, and its course. The result also tells the present time. Whatever"
    " you say of a device's readings must come from here or from list_devices: ask, never guess.",
    Asked,
)
def readings(person: str, asked: Asked, now: datetime) -> Result:
    subscribed = _subscribed(person, asked.device)
    within = period(asked.since, asked.until, now)
    if asked.step:
        check_step(asked.step, within, now)
        return _stepwise(subscribed, within.widened(asked.step, now), asked.step)
    return _one_by_one(subscribed, within, now)


def _subscribed(person: str, name: str) -> Subscribed:
    """In the same words for what is hidden, and what is not there."""
    for each in subscriptions.of(person):
        if each.device.name == normalise(name):
            return each
    raise Invalid(
        f"There is no device {shown(name)} that this person is subscribed to;"
        " list_devices names them."
    )


def _stepwise(subscribed: Subscribed, whole: Period, step: int) -> Result:
    points = steps.steps(subscribed.device, step, *whole)
    result = _overall(subscribed, whole, _summed_up(subscribed, whole, step))
    course = {"step": step, "columns": COLUMNS, "steps": [_row(point) for point in points]}
    return _with(result, course, given(subscribed, _extremes_of(subscribed, points)))


def _one_by_one(subscribed: Subscribed, asked: Period, now: datetime) -> Result:
    found = lookup.latest(subscribed.device, *asked, MOST + 1)
    if len(found) <= MOST:
        result = _overall(subscribed, asked, extremes.among(found))
    else:
        finest = steps.finest(asked.since, now)
        whole = asked.widened(finest, now)
        result = _overall(subscribed, whole, _summed_up(subscribed, whole, finest))
    every = [told(subscribed, each.value, each.at, each.seq) for each in found[-MOST:]]
    mine = [each for each in every if each["seq"]]
    course = {"readings": mine} if mine == every else {"readings": mine, "note": EARLIER}
    return _with(result, course, given(subscribed, mine))


def _with(result: Result, course: dict[str, Any], more: list[Given]) -> Result:
    return Result({**result.shown, **course}, [*result.given, *more])


def _summed_up(subscribed: Subscribed, within: Period, step: int) -> Extremes | None:
    return extremes.of(steps.between(subscribed.device, steps.span_of(step), *within))


def _overall(subscribed: Subscribed, within: Period, found: Extremes | None) -> Result:
    """What holds of the period as a whole; of its three readings each can be cited."""
    device = subscribed.device
    about: dict[str, Any] = {
        "device": device.name,
        "title": device.account.shown_title,
        "unit": device.unit,
        "since": format_time(within.since),
        "until": format_time(within.until),
        "count": found.count if found else 0,
    }
    if found is None:
        return Result({**about, "note": NONE})
    chief = {
        "lowest": told(subscribed, found.lowest, found.lowest_at, found.lowest_seq),
        "highest": told(subscribed, found.highest, found.highest_at, found.highest_seq),
        "last": _last(subscribed, within),
    }
    those = [reading for reading in chief.values() if reading]
    about["average"] = found.average
    return Result({**about, **chief}, given(subscribed, those, chief=True))


def _last(subscribed: Subscribed, within: Period) -> Told | None:
    found = lookup.latest(subscribed.device, *within, 1)
    return told(subscribed, found[0].value, found[0].at, found[0].seq) if found else None


def _row(point: Point) -> list[Any]:
    return [format_time(point.at), point.value, point.lowest, point.highest, point.count]


def _extremes_of(subscribed: Subscribed, points: list[Point]) -> Iterator[Told]:
    for point in points:
        yield told(subscribed, point.lowest, point.lowest_at, point.lowest_seq)
        yield told(subscribed, point.highest, point.highest_at, point.highest_seq)
