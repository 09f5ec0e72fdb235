"""The thermometer as a subscriber has it, on a real server; by many: test_many_processes.py."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from datetime import timedelta

from django.utils import timezone

from chat.models import Membership, Message
from devices.ids import feed_of
from devices.models import Device, Summary
from tests.times import parse
from tests.waiting import until

THERMOMETER = "thermometer1"
FEED = feed_of(THERMOMETER)
INTERVAL = timedelta(seconds=0.5)
QUICK = {"THERMOMETER_INTERVAL": "0.5"}
MOST = 60
"""Readings until two follow each other without a gap."""


def subscribe(server, person):
    server.database.call(
        lambda: Membership.objects.create(
            account_id=person.name, conversation_id=FEED, joined_at=timezone.now()
        )
    )


class Subscriber:
    """Reads as a client does: one that comes twice is dropped."""

    def __init__(self, client):
        self.client = client
        self.readings = []

    async def read(self, count):
        """The next readings that reach the person."""
        before = len(self.readings)
        while len(self.readings) < before + count:
            frame = await self.client.expect("message", message={"kind": "reading"})
            if not self.readings or frame["message"]["seq"] > self.readings[-1]["seq"]:
                self.readings.append(frame["message"])
        return self.readings[before:]


@asynccontextmanager
async def subscribed(server, name="alice"):
    person = server.person(name)
    subscribe(server, person)
    async with server.connect(person) as client:
        yield Subscriber(client)


def times(readings):
    return [parse(reading["data"]["at"]) for reading in readings]


def steps(readings, interval=INTERVAL):
    """How many slots each reading is after the one before it; all must be whole ones."""
    found = []
    for earlier, later in itertools.pairwise(times(readings)):
        slots, rest = divmod(later - earlier, interval)
        assert not rest, f"{later - earlier} is no number of intervals"
        found.append(slots)
    return found


def stored(server):
    """All readings: id, when it was measured and when stored."""
    found = Message.objects.filter(conversation=FEED, kind="reading").order_by("seq")
    rows = server.database.call(lambda: list(found.values_list("client_id", "data", "sent_at")))
    return [(id_, parse(data["at"]), sent_at) for id_, data, sent_at in rows]


def check_feed(server):
    """One reading in a slot, in its time, in order, and each counted once."""
    rows = stored(server)
    assert len({id_ for id_, _, _ in rows}) == len(rows)
    measured = [at for _, at, _ in rows]
    assert measured == sorted(set(measured))
    assert min(sent_at - at for _, at, sent_at in rows) > -timedelta(milliseconds=2)
    return rows


def digested(server):
    def count():
        sums = Summary.objects.filter(device=THERMOMETER, span=3600)
        return sum(sums.values_list("count", flat=True))

    return server.database.call(count)


async def until_all_is_counted(server):
    """All that was stored before this was called."""
    count = len(stored(server))
    await until(lambda: digested(server) >= count)


async def test_a_subscriber_gets_a_reading_in_each_slot_and_sees_it_online_meanwhile(own_server):
    server = own_server(**QUICK)
    async with subscribed(server) as alice:
        readings = await alice.read(8)
        while min(steps(readings)) > 1 and len(readings) < MOST:
            readings += await alice.read(1)
        await until_shown(alice.client, online=True)
        server.database.call(lambda: Device.objects.update(enabled=False))
        await until_shown(alice.client, online=False)
    assert min(steps(readings)) == 1, "a busy machine misses some"
    assert {(one["sender"], one["conversation"]) for one in readings} == {(THERMOMETER, FEED)}
    for one in readings:
        assert one["body"] == f"{one['data']['value']:g} °C"
        assert -10 <= one["data"]["value"] <= 40
    check_feed(server)


async def test_a_restart_leaves_a_gap_and_makes_no_burst(own_server):
    server = own_server(**QUICK)
    async with subscribed(server) as alice:
        before = await alice.read(3)
    server.kill()
    down = timezone.now()
    await until(lambda: timezone.now() > down + 4 * INTERVAL)
    up = timezone.now()
    await asyncio.to_thread(server.start)
    async with subscribed(server, "bob") as bob:
        after = await bob.read(3)
    assert steps(before + after)[2] > 1
    rows = check_feed(server)
    assert not [at for _, at, _ in rows if down < at < up - INTERVAL], "made up for"
    assert len({id_.rsplit(":", 1)[0] for id_, _, _ in rows}) == 1, "the epoch stays"
    assert not server.database.call(
        lambda: Message.objects.filter(conversation=FEED, kind="notice").exists()
    ), "the chat was away, not the thermometer"
    await until_all_is_counted(server)


async def until_shown(client, online):
    """Wait until the thermometer is shown as online, or as not, unless `hello` did."""
    people = client.hello["people"]
    while online is not next((p["online"] for p in people if p["name"] == THERMOMETER), None):
        people = (await client.expect("presence"))["people"]
