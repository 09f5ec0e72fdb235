"""Sees that somebody typed `stop` while an answer is being written, here or elsewhere; or that it
can't be given any more: the bot was removed from the room, or that was closed.

What was typed is a message like any other, found in the store: so it counts for whichever process
writes. That somebody was removed is told by a message, too.
"""

import asyncio
import logging
from functools import partial

from msgspec import Struct

from bots.cases import Asking
from bots.database import query
from bots.stopping import ends
from chat import sending
from chat.protocol import MAX_HISTORY
from chat.store import store

log = logging.getLogger(__name__)

LOOKED_FOR_EVERY = 0.3
"""Seconds; one query for all answers that this process is writing."""


class Awaited(Struct, eq=False):
    asking: Asking
    seen_seq: int
    typed: asyncio.Event

    @property
    def conversation(self) -> str:
        return self.asking.question.conversation


class Stops:
    """On the loop of the engine."""

    def __init__(self) -> None:
        self._awaited: list[Awaited] = []
        self._looking: asyncio.Task[None] | None = None

    async def typed(self, asking: Asking) -> None:
        """Return once somebody typed it after the question who may, or nothing can be said there
        any more."""
        awaited = Awaited(asking, asking.question.seq, asyncio.Event())
        self._awaited.append(awaited)
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._look())
        try:
            await awaited.typed.wait()
        finally:
            self._awaited.remove(awaited)

    async def _look(self) -> None:
        try:
            while self._awaited:
                await asyncio.sleep(LOOKED_FOR_EVERY)
                try:
                    found = await query(partial(_stopped, list(self._awaited)))
                except Exception as error:  # the next look may find it
                    log.warning("It was not looked for a stop: %s", type(error).__name__)
                else:
                    for awaited in found:
                        awaited.typed.set()
        finally:
            self._looking = None


def _stopped(awaited: list[Awaited]) -> list[Awaited]:
    """Those of them that were stopped. Runs queries."""
    last_seqs = store.last_seqs({one.conversation for one in awaited})
    news = [one for one in awaited if last_seqs.get(one.conversation, 0) > one.seen_seq]
    return [one for one in news if _is_stopped(one)]


def _is_stopped(awaited: Awaited) -> bool:
    asking = awaited.asking
    messages = store.after(awaited.conversation, awaited.seen_seq, MAX_HISTORY)
    if messages:
        awaited.seen_seq = messages[-1].seq
    is_ended = any(ends(message, asking.question, asking.bot) for message in messages)
    return is_ended or sending.refusal(asking.bot, awaited.conversation) is not None


stops = Stops()
"""This process's."""
