"""`list_devices`: what the person subscribes to, and what each device said last."""

from datetime import datetime
from itertools import chain
from typing import Any

from bots.tools.registry import Arguments, Result, tool
from bots.tools.telling import Told, given, told
from devices import subscriptions
from devices.models import Device
from devices.states import FRESH, state
from devices.subscriptions import Subscribed

MOST, MOST_NAMES = 15, 50
"""Devices that are told of, and those that are named."""
NOTHING = "This person is subscribed to no device. They subscribe by writing “subscribe” to one."


class Nothing(Arguments):
    pass


@tool(
    "list_devices",
    "The devices that this person is subscribed to, each with its last reading, and the present"
    " time. Call it before you say anything of devices: their names and readings are here and in"
    " readings, and are never to be guessed.",
    Nothing,
)
def list_devices(person: str, arguments: Nothing, now: datetime) -> Result:
    found = subscriptions.of(person)
    shown = [_shown(each, now) for each in found[:MOST]]
    lasts = [given(each, [last], chief=True) for each in found[:MOST] if (last := _last(each))]
    return Result({"devices": shown, **_note(found)}, list(chain.from_iterable(lasts)))


def _note(found: list[Subscribed]) -> dict[str, Any]:
    if not found:
        return {"note": NOTHING}
    if len(found) <= MOST:
        return {}
    others = [each.device.name for each in found[MOST:MOST_NAMES]]
    note = f"These are {MOST} of {len(found)} devices, by name; readings tells of the others, too."
    return {"note": note, "others": others}


def _shown(subscribed: Subscribed, now: datetime) -> dict[str, Any]:
    device, how = subscribed.device, state(subscribed.device, now)
    return {
        "name": device.name,
        "title": device.account.shown_title,
        "kind": device.kind,
        "unit": device.unit,
        "interval_seconds": device.interval,
        "state": "online" if how == FRESH else how,
        "last": _aged(_last(subscribed), device, now),
    }


def _last(subscribed: Subscribed) -> Told | None:
    device = subscribed.device
    if device.last_at is None or device.last_value is None:
        return None
    return told(subscribed, device.last_value, device.last_at, device.last_seq)


def _aged(last: Told | None, device: Device, now: datetime) -> Told | None:
    if last is None or device.last_at is None:
        return None
    return {**last, "age_seconds": max(0, int((now - device.last_at).total_seconds()))}
