"""Two people who write to each other from many connections at once, and look at each seq."""

import asyncio
import time
from collections.abc import Sequence

from bench import names
from bench.client import ClientFailed, Connection, close_all, connect
from bench.load import SETTLE_TIMEOUT, Clock, LiveFrame, Sender
from bench.server import Server

EACH = 4
"""Connections of each of the two."""


class Talker(Sender):
    """Sends, and keeps the seqs that it was acked or told."""

    def __init__(self, name: str, to: str, clock: Clock) -> None:
        super().__init__(name, to, clock)
        self.seen: set[int] = set()

    def take(self, found: LiveFrame) -> None:
        if found.message is not None:
            self.seen.add(found.message.seq)
            if found.type == "message":
                self.got(found.message.conversation, found.message.seq)
        super().take(found)


class Crowd:
    """The pair `number`, which has written nothing yet; on each of `webs` as often as the rest."""

    def __init__(self, webs: Sequence[Server], number: int) -> None:
        a, b = names.pair(number)
        clock = Clock()
        self.name = a
        self.conversation = names.direct(a, b)
        self.webs = [webs[each % len(webs)] for each in range(EACH)]
        self.talkers = [(web, Talker(*who, clock)) for web in self.webs for who in ((a, b), (b, a))]

    @property
    def acked(self) -> int:
        return sum(talker.acked for _, talker in self.talkers)

    @property
    def sent(self) -> int:
        return sum(talker.sent for _, talker in self.talkers)

    async def connect(self) -> None:
        for web, talker in self.talkers:
            await connect(web, talker)

    def start(self, outstanding: int) -> None:
        for _, talker in self.talkers:
            talker.sending = True
            for _ in range(outstanding):
                talker.send()

    async def finish(self) -> None:
        """Stop; raises ClientFailed where a message is missing, to somebody or in the store."""
        for _, talker in self.talkers:
            talker.sending = False
        await self._settle()
        await self._check_store()
        await close_all([talker for _, talker in self.talkers])

    async def _settle(self) -> None:
        deadline = time.monotonic() + SETTLE_TIMEOUT
        while self.acked < self.sent or any(len(t.seen) < self.sent for _, t in self.talkers):
            for _, talker in self.talkers:
                talker.check()
            if time.monotonic() > deadline:
                least = min(len(talker.seen) for _, talker in self.talkers)
                raise ClientFailed(
                    f"of {self.sent} sent, {self.acked} were acked, and somebody saw {least} only"
                )
            await asyncio.sleep(0.01)

    async def _check_store(self) -> None:
        """Each process's `sync` has every seq from 1 on, once."""
        for web in set(self.webs):
            reader = await connect(web, Connection(self.name))
            found = await self._stored(reader)
            await reader.close()
            if found != list(range(1, self.sent + 1)):
                raise ClientFailed(
                    f"of {self.sent} messages, seqs 1 to {max(found, default=0)}, "
                    f"{len(set(found))} are stored"
                )

    async def _stored(self, reader: Connection) -> list[int]:
        found: list[int] = []
        more = True
        while more:
            messages, conversations = await reader.sync({self.conversation: len(found)})
            found += [message.seq for message in messages]
            more = bool(conversations)
        return found
