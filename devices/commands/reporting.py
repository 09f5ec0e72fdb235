"""`now` and `status`: the last reading, the next one, how long it runs, and who listens."""

from datetime import datetime, timedelta

from chat.models import Membership
from chat.spans import span
from devices.commands.phrases import counted, last_reading, until
from devices.commands.registry import Reply, command
from devices.freshness import fresh_until, next_due
from devices.models import Device
from devices.words import age, time

A_MOMENT = timedelta(seconds=1)


@command("status", ("status", "the same"))
@command("now", ("now", "the last reading, when the next is due, and how the device is"))
def status(device: Device, account: str, argument: str, now: datetime) -> Reply:
    lines = [
        last_reading(device, now),
        _next(device, now),
        _running(device, now),
        _subscribers(device),
    ]
    return Reply("\n".join(lines))


def _next(device: Device, now: datetime) -> str:
    due, overdue_from = next_due(device, now), fresh_until(device)
    if due is None:
        return "The next comes whenever it reports."
    overdue = overdue_from is not None and now >= overdue_from
    if due > now:
        said = f"The next is due in {until(due, now)}."
    elif overdue and now - due >= A_MOMENT:
        said = f"The next was due {age(due, now)}."
    else:
        said = "The next is due now."
    return f"It is overdue. {said}" if overdue else said


def _running(device: Device, now: datetime) -> str:
    since = device.epoch if device.simulated else device.created_at
    length = span(timedelta(seconds=int((now - since).total_seconds())))
    doing = "running" if device.simulated else "part of the chat"
    return f"It has been {doing} for {length}, since {time(since, now)}."


def _subscribers(device: Device) -> str:
    members = Membership.objects.filter(conversation=device.feed, account__deleted_at=None)
    return f"{counted(members.count(), 'person is', 'people are')} subscribed."
