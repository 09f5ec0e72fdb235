"""Who is shown as online, compared with who is."""

import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack

from tests.client import Client, Frame
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
                await View(ws).shows(self._people, online=here)


class View:
    """Whom a connection was told of as online."""

    def __init__(self, ws: Client) -> None:
        self._ws = ws
        self._online: set[str] = set()
        self._note(ws.hello)

    async def shows(self, people: Iterable[Person], online: Iterable[Person]) -> None:
        """Wait until of `people` just those `online` are; fails after 30 seconds."""
        end = time.monotonic() + TRUE_WITHIN
        names, wanted = {person.name for person in people}, {person.name for person in online}
        while self._online & names != wanted:
            self._note(await self._ws.expect("presence", within=end - time.monotonic()))

    def _note(self, frame: Frame) -> None:
        for person in frame["people"]:
            (self._online.add if person["online"] else self._online.discard)(person["name"])
