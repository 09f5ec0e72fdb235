"""Hears the other processes, by one subscription, which is taken up again whenever it breaks."""

import asyncio
import logging
import random

from msgspec import MsgspecError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from chat.backplane.alone import Inbox
from chat.backplane.news import Beat, Envelope, Gone, Item, Lost, sender_of, unseal
from chat.backplane.peers import Heard, Peers
from chat.backplane.publisher import Publisher
from chat.backplane.roll import BEAT, Roll

log = logging.getLogger(__name__)

SILENT_AFTER = 3 * BEAT
"""Seconds without a word, not even this process's own beats, after which the line is dead."""
ANSWERS_WITHIN = 3.0
"""Seconds that Redis has to answer a question."""
RETRY = 0.5
"""Seconds, at most, between two attempts to reach Redis."""


class Subscriber:
    def __init__(
        self, redis: Redis, channel: str, roll: Roll, publisher: Publisher, inbox: Inbox
    ) -> None:
        self._redis = redis
        self._channel = channel
        self._roll = roll
        self._publisher = publisher
        self._inbox = inbox
        self._peers = Peers()
        self.deaf = False
        """Whether something may have been missed since somebody was welcomed."""
        self._foreign: set[str] = set()
        self.tried = asyncio.Event()
        """Set once Redis was reached, or was found away."""
        self.connected = False
        self.received = self.gaps = 0

    @property
    def peers(self) -> int:
        return len(self._peers)

    async def listen(self) -> None:
        """For ever: subscribe, hear, and begin again where that ends."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await self._subscribe(pubsub)
                    await self._hear(pubsub)
            except Exception as error:  # whatever it is, this process must hear again
                self._lost_the_line(error)
            await asyncio.sleep(random.uniform(RETRY / 5, RETRY))  # noqa: S311 (no secret)

    async def _subscribe(self, pubsub: PubSub) -> None:
        """From the confirmation on, everything told is heard; then see who is there."""
        async with asyncio.timeout(SILENT_AFTER):
            await pubsub.subscribe(self._channel)
            while (await pubsub.get_message(timeout=None))["type"] != "subscribe":
                pass
            await self._look_around()
        self.connected = True
        self.tried.set()
        self._publisher.restate()
        if self.deaf:
            self.deaf = False
            log.warning("Redis is back.")
            self._inbox.missed()

    def _lost_the_line(self, error: Exception) -> None:
        if not self.deaf:
            log.error("Redis is away (%s): what other processes store is not heard live.",
                      type(error).__name__)  # fmt: skip
        self.deaf = True
        self.connected = False
        self.tried.set()

    async def _look_around(self) -> None:
        now = asyncio.get_running_loop().time()
        for process, people in (await self._roll.read_others()).items():
            self._peers.found(process, now)
            self._inbox.people_of(process, people)

    async def _hear(self, pubsub: PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=SILENT_AFTER)
            if message is None:
                raise TimeoutError
            if message["type"] == "message":
                await self._open(message["data"])

    async def _open(self, sealed: bytes) -> None:
        sender = sender_of(sealed)
        if sender == self._roll.process:
            return
        try:
            envelope = unseal(sealed)
        except MsgspecError:
            self._do_not_understand(sender)
            return
        self.received += len(envelope.items)
        await self._follow(sender, envelope)
        for item in envelope.items:
            await self._take(sender, item)

    def _do_not_understand(self, sender: str) -> None:
        """The gap that this leaves is seen at the sender's next beat."""
        if sender not in self._foreign:
            self._foreign.add(sender)
            log.error("A process speaks another version of the chat; run one version everywhere.")

    async def _follow(self, sender: str, envelope: Envelope) -> None:
        now = asyncio.get_running_loop().time()
        heard = self._peers.heard(sender, envelope.number, now)
        if heard is Heard.GAP:
            self.gaps += 1
            self._inbox.missed()
        if heard is not Heard.NEXT:
            await self._call_roll(sender)

    async def _take(self, sender: str, item: Item) -> None:
        if isinstance(item, Gone):
            self._forget(sender)
        elif isinstance(item, Lost):
            self._inbox.missed()
        elif not isinstance(item, Beat):
            self._inbox.receive(sender, item)
        elif item.restated:
            await self._call_roll(sender)

    async def _call_roll(self, process: str) -> None:
        """Read whom it has connections of: here and now, so that no later news overtake this."""
        async with asyncio.timeout(ANSWERS_WITHIN):
            people = await self._roll.read(process)
        self._inbox.people_of(process, people or {})

    def bury(self) -> None:
        """Take the people of silent processes offline; what these stored last may not have been
        told any more."""
        for process in self._peers.silent(asyncio.get_running_loop().time()):
            self._forget(process)
            if self.connected:
                log.warning("A process of the chat has died.")
                self._inbox.missed()

    def overslept(self, seconds: float) -> None:
        """This process itself stood still: the others' silence meanwhile means nothing."""
        self._peers.forgive(seconds, asyncio.get_running_loop().time())

    def _forget(self, process: str) -> None:
        self._peers.forget(process)
        self._inbox.people_of(process, {})
