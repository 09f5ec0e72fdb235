"""An answer that grows, shown to whoever looks: all of it so far, not too often."""

import asyncio
from contextlib import suppress

from bots.cases import Asking
from chat import deltas
from chat.conversation_ids import is_room
from chat.protocol import Unavailable

SHOWN_EVERY, SHOWN_IN_ROOMS_EVERY = 0.05, 0.2
"""Seconds between two frames, at the least; in rooms there are more who look."""
FRAMES = 500
"""A second, for all answers of this process together: the more there are, the less often each is
shown, and the others' messages do not wait for them."""
AWAKE = 0.02
"""Seconds in which what has gathered is read."""

_growing: set["Growing"] = set()
"""All of this process."""


class Growing:
    """On the loop of the engine."""

    def __init__(self, asking: Asking) -> None:
        self.text = ""
        self._asking = asking
        self._least = SHOWN_IN_ROOMS_EVERY if is_room(asking.question.conversation) else SHOWN_EVERY
        self._shown_at = 0.0
        self._woke_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Show that the model is being asked."""
        _growing.add(self)
        self._show()
        self._shown_at = 0.0  # the first words come at once

    async def add(self, piece: str) -> None:
        """Returns when the next one is wanted."""
        self.text += piece
        if self._timer is None:
            self._timer = _loop().call_at(self._shown_at + self._every(), self._show)
        await self._rest()

    def end(self) -> None:
        """What is stored comes next."""
        _growing.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    async def _rest(self) -> None:
        """While nothing would be shown: what comes meanwhile is read in one go and costs less."""
        if _loop().time() - self._woke_at > AWAKE:
            await asyncio.sleep(self._every())
            self._woke_at = _loop().time()

    def _every(self) -> float:
        """Seconds."""
        return max(self._least, len(_growing) / FRAMES)

    def _show(self) -> None:
        self._timer = None
        question = self._asking.question
        with suppress(Unavailable):  # the server stops: somebody else will give the answer
            deltas.show(question.conversation, self._asking.bot, question.id, self.text)
        self._shown_at = _loop().time()


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()
