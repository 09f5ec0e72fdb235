"""A periodic task with slots of three seconds, fired by two beats for two workers."""

import asyncio
from pathlib import Path

from chatproject.models import Claim
from tests.cluster.cluster import Cluster
from tests.waiting import until_awaited

TASK = "tests.chatproject.ticks.tick"
GO_ON_WITHIN = 60.0
"""Seconds until it ticks again: who talked to a server that froze finds out by time-outs."""
CALM = 3
"""Slots in a row that are claimed, at the end, without a calamity."""


class Ticking:
    """Each slot is claimed once, and who claims it ticks, unless it dies at that very moment."""

    def __init__(self, cluster: Cluster, file: Path) -> None:
        self._cluster = cluster
        self._file = file
        self._finished = asyncio.Event()
        self.deaths = 0
        """Of workers, and of the database that they claim in: each may cost one slot's work."""

    async def live(self) -> None:
        """Until told to finish, and some slots more are claimed, of which none is left out."""
        await self._finished.wait()
        last = (await self._slots())[-1]

        async def are_in_a_row() -> bool:
            calm = [slot for slot in await self._slots() if slot > last]
            pairs = zip(calm, calm[CALM - 1 :], strict=False)
            return any(last_one - first == CALM - 1 for first, last_one in pairs)

        await until_awaited(are_in_a_row, GO_ON_WITHIN)

    async def goes_on(self) -> None:
        """Return once there was another tick."""
        before = self._ticks()

        async def has_ticked() -> bool:
            return self._ticks() > before

        await until_awaited(has_ticked, GO_ON_WITHIN)

    def finish(self) -> None:
        self._finished.set()

    async def check(self) -> None:
        await asyncio.to_thread(self._stop)
        claims, ticks = len(await self._slots()), self._ticks()
        assert claims - self.deaths <= ticks <= claims, "who claimed a slot did its work, once"

    async def _slots(self) -> list[int]:
        claims = Claim.objects.filter(task=TASK).order_by("slot").values_list("slot", flat=True)
        return await self._cluster.database.run(lambda: list(claims))

    def _stop(self) -> None:
        for process in (*self._cluster.beats, *self._cluster.workers):
            process.terminate()

    def _ticks(self) -> int:
        return sum(line.startswith("tick ") for line in self._file.read_text().splitlines())
