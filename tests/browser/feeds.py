"""Devices with a past, and their subscribers, put straight into a server's databases."""

import json
import math
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from random import Random
from urllib.request import Request, urlopen

from tests.browser.visitor import Visitor
from tests.server import Person, Server

THERMOMETER = Person("thermometer1", "")
Values = Sequence[tuple[datetime, float]]


def device(server: Server, title: str, **fields) -> Person:
    """A device that everybody sees, without any reading; its token is the device's own."""

    def make() -> Person:
        from devices.models import Device
        from devices.registration import add, new_token

        made = Device(**{"unit": "°C", **fields})
        add(made, f"device-{uuid.uuid4().hex[:8]}", title)
        return Person(made.name, new_token(made))

    return server.database.call(make)


def reports(server: Server, who: Person, value: float) -> None:
    """It sends a reading of now over HTTP, as a real device does."""
    answer = urlopen(
        Request(
            f"{server.origin}/api/v1/devices/{who.name}/readings",
            data=json.dumps({"value": value}).encode(),
            headers={"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"},
        )
    )
    assert answer.status == HTTPStatus.OK


def has_reported(server: Server, who: Person, values: Values) -> None:
    """What it measured, and when: stored, and taken in, as if it had come one by one."""

    def make() -> None:
        from chat.ids import Ids
        from chat.models import Conversation, Message
        from devices.digest import digest
        from devices.ids import time_id
        from devices.models import Device
        from devices.readings import Reading, data_of
        from devices.words import amount

        ids, its = Ids(), Device.objects.get(pk=who.name)
        row = Conversation.objects.get(pk=its.feed)
        Message.objects.bulk_create(
            Message(
                id=ids.new("").id, conversation=its.feed, seq=row.last_seq + number,
                sender=its.name, client_id=time_id(at), kind="reading", sent_at=at,
                body=amount(value, its.unit), data=data_of(Reading(value, at), its.unit),
            )
            for number, (at, value) in enumerate(values, start=1)
        )  # fmt: skip
        Conversation.objects.filter(pk=row.pk).update(
            last_seq=row.last_seq + len(values), last_at=values[-1][0]
        )
        digest(its)

    server.database.call(make)


def has_subscribed(server: Server, person: Person, who: Person, *, read: bool = True) -> None:
    """From the first reading on; has read all that is there, or received nothing of it."""

    def make() -> None:
        from chat.models import Conversation, Membership

        feed = Conversation.objects.get(pk=f"device:{who.name}")
        seq = feed.last_seq if read else 0
        Membership.objects.create(
            account_id=person.name, conversation=feed, joined_at=feed.last_at,
            received_seq=seq, read_seq=seq,
        )  # fmt: skip

    server.database.call(make)


def course(begin: datetime, end: datetime, every: timedelta, middle: float, swing: float) -> Values:
    """A believable course of days: coolest before dawn, a little noise, always the same."""
    drawn, found, at = Random(1), [], begin
    while at <= end:
        hour = at.hour + at.minute / 60
        value = middle - swing * math.cos((hour - 4) / 24 * 2 * math.pi) + drawn.gauss(0, 0.15)
        found.append((at, round(value, 1)))
        at += every
    return found


def open_device(visitor: Visitor, who: Person = THERMOMETER) -> None:
    visitor.open(who)
    visitor.page.locator(".card .face-about:not(:empty)").wait_for()
