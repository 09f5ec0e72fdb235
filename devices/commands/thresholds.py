"""Alerts, set, listed and ended: what is answered to a person, or in a room."""

from datetime import datetime

from chat.protocol import Invalid
from devices.commands.listeners import Listener
from devices.commands.quantities import value_of
from devices.commands.registry import Reply
from devices.models import Device, Threshold
from devices.words import amount

ABOVE, BELOW = Threshold.Direction.ABOVE.value, Threshold.Direction.BELOW.value
OFF = "off"


def change(listener: Listener, argument: str, now: datetime) -> Reply:
    """As “above 30” or “off below” says."""
    word, _, rest = argument.partition(" ")
    if word == OFF:
        return _end(listener, rest)
    if word not in (ABOVE, BELOW):
        raise Invalid(listener.examples)
    unit = listener.device.unit
    if not rest:
        raise Invalid(f"Say {word} which value, in {unit}, like “alert {word} 30”.")
    return _set(listener, word, value_of(rest, unit), now)


def listing(listener: Listener, now: datetime) -> Reply:
    title = listener.device.account.shown_title
    said = [_beyond(listener.device, one) for one in listener.thresholds.order_by("direction")]
    if not said:
        return Reply(f"{listener.you} {listener.have} no alerts of {title}. {listener.examples}")
    line = f"{listener.you} {listener.are} told when {title} goes {' or '.join(said)}."
    return Reply("\n".join([line, *listener.held_back(now)]))


def _set(listener: Listener, direction: str, value: float, now: datetime) -> Reply:
    device = listener.device
    threshold = listener.set(direction, value, now)
    title = device.account.shown_title
    lines = [f"{listener.you} will be told when {title} goes {_beyond(device, threshold)}."]
    if _is_beyond(device, threshold):
        already = amount(device.last_value or 0.0, device.unit)
        whom = "all" if listener.place else "you"
        lines.append(
            f"It is {already} already, so the next reading tells {whom} unless it is back."
        )
    return Reply("\n".join(lines + listener.held_back(now)))


def _end(listener: Listener, which: str) -> Reply:
    if which not in ("", ABOVE, BELOW):
        raise Invalid(listener.examples)
    mine = listener.thresholds
    chosen = mine.filter(direction=which) if which else mine
    ended = [_beyond(listener.device, one) for one in chosen.order_by("direction")]
    chosen.delete()
    if not ended:
        return Reply(f"There was no alert{f' {which} a value' if which else ''} to turn off.")
    title = listener.device.account.shown_title
    goes = f"{title} goes {' or '.join(ended)}"
    return Reply(f"{listener.you} {listener.are} no longer told when {goes}.")


def _beyond(device: Device, threshold: Threshold) -> str:
    return f"{threshold.direction} {amount(threshold.value, device.unit)}"


def _is_beyond(device: Device, threshold: Threshold) -> bool:
    if device.last_value is None:
        return False
    above = threshold.direction == ABOVE
    return device.last_value > threshold.value if above else device.last_value < threshold.value
