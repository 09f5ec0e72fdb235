"""`subscribe` and `unsubscribe`: who subscribes is a member of the device's feed."""

from datetime import datetime

from chat import joining
from chat.models import Membership
from devices.commands.phrases import bounds, every, last_reading
from devices.commands.registry import JOINED, LEFT, Reply, command
from devices.models import Device
from devices.words import time


@command("subscribe", ("subscribe", "get its readings as they come"), changes=True)
def subscribe(device: Device, account: str, argument: str, now: datetime) -> Reply:
    if joining.join(account, device.feed):
        return Reply(_welcome(device, now), JOINED)
    mine = Membership.objects.filter(account=account, conversation=device.feed)
    since = mine.values_list("joined_at", flat=True).first()
    return Reply(f"You are subscribed since {time(since or now, now)}.")


def _welcome(device: Device, now: datetime) -> str:
    interval = f"It reports {every(device)}" + (f", {bounds(device)}" if bounds(device) else "")
    title = device.account.shown_title
    return f"You are subscribed to {title}. {interval}.\n{last_reading(device, now)}"


@command("unsubscribe", ("unsubscribe", "get no more of them"), changes=True)
def unsubscribe(device: Device, account: str, argument: str, now: datetime) -> Reply:
    title = device.account.shown_title
    if joining.leave(account, device.feed):
        return Reply(f"You are no longer subscribed to {title}.", LEFT)
    return Reply(f"You are not subscribed to {title}. Write “subscribe” to get its readings.")
