"""`alert above 30`, `alert below 5`, `alerts`, `alert off`: thresholds of one's own."""

from datetime import datetime

from django.db.models import QuerySet

from chat.protocol import Invalid
from devices.commands.phrases import held_back
from devices.commands.quantities import value_of
from devices.commands.registry import Reply, command
from devices.models import Device, Threshold
from devices.words import amount

ABOVE, BELOW = Threshold.Direction.ABOVE.value, Threshold.Direction.BELOW.value
OFF = "off"
EXAMPLES = "Write “alert above 30”, “alert below 5” or “alert off”."


@command(
    "alert",
    ("alert above 30", "be told when it goes above this value"),
    ("alert below 5", "be told when it goes below this value"),
    ("alert off", "no alerts any more (also: alert off above, alert off below)"),
    takes_argument=True,
    changes=True,
)
def alert(device: Device, account: str, argument: str, now: datetime) -> Reply:
    word, _, rest = argument.partition(" ")
    if word == OFF:
        return _off(device, account, rest)
    if word not in (ABOVE, BELOW):
        raise Invalid(EXAMPLES)
    if not rest:
        raise Invalid(f"Say {word} which value, in {device.unit}, like “alert {word} 30”.")
    return _set(device, account, word, value_of(rest, device.unit), now)


@command("alerts", ("alerts", "which alerts you have set"), takes_argument=True, changes=True)
def alerts(device: Device, account: str, argument: str, now: datetime) -> Reply:
    if argument:
        return alert(device, account, argument, now)
    said = [_beyond(device, one) for one in _mine(device, account).order_by("direction")]
    if not said:
        return Reply(f"You have no alerts of {device.account.shown_title}. {EXAMPLES}")
    lines = [f"You are told when {device.account.shown_title} goes {' or '.join(said)}."]
    return Reply("\n".join(lines + held_back(device, account, now)))


def _set(device: Device, account: str, direction: str, value: float, now: datetime) -> Reply:
    threshold, _ = Threshold.objects.update_or_create(
        device=device,
        account_id=account,
        direction=direction,
        defaults={"value": value, "told": False, "made_at": now},
    )
    title = device.account.shown_title
    lines = [f"You will be told when {title} goes {_beyond(device, threshold)}."]
    if _is_beyond(device, threshold):
        already = amount(device.last_value or 0.0, device.unit)
        lines.append(f"It is {already} already, so the next reading tells you unless it is back.")
    return Reply("\n".join(lines + held_back(device, account, now)))


def _off(device: Device, account: str, which: str) -> Reply:
    if which not in ("", ABOVE, BELOW):
        raise Invalid(EXAMPLES)
    mine = _mine(device, account)
    chosen = mine.filter(direction=which) if which else mine
    ended = [_beyond(device, one) for one in chosen.order_by("direction")]
    chosen.delete()
    if not ended:
        return Reply(f"There was no alert{f' {which} a value' if which else ''} to turn off.")
    title = device.account.shown_title
    return Reply(f"You are no longer told when {title} goes {' or '.join(ended)}.")


def _mine(device: Device, account: str) -> QuerySet[Threshold]:
    return Threshold.objects.filter(device=device, account=account)


def _beyond(device: Device, threshold: Threshold) -> str:
    return f"{threshold.direction} {amount(threshold.value, device.unit)}"


def _is_beyond(device: Device, threshold: Threshold) -> bool:
    if device.last_value is None:
        return False
    above = threshold.direction == ABOVE
    return device.last_value > threshold.value if above else device.last_value < threshold.value
