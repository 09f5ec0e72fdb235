"""20 people who talk all the while, and what must be true of what they said."""

import asyncio

from tests.chaos.ledger import check, partners_of
from tests.chaos.talker import PatientTalker
from tests.cluster.cluster import Cluster
from tests.waiting import until

PEOPLE = 20
GO_ON_WITHIN = 45.0
"""Seconds, on a machine that has more to do, from the end of a calamity to everybody's next ack."""


class Crowd:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        people = [cluster.person(f"p{number}") for number in range(PEOPLE)]
        self.talkers = [
            PatientTalker(cluster, person, partners_of(people, number))
            for number, person in enumerate(people)
        ]

    async def live(self) -> None:
        """Talk until told to finish."""
        async with asyncio.TaskGroup() as group:
            for talker in self.talkers:
                group.create_task(talker.run(lambda: None))

    async def goes_on(self) -> None:
        """Return once everybody was acked something more."""
        before = [len(talker.acked) for talker in self.talkers]
        await until(
            lambda: all(
                len(talker.acked) > count
                for talker, count in zip(self.talkers, before, strict=True)
            ),
            GO_ON_WITHIN,
        )

    def finish(self) -> None:
        for talker in self.talkers:
            talker.finished = True

    async def check(self) -> None:
        await check(self._cluster, self.talkers)
