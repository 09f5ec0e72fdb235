"""Who is shown as online, compared with who is."""

import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack

from tests.client import Client
from tests.cluster.cluster import Cluster
from tests.installation import Person

TRUE_WITHIN = 30.0  # seconds


class Presence:
    """After everything, half of `people` come back, and the others are nowhere seen."""

    def __init__(self, cluster: Cluster, people: Sequence[Person]) -> None:
        self._cluster = cluster
        self._people = people

    async def live(self) -> None: ...

    async def goes_on(self) -> None: ...

    def finish(self) -> None: ...

    async def check(self) -> None:
        here, watcher = self._people[::2], self._cluster.person("watcher")
        async with AsyncExitStack() as stack:
            for person in here:
                await stack.enter_async_context(self._cluster.connect(person))
            for _ in self._cluster.webs:  # a person's connections come to all in turn
                ws = await stack.enter_async_context(self._cluster.connect(watcher))
                await shows(ws, self._people, online=here)


async def shows(ws: Client, people: Iterable[Person], online: Iterable[Person]) -> None:
    """Wait until `ws` is told that of `people` just those `online` are; fails after 30 seconds."""
    end = time.monotonic() + TRUE_WITHIN
    names, wanted = {p.name for p in people}, {p.name for p in online}
    shown: set[str] = set()
    told = ws.hello["people"]
    while True:
        for person in told:
            (shown.add if person["online"] else shown.discard)(person["name"])
        if shown & names == wanted:
            return
        told = (await ws.expect("presence", within=end - time.monotonic()))["people"]
