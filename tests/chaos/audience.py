"""Second devices of some who talk: nothing of what was acked stays hidden from them."""

import asyncio
from collections import defaultdict
from operator import itemgetter

from tests.chaos.crowd import Crowd
from tests.chaos.listener import Listener
from tests.client import Frame
from tests.cluster.cluster import Cluster
from tests.waiting import until

LISTENERS = 4
WHOLE_WITHIN = 30.0
"""Seconds after the last ack: the lease of a process that died between commit and fan-out."""


class Audience:
    """They are not told that anything happened, but by the server."""

    def __init__(self, cluster: Cluster, crowd: Crowd) -> None:
        self._crowd = crowd
        people = [talker.person for talker in crowd.talkers[:LISTENERS]]
        self._listeners = [Listener(cluster, person) for person in people]

    async def live(self) -> None:
        """Until the talk is over, and all of it is shown."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(listener.run()) for listener in self._listeners]
            await self._crowd.over.wait()
            await until(self._is_whole, WHOLE_WITHIN)
            for task in tasks:
                task.cancel()

    async def goes_on(self) -> None: ...

    def finish(self) -> None: ...

    async def check(self) -> None:
        assert self._is_whole()

    def _is_whole(self) -> bool:
        return all(_is_shown(self._crowd, listener) for listener in self._listeners)


def _is_shown(crowd: Crowd, listener: Listener) -> bool:
    """Whether it was told all that they sent and were sent, once, in order, as it was acked: from
    the first message on that came after their other device had begun to receive."""
    acked: defaultdict[str, list[Frame]] = defaultdict(list)
    for message in sorted(crowd.acked_for(listener.person), key=itemgetter("seq")):
        acked[message["conversation"]].append(message)
    shown = listener.shown
    return shown.keys() == acked.keys() and all(
        messages == acked[conversation][messages[0]["seq"] - 1 :]
        for conversation, messages in shown.items()
    )
