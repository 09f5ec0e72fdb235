"""20 people who talk all the while, and what must be true of what they said."""

import asyncio

from tests.chaos.ledger import check, partners_of
from tests.chaos.talker import PatientTalker
from tests.client import Frame
from tests.cluster.cluster import Cluster
from tests.installation import Person
from tests.waiting import until

PEOPLE = 20
GO_ON_WITHIN = 45.0
"""Seconds, on a machine that has more to do, from the end of a calamity to everybody's next ack."""


class Crowd:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.over = asyncio.Event()
        """Nobody says anything more, and all that was said is acked."""
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
        self.over.set()

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

    def acked_for(self, person: Person) -> list[Frame]:
        """What `person` sent and was sent."""
        acked = {id: message for talker in self.talkers for id, message in talker.acked.items()}
        return [
            acked[id]
            for talker in self.talkers
            for to, id in talker.sent
            if person.name in (to, talker.person.name)
        ]

    async def check(self) -> None:
        await check(self._cluster, self.talkers)
