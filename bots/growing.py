"""An answer that grows, shown to whoever looks: all of it so far, not too often."""

import asyncio
from contextlib import suppress

from bots.cases import Asking
from chat import deltas
from chat.conversation_ids import is_room
from chat.protocol import Unavailable

SHOWN_EVERY, SHOWN_IN_ROOMS_EVERY = 0.05, 0.2
"""Seconds between two frames, at the least; in rooms there are more who look."""


class Growing:
    """On the loop of the engine."""

    def __init__(self, asking: Asking) -> None:
        self.text = ""
        self._asking = asking
        self._every = SHOWN_IN_ROOMS_EVERY if _in_room(asking) else SHOWN_EVERY
        self._shown_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Show that the model is being asked."""
        self._show()
        self._shown_at = 0.0  # the first words come at once

    def add(self, piece: str) -> None:
        self.text += piece
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._shown_at + self._every, self._show)

    def end(self) -> None:
        """What is stored comes next."""
        if self._timer is not None:
            self._timer.cancel()

    def _show(self) -> None:
        self._timer = None
        self._shown_at = asyncio.get_running_loop().time()
        question = self._asking.question
        with suppress(Unavailable):  # the server stops: somebody else will give the answer
            deltas.show(question.conversation, self._asking.bot, question.id, self.text)


def _in_room(asking: Asking) -> bool:
    return is_room(asking.question.conversation)
