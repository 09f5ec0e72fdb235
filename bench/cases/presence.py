"""How presence fans out: one of many comes and goes, and all come back at once."""

import asyncio
import time
from dataclasses import dataclass

from bench import names
from bench.client import ClientFailed, Connection, Frame, close_all, connect, connect_all
from bench.context import Bench
from bench.figures import median
from bench.meter import Meter
from bench.server import Server
from bench.table import Row, Target

KNOWN_WITHIN = 30.0
"""Seconds the protocol allows until everybody knows."""
QUIET = 1.5
"""Seconds without a frame after which nothing more is on its way (they come once a second)."""


@dataclass(frozen=True)
class Change:
    seconds: float
    frames: int
    cpu: float


class Watcher(Connection):
    """Knows the star, and notes when it is told of it."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self.look)
        self.star: bool | None = None
        self.told_at = 0.0
        self.presence_frames = 0
        self.last_frame = time.monotonic()

    def look(self, frame: Frame) -> None:
        self.last_frame = time.monotonic()
        if frame.type == "presence":
            self.presence_frames += 1
            for person in frame.people:
                if person.name == names.STAR:
                    self.star = person.online
                    self.told_at = time.perf_counter()


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    found: dict[str, dict[str, list[Change]]] = {}
    async with bench.both("people") as servers:
        for server in servers:
            bench.say(f"presence: {server.name}, {sizes.present} connect")
            watchers = [Watcher(names.person(number)) for number in range(sizes.present - 1)]
            await connect_all(server, watchers)
            found[server.name] = await _one_changes(bench, server, watchers)
            if server.name == "product":
                again = await _all_return(bench, server, watchers)
    rows = []
    for how in ("offline", "online"):
        what = f"one of {sizes.present:,} goes {how}"
        rows += _rows(what, found["product"][how], found["limit"][how])
    what = f"{sizes.present - 1:,} reconnect at once"
    each = again.frames / (sizes.present - 1)
    rows += [
        Row("presence", f"{what}: presence frames each", "frames", each),
        Row("presence", f"{what}: server CPU until quiet", "s", again.cpu,
            note=f"quiet after {again.seconds:.1f} s"),
    ]  # fmt: skip
    return rows


def _rows(what: str, product: list[Change], limit: list[Change]) -> list[Row]:
    def middle(field: str, scale: float = 1) -> tuple[float, float]:
        mine, other = (
            [getattr(change, field) * scale for change in changes] for changes in (product, limit)
        )
        return median(mine), median(other)

    return [
        Row("presence", f"{what}: all know after", "s", *middle("seconds"),
            Target(KNOWN_WITHIN, "most"), "at most one frame a second to each"),
        Row("presence", f"{what}: presence frames in all", "frames", *middle("frames")),
        Row("presence", f"{what}: server CPU", "ms", *middle("cpu", 1000)),
    ]  # fmt: skip


async def _one_changes(
    bench: Bench, server: Server, watchers: list[Watcher]
) -> dict[str, list[Change]]:
    changes: dict[str, list[Change]] = {"offline": [], "online": []}
    star = await connect(server, Connection(names.STAR))
    await _quiet(watchers)
    for turn in range(bench.sizes.repeats):
        bench.say(f"presence: {server.name}, change {turn + 1} of {bench.sizes.repeats}")
        with _Watch(server, watchers) as watch:
            closing = asyncio.create_task(star.close())
            await watch.until_known(online=False)
        await closing
        changes["offline"].append(watch.change)
        with _Watch(server, watchers) as watch:
            star = await connect(server, Connection(names.STAR))
            await watch.until_known(online=True)
        changes["online"].append(watch.change)
    await star.close()
    return changes


class _Watch:
    """From entering on: until when all watchers know, and what that took."""

    def __init__(self, server: Server, watchers: list[Watcher]) -> None:
        self.meter = Meter(server)
        self.watchers = watchers
        self.change = Change(0, 0, 0)

    def __enter__(self) -> "_Watch":
        self.frames = sum(watcher.presence_frames for watcher in self.watchers)
        self.meter.__enter__()
        self.begun = time.perf_counter()
        return self

    async def until_known(self, online: bool) -> None:
        while any(watcher.star is not online for watcher in self.watchers):
            if time.perf_counter() - self.begun > KNOWN_WITHIN + 5:
                ignorant = sum(watcher.star is not online for watcher in self.watchers)
                state = "online" if online else "offline"
                raise ClientFailed(
                    f"{ignorant} of {len(self.watchers)} were not told that {names.STAR} is {state}"
                )
            await asyncio.sleep(0.005)

    def __exit__(self, *error: object) -> None:
        self.meter.__exit__(*error)
        frames = sum(watcher.presence_frames for watcher in self.watchers) - self.frames
        last = max(watcher.told_at for watcher in self.watchers)
        self.change = Change(last - self.begun, frames, self.meter.server_cpu)


async def _all_return(bench: Bench, server: Server, watchers: list[Watcher]) -> Change:
    """Close all, let the server forget it, and connect all again as fast as it goes."""
    bench.say(f"presence: {server.name}, all reconnect")
    await close_all(watchers)
    await asyncio.sleep(QUIET)
    again = [Watcher(watcher.name) for watcher in watchers]
    with Meter(server) as meter:
        await connect_all(server, again)
        await _quiet(again)
    frames = sum(watcher.presence_frames for watcher in again)
    await close_all(again)
    return Change(meter.wall, frames, meter.server_cpu)


async def _quiet(watchers: list[Watcher]) -> None:
    """Wait until nobody was told anything for a while."""
    silent = 0.0
    while silent < QUIET:
        await asyncio.sleep(QUIET - silent)
        silent = time.monotonic() - max(watcher.last_frame for watcher in watchers)
