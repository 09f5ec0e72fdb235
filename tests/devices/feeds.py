"""Readings in feeds, stored and taken in by the test itself: `household.py` has real processes."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from chat import ids, joining
from chat.models import Account, Conversation
from chat.store import Row, store
from devices.digest import digest
from devices.ids import feed_of, milliseconds, slot_id, time_id
from devices.models import Device
from devices.readings import Reading, draft

Pair = tuple[float, datetime]
_numbers = itertools.count()


def new_person(name: str) -> str:
    return Account.objects.create(name=name).name


def new_device(name: str, **fields: Any) -> Device:
    account = Account.objects.create(name=name, kind=Account.Kind.DEVICE, title=name.capitalize())
    Conversation.objects.create(id=feed_of(name), kind=Conversation.Kind.DEVICE)
    return Device.objects.create(account=account, **{"unit": "°C", **fields})


def subscribe(person: str, device: Device) -> None:
    assert joining.join(person, device.feed)


def course(*values: float, start: datetime, every: float = 100) -> list[Pair]:
    step = timedelta(seconds=every)
    return [(value, start + number * step) for number, value in enumerate(values)]


def report(
    device: Device, readings: Iterable[Pair], late: float = 0.2, stored_at: datetime | None = None
) -> None:
    """Store readings `late` seconds after they were measured, or all together at one time."""
    store_readings(device, readings, late, stored_at)
    digest(device)


def store_readings(
    device: Device, readings: Iterable[Pair], late: float = 0.2, stored_at: datetime | None = None
) -> None:
    seq = store.last_seqs([device.feed])[device.feed]
    rows = []
    for number, (value, at) in enumerate(readings, start=seq + 1):
        sent_at = stored_at or at + timedelta(seconds=late)
        rows.append(_row(device, number, Reading(value, at), sent_at))
    store.insert(rows)


def _row(device: Device, seq: int, reading: Reading, sent_at: datetime) -> Row:
    epoch = datetime(2026, 1, 1, tzinfo=UTC)
    id_ = slot_id(epoch, seq) if device.simulated else time_id(reading.at)
    said = draft(device, reading, id_)
    message_id = f"{ids.beginning(milliseconds(sent_at))}-7000-8000-{next(_numbers):012x}"
    return Row(
        message_id, device.feed, seq, said.sender, id_, said.kind, said.body, said.data, sent_at
    )
