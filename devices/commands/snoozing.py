"""`snooze 2h`: alerts are held back for a while."""

from datetime import datetime

from chat.protocol import Invalid
from devices.commands.phrases import held_back
from devices.commands.quantities import length_of
from devices.commands.registry import Reply, command
from devices.models import Device, Snooze

OFF = "off"
EXAMPLES = "Write “snooze 2h”, “snooze 30m”, “snooze 1d” or “snooze off”."


@command(
    "snooze",
    ("snooze 2h", "hold your alerts back for so long (30m, 1h30m, 1d)"),
    ("snooze off", "have them again"),
    takes_argument=True,
    changes=True,
)
def snooze(device: Device, account: str, argument: str, now: datetime) -> Reply:
    if argument == OFF:
        return _end(device, account, now)
    if not argument:
        raise Invalid(" ".join([*held_back(device, account, now), EXAMPLES]))
    until = now + length_of(argument)
    Snooze.objects.update_or_create(device=device, account_id=account, defaults={"until": until})
    return Reply("\n".join(held_back(device, account, now)))


def _end(device: Device, account: str, now: datetime) -> Reply:
    mine = Snooze.objects.filter(device=device, account=account)
    was_on = mine.filter(until__gt=now).exists()
    mine.delete()
    return Reply("Alerts come again." if was_on else "Your alerts were not held back.")
