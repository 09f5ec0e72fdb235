"""`reboot`: a simulated device starts anew; its readings are counted from that moment."""

from datetime import datetime

from devices.commands.phrases import every
from devices.commands.registry import REBOOTED, Reply, command
from devices.models import Device
from devices.restarting import restart


@command("reboot", ("reboot", "restart it; its subscribers are told"), changes=True)
def reboot(device: Device, account: str, argument: str, now: datetime) -> Reply:
    title = device.account.shown_title
    if not device.simulated:
        return Reply(f"{title} is a real device: it must be restarted where it stands.")
    restart(device, now)
    return Reply(f"{title} was restarted. It reports {every(device)} from now on.", REBOOTED)
