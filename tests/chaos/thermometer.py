"""The thermometer's readings, those who subscribe to it, and those who give it commands."""

import asyncio
from datetime import timedelta

from msgspec import to_builtins

from chat.models import Message
from chat.store.general import FIELDS, message
from devices.ids import at_milliseconds
from devices.models import Device, Summary
from devices.models.summary import HOUR
from tests.chaos.asking import Asker
from tests.chaos.listener import Listener
from tests.client import Frame
from tests.devices.commands.talking import answer
from tests.installation import Installation
from tests.times import parse
from tests.waiting import until, until_awaited

NAME = "thermometer1"
FEED = f"device:{NAME}"
INTERVAL = 2.0  # seconds
SUBSCRIBERS = 4
ASKERS = 2
GO_ON_WITHIN = 60.0
"""Seconds until it reports again: who talked to a server that froze finds out by time-outs."""
WHOLE_WITHIN = 60.0
"""Seconds until all that was asked is answered, and shown to everybody."""
CALM = 3
"""Slots in a row that have readings, at the end, without a calamity."""

ROUNDED = timedelta(milliseconds=2)
"""By so much the times of a slot and of its reading may differ."""


class Thermometer:
    """One reading a slot at most, whoever makes it, each shown to every subscriber."""

    def __init__(self, server: Installation) -> None:
        self._server = server
        people = [server.person(f"subscriber{number}") for number in range(SUBSCRIBERS)]
        self._subscribers = [Listener(server, person) for person in people]
        askers = [server.person(f"asker{number}") for number in range(ASKERS)]
        self.askers = [Asker(server, person, NAME) for person in askers]
        self._finished = asyncio.Event()

    async def live(self) -> None:
        """Until told to finish, and all is answered, and some slots more are shown."""
        await asyncio.gather(*(self._subscribe(one) for one in self._subscribers))
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(one.run()) for one in self._subscribers]
            async with asyncio.TaskGroup() as asking:
                for asker in self.askers:
                    asking.create_task(asker.run(lambda: None))
                await self._finished.wait()
            await self._settles()
            for task in listening:
                task.cancel()

    async def goes_on(self) -> None:
        """Return once there was another reading for everybody, and an ack for every command."""
        before = self._progress()
        await until(
            lambda: all(now > then for now, then in zip(self._progress(), before, strict=True)),
            GO_ON_WITHIN,
        )

    def _progress(self) -> list[int]:
        shown = [len(subscriber.shown[FEED]) for subscriber in self._subscribers]
        return shown + [len(asker.acked) for asker in self.askers]

    async def _subscribe(self, subscriber: Listener) -> None:
        async with self._server.connect(subscriber.person) as ws:
            await ws.send_text(NAME, "subscribe")
            assert (await answer(ws, NAME)).startswith("You are subscribed")

    def finish(self) -> None:
        for asker in self.askers:
            asker.finished = True
        self._finished.set()

    # ---- at the end

    async def _settles(self) -> None:
        await until_awaited(self._all_is_answered, WHOLE_WITHIN)
        interval = timedelta(seconds=await self._server.database.run(_interval))
        counts = [len(self._readings(one)) for one in self._subscribers]
        await until(
            lambda: all(
                _are_in_a_row(self._readings(one)[count:], interval)
                for one, count in zip(self._subscribers, counts, strict=True)
            ),
            WHOLE_WITHIN,
        )
        await until_awaited(self._all_is_counted, WHOLE_WITHIN)

    async def _all_is_answered(self) -> bool:
        return not await self._server.database.run(
            lambda: sum(asker.unanswered() for asker in self.askers)
        )

    async def _all_is_counted(self) -> bool:
        """Whether the summaries are of just the readings that are stored."""

        def compare() -> bool:
            readings = Message.objects.filter(conversation=FEED, kind="reading").count()
            hours = Summary.objects.filter(device=NAME, span=HOUR)
            return sum(hours.values_list("count", flat=True)) == readings

        return await self._server.database.run(compare)

    async def check(self) -> None:
        stored = await self._server.database.run(_check_stored)
        for subscriber in self._subscribers:
            shown = subscriber.shown[FEED]
            first, last = shown[0]["seq"], shown[-1]["seq"]
            assert shown == stored[first - 1 : last], "each sees all, once, in order"
        for asker in self.askers:
            await self._server.database.run(asker.check)

    def _readings(self, subscriber: Listener) -> list[Frame]:
        return [message for message in subscriber.shown[FEED] if message["kind"] == "reading"]


def _are_in_a_row(readings: list[Frame], interval: timedelta) -> bool:
    """Whether CALM of them are of slots that follow each other."""
    times = [parse(reading["data"]["at"]) for reading in readings]
    pairs = zip(times, times[CALM - 1 :], strict=False)
    return any(last - first == (CALM - 1) * interval for first, last in pairs)


def _interval() -> float:
    return Device.objects.get(pk=NAME).interval


def _check_stored() -> list[Frame]:
    """All messages of the feed, as sockets show them: no hole, and one reading a slot at most."""
    # In one query: the thermometer goes on, and what it reports between two would be in one only.
    rows = Message.objects.filter(conversation=FEED).order_by("seq")
    found = list(rows.values_list("client_id", *FIELDS))
    stored = [to_builtins(message(row)) for _, *row in found]
    assert [m["seq"] for m in stored] == list(range(1, len(stored) + 1)), "no holes"
    slots = [slot for slot, *_ in found]
    readings = {slot: m for slot, m in zip(slots, stored, strict=True) if m["kind"] == "reading"}
    for slot, reading in readings.items():
        _, epoch, number = slot.split(":")
        at = at_milliseconds(int(epoch)) + int(number) * timedelta(seconds=_interval())
        assert abs(parse(reading["data"]["at"]) - at) < ROUNDED, "measured when its slot began"
    assert len(readings) == sum(m["kind"] == "reading" for m in stored), "one a slot"
    return stored
