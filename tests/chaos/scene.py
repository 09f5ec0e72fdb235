"""Who lives in a cluster, and who may fall victim to a calamity."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.chaos.audience import Audience
from tests.chaos.calamities import Victim, frozen, killed
from tests.chaos.crowd import Crowd
from tests.chaos.inhabitants import Inhabitants, all_go_on, live_through
from tests.chaos.presence import Presence
from tests.chaos.questions import Questions
from tests.chaos.thermometer import Thermometer
from tests.chaos.ticking import Ticking
from tests.cluster.cluster import Cluster
from tests.services.given import GivenMongo

COST_A_TICK = ("worker 1", "worker 2", "postgres")


class Scene:
    """A new cluster's; `ticks` is the file that its workers write to (TICKS). Its bots are
    connected to a model."""

    def __init__(self, cluster: Cluster, ticks: Path) -> None:
        self.cluster = cluster
        self.crowd = Crowd(cluster)
        self.ticking = Ticking(cluster, ticks)
        self.inhabitants: list[Inhabitants] = [
            self.crowd,
            Audience(cluster, self.crowd),
            Thermometer(cluster),
            Questions(cluster),
            self.ticking,
            Presence(cluster, [talker.person for talker in self.crowd.talkers]),
        ]
        self.victims = victims_in(cluster)

    async def kill(self, name: str, away: float) -> None:
        self.ticking.deaths += name in COST_A_TICK
        await killed(self.victims[name], away)

    async def freeze(self, name: str) -> None:
        await frozen(self.victims[name])

    async def goes_on(self) -> None:
        await all_go_on(self.inhabitants)

    async def lives_through(self, calamities: Callable[[], Awaitable[None]]) -> None:
        """Everybody does, and no process dies of what befell another."""

        async def calamities_and_no_more() -> None:
            await calamities()
            await self.goes_on()
            processes = self.cluster.processes
            dead = [name for name, process in processes.items() if not process.is_running]
            assert dead == []

        await live_through(calamities_and_no_more, self.inhabitants)


def victims_in(cluster: Cluster) -> dict[str, Victim]:
    """A MongoDB that was given to the tests is not theirs to kill."""
    backing = cluster.backing
    found: dict[str, Victim] = {"redis": backing.valkey, "postgres": backing.postgres}
    if not isinstance(backing.mongo, GivenMongo):
        found["mongo"] = backing.mongo
    return found | cluster.processes
