"""Memory of the server per connection that does nothing."""

import asyncio

from bench import names
from bench.client import Connection, close_all, connect_all
from bench.context import Bench
from bench.server import Server
from bench.table import Row, Target

WARM = 50
"""Connections opened and closed before, so that what is loaded once is not counted."""
STEADY = 0.002
"""Change from one look to the next below which the memory has settled."""
SETTLE_LOOKS = 30


async def run(bench: Bench) -> list[Row]:
    found = {}
    async with bench.both("people") as servers:
        for server in servers:
            bench.say(f"idle: {bench.sizes.idle:,} connections to the {server.name}")
            found[server.name] = await measure(bench, server)
    what = f"memory per idle connection, of {bench.sizes.idle:,}"
    return [Row("idle", what, "KB", found["product"], found["limit"], Target(30, "most"))]


async def measure(bench: Bench, server: Server) -> float:
    """Thousands of bytes of resident memory that each connection adds."""
    everyone = [names.person(number) for number in range(bench.sizes.idle)]
    warm = [Connection(name) for name in everyone[:WARM]]
    await connect_all(server, warm)
    await close_all(warm)
    before = await _settled(server)
    connections = [Connection(name) for name in everyone]
    await connect_all(server, connections)
    after = await _settled(server)
    for connection in connections:
        connection.check()
    await close_all(connections)
    return (after - before) / len(connections) / 1000


async def _settled(server: Server) -> int:
    """Resident bytes once two looks in a row, half a second apart, found no change."""
    last, steady = server.resident_bytes(), 0
    for _ in range(SETTLE_LOOKS):
        await asyncio.sleep(0.5)
        now = server.resident_bytes()
        steady = steady + 1 if abs(now - last) <= STEADY * last else 0
        last = now
        if steady == 4:
            break
    return last
