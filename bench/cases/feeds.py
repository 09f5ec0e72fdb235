"""How a device's reading gets to its subscribers, and what those cost who are away."""

import asyncio
import http.client
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field

from bench import names
from bench.client import TIMEOUT, ClientFailed, Connection, Frame, close_all, connect_all
from bench.context import Bench
from bench.figures import median, percentile
from bench.meter import Meter
from bench.server import Server
from bench.table import Row, Target

TO_THE_LAST = 300.0
"""Milliseconds that a reading may take to the last of its subscribers."""
PAUSE = 0.5
"""Seconds after each reading, in which everybody reports that it was received."""
SIMULATED = "device:thermometer1"
COUNT = "SELECT count(*) FROM chat_message WHERE conversation <> ?"


@dataclass
class Run:
    """What came of one device's readings."""

    to_last: list[float] = field(default_factory=list)
    """Milliseconds from the beginning of the report until the last subscriber has it."""
    cpu: list[float] = field(default_factory=list)
    """Milliseconds of the server for a reading, without what it needs when nothing happens."""


class Arrivals:
    """Who still waits for the reading that was reported last."""

    def __init__(self) -> None:
        self.missing = 0
        self.last = 0.0
        self.all_there = asyncio.Event()

    def expect(self, count: int) -> None:
        self.missing = count
        self.all_there.clear()

    def note(self) -> None:
        self.missing -= 1
        self.last = time.perf_counter()
        if not self.missing:
            self.all_there.set()


class Subscriber(Connection):
    """Checks that no seq of a feed is missing, and reports what it received."""

    def __init__(self, name: str, arrivals: Arrivals) -> None:
        super().__init__(name, self.look)
        self.arrivals = arrivals
        self.last_seqs: dict[str, int] = {}

    def look(self, frame: Frame) -> None:
        if frame.type != "message" or frame.message is None:
            return
        feed, seq = frame.message.conversation, frame.message.seq
        if seq != self.last_seqs.get(feed, 0) + 1:
            self.fail(f"seq {seq} of {feed} came after {self.last_seqs.get(feed, 0)}")
        self.last_seqs[feed] = seq
        self.arrivals.note()
        self.got(feed, seq)


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    runs = {names.CROWDED: Run(), names.ATTENDED: Run()}
    async with await bench.product("feeds") as server:
        bench.say(f"feeds: {sizes.present} of {sizes.subscribers} subscribers connect")
        arrivals = Arrivals()
        subscribers = [Subscriber(names.person(n), arrivals) for n in range(sizes.present)]
        await connect_all(server, subscribers)
        idle = await _idle(bench, server)
        before = _stored(server)
        for turn in range(sizes.rounds):
            for device, run in runs.items():
                bench.say(f"feeds: {device}, run {turn + 1} of {sizes.rounds}")
                await _measure(bench, server, device, subscribers, run, idle)
        readings = sum(len(run.to_last) for run in runs.values())
        rows = (_stored(server) - before) / readings
        await close_all(subscribers)
    return _rows(bench, runs, rows)


async def _idle(bench: Bench, server: Server) -> float:
    """Seconds of CPU that the server needs in a second while nothing is reported."""
    await asyncio.sleep(bench.sizes.warm_up)
    with Meter(server) as meter:
        await asyncio.sleep(bench.sizes.seconds)
    return meter.server_cpu / meter.wall


async def _measure(
    bench: Bench, server: Server, device: str, subscribers: list[Subscriber], run: Run, idle: float
) -> None:
    arrivals = subscribers[0].arrivals
    device_connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
    with closing(device_connection), Meter(server) as meter:
        for number in range(bench.sizes.readings):
            arrivals.expect(len(subscribers))
            begun = time.perf_counter()
            await asyncio.to_thread(_report, device_connection, device, float(number))
            await _all_have_it(subscribers, arrivals)
            run.to_last.append((arrivals.last - begun) * 1000)
            await asyncio.sleep(PAUSE)
    bench.check_load(f"feeds: {device}", meter)
    run.cpu.append((meter.server_cpu - idle * meter.wall) * 1000 / bench.sizes.readings)


def _report(connection: http.client.HTTPConnection, device: str, value: float) -> None:
    headers = {
        "Authorization": f"Bearer {names.token(device)}",
        "Content-Type": "application/json",
    }
    body = json.dumps({"value": value})
    connection.request("POST", f"/api/v1/devices/{device}/readings", body, headers)
    response = connection.getresponse()
    said = response.read().decode()
    if response.status != 200:
        raise ClientFailed(f"the report of {device} was answered with {response.status}: {said}")


async def _all_have_it(subscribers: list[Subscriber], arrivals: Arrivals) -> None:
    try:
        async with asyncio.timeout(TIMEOUT):
            await arrivals.all_there.wait()
    except TimeoutError:
        for subscriber in subscribers:
            subscriber.check()
        raise ClientFailed(f"{arrivals.missing} subscribers did not get a reading") from None


def _stored(server: Server) -> int:
    """All messages that the server keeps, but for the readings that it makes up itself."""
    with closing(sqlite3.connect(server.folder / "messages.sqlite3")) as database:
        return int(database.execute(COUNT, (SIMULATED,)).fetchone()[0])


def _rows(bench: Bench, runs: dict[str, Run], rows: float) -> list[Row]:
    sizes, (crowded, attended) = bench.sizes, runs.values()
    who = f"a reading, {sizes.present:,} of {sizes.subscribers:,} subscribers connected"
    to = "no others"
    most = Target(TO_THE_LAST, "most")
    return [
        Row("feeds", f"{who}: to the last, p50", "ms",
            median(crowded.to_last), median(attended.to_last), most, to=to),
        Row("feeds", f"{who}: to the last, worst", "ms",
            percentile(crowded.to_last, 100), percentile(attended.to_last, 100), most, to=to),
        Row("feeds", f"{who}: server CPU", "ms",
            median(crowded.cpu), median(attended.cpu), to=to),
        Row("feeds", f"{who}: messages stored", "rows", rows, target=Target(1, "most")),
    ]  # fmt: skip
