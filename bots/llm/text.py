"""The text of an answer, made fit for a message."""

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
        self._half = ""

    def __bool__(self) -> bool:
        return self._length > 0

    def take(self, piece: str) -> str:
        """What of it is to be shown; "" where there is nothing to see yet."""
        clean = self._clean(piece)
        if self._is_beginning:
            clean = self._begun(clean.lstrip())
        room = ROOM - self._length
        self.is_full = self.is_full or len(clean) > room
        shown = clean[:room]
        self._length += len(shown)
        return shown

    def end_round(self) -> None:
        self._is_beginning, self._half = True, ""

    def _begun(self, clean: str) -> str:
        if not clean:
            return ""
        self._is_beginning = False
        return GAP + clean if self else clean

    def _clean(self, piece: str) -> str:
        """Without NUL, and without halves of surrogate pairs; two halves that come in two pieces
        are put together."""
        text = self._half + piece
        self._half = ""
        if not text.isascii():
            if "\ud800" <= text[-1] <= "\udbff":
                text, self._half = text[:-1], text[-1]
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        return text.replace("\0", "")
