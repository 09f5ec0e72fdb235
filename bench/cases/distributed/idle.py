"""Memory of a web process per connection that does nothing, where it is one of many."""

from bench.cases.distributed.subjects import ALONE, EMBEDDED, ONE, embedded_and_one
from bench.cases.idle import measure
from bench.context import Bench
from bench.table import Row

NAME = "distributed.idle"


async def run(bench: Bench) -> list[Row]:
    count = bench.sizes.idle
    found = {}
    async with embedded_and_one(bench) as subjects:
        for name, subject in subjects.items():
            bench.say(f"{NAME}: {count:,} connections to {name}")
            found[name] = await measure(bench, subject.webs[0])
    what = f"{ALONE}: memory per idle connection, of {count:,}"
    return [Row(NAME, what, "KB", found[ONE], found[EMBEDDED], to=EMBEDDED)]
