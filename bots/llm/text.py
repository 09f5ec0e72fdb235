"""The text of an answer, as a message can hold it."""

from bots.failures import LONGEST
from chat.protocol import MAX_BODY

ROOM = MAX_BODY - LONGEST - len("\n\n")
"""Characters; a sentence may have to follow."""
GAP = "\n\n"
"""Between what the model says before it calls tools and afterwards."""


class Text:
    """Counts what was shown, over all rounds of an answer."""

    def __init__(self) -> None:
        self.is_full = False
        """There was more than a message holds."""
        self._length = 0
        self._is_beginning = True

    def __bool__(self) -> bool:
        return self._length > 0

    def take(self, piece: str) -> str:
        """What of it is to be shown; "" where there is nothing to see yet."""
        if self._is_beginning:
            piece = self._begun(piece.lstrip())
        room = ROOM - self._length
        self.is_full = self.is_full or len(piece) > room
        shown = piece[:room]
        self._length += len(shown)
        return shown

    def end_round(self) -> None:
        self._is_beginning = True

    def _begun(self, piece: str) -> str:
        if not piece:
            return ""
        self._is_beginning = False
        return GAP + piece if self else piece
