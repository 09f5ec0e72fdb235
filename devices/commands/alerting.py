"""`alert above 30`, `alert below 5`, `alerts`, `alert off`: thresholds of one's own."""

from datetime import datetime

from devices.commands import thresholds
from devices.commands.listeners import Listener
from devices.commands.registry import Reply, command
from devices.models import Device


@command(
    "alert",
    ("alert above 30", "be told when it goes above this value"),
    ("alert below 5", "be told when it goes below this value"),
    ("alert off", "no alerts any more (also: alert off above, alert off below)"),
    takes_argument=True,
    changes=True,
)
def alert(device: Device, account: str, argument: str, now: datetime) -> Reply:
    return thresholds.change(Listener(device, account), argument, now)


@command("alerts", ("alerts", "which alerts you have set"), takes_argument=True, changes=True)
def alerts(device: Device, account: str, argument: str, now: datetime) -> Reply:
    if argument:
        return alert(device, account, argument, now)
    return thresholds.listing(Listener(device, account), now)
