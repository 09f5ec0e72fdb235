"""Sees that a person typed `stop` while an answer to them is being written, here or elsewhere.

It is a message like any other, found in the store: so it counts for whichever process writes.
"""

import asyncio
import logging
from functools import partial

from msgspec import Struct

from bots.cases import Asking
from bots.commands import is_stop
from bots.database import query
from chat.protocol import MAX_HISTORY
from chat.store import store

log = logging.getLogger(__name__)

LOOKED_FOR_EVERY = 0.3
"""Seconds; one query for all answers that this process is writing."""


class Awaited(Struct, eq=False):
    asking: Asking
    seen_seq: int
    typed: asyncio.Event


class Stops:
    """On the loop of the engine."""

    def __init__(self) -> None:
        self._awaited: dict[str, Awaited] = {}
        self._looking: asyncio.Task[None] | None = None

    async def typed(self, asking: Asking) -> None:
        """Return once the person typed it after the question."""
        question = asking.question
        awaited = Awaited(asking, question.seq, asyncio.Event())
        self._awaited[question.conversation] = awaited
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._look())
        try:
            await awaited.typed.wait()
        finally:
            del self._awaited[question.conversation]

    async def _look(self) -> None:
        try:
            while self._awaited:
                await asyncio.sleep(LOOKED_FOR_EVERY)
                try:
                    found = await query(partial(_stopped, dict(self._awaited)))
                except Exception as error:  # the next look may find it
                    log.warning("It was not looked for a stop: %s", type(error).__name__)
                else:
                    for awaited in found:
                        awaited.typed.set()
        finally:
            self._looking = None


def _stopped(awaited: dict[str, Awaited]) -> list[Awaited]:
    """Those of them that were stopped. Runs queries."""
    last_seqs = store.last_seqs(awaited)
    news = [one for name, one in awaited.items() if last_seqs.get(name, 0) > one.seen_seq]
    return [one for one in news if _is_stopped(one)]


def _is_stopped(awaited: Awaited) -> bool:
    asking = awaited.asking
    messages = store.after(asking.question.conversation, awaited.seen_seq, MAX_HISTORY)
    if messages:
        awaited.seen_seq = messages[-1].seq
    return any(m.sender == asking.person and is_stop(m.body, asking.bot) for m in messages)


stops = Stops()
"""This process's."""
