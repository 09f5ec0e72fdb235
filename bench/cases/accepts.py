"""Connections that are authenticated and told `hello`, per second, after a start."""

from bench import names
from bench.client import Connection, close_all, connect_all
from bench.context import Bench
from bench.figures import median
from bench.meter import Meter
from bench.table import Row, Target

WAYS = {"token": False, "session cookie": True}


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    rates: dict[str, list[float]] = {way: [] for way in ("limit", *WAYS)}
    costs: dict[str, list[float]] = {way: [] for way in ("limit", *WAYS)}
    for turn in range(sizes.rounds):
        for way in rates:
            bench.say(f"accepts: {way}, run {turn + 1} of {sizes.rounds}")
            rate, cost = await measure(bench, way)
            rates[way].append(rate)
            costs[way].append(cost)
    rows = []
    for way in WAYS:
        what = f"accepts by {way}, until hello"
        rows += [
            Row("accepts", what, "accepts/s", median(rates[way]), median(rates["limit"]),
                Target(600, "least"), f"{sizes.accepts:,} people, {sizes.in_flight} in flight"),
            Row("accepts", f"{what}: server CPU", "µs", median(costs[way]),
                median(costs["limit"])),
        ]  # fmt: skip
    return rows


async def measure(bench: Bench, way: str) -> tuple[float, float]:
    """Accepts per second and CPU of the server for each, in µs.

    A server of its own each time: after a restart everybody comes back at once, and nothing is
    cached then.
    """
    sizes = bench.sizes
    connections = [Connection(names.person(number)) for number in range(sizes.accepts)]
    opening = bench.limit("people") if way == "limit" else bench.product("people")
    async with await opening as server:
        with Meter(server) as meter:
            await connect_all(server, connections, sizes.in_flight, WAYS.get(way, False))
        await close_all(connections)
    bench.check_load(f"accepts by {way}", meter)
    return sizes.accepts / meter.wall, meter.server_cpu / sizes.accepts * 1e6
