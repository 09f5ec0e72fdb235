"""Text that is Unicode, and that a message may hold.

JSON can name the halves of a surrogate pair one by one. Some servers do, and in two chunks.
"""

SEEN = "\t\n"
_CONTROLS = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Of terminals, and of the direction of writing."""
_UNSEEN = dict.fromkeys(_CONTROLS - {ord(sign) for sign in SEEN})


def proper(text: str) -> str:
    """Without what clients that print it would act on; halves of pairs are put together, or left
    out where they are alone."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text if text.isprintable() else text.translate(_UNSEEN)


class Halves:
    """Keeps a first half at the end of a piece for the next one."""

    def __init__(self) -> None:
        self._half = ""

    def join(self, piece: str) -> str:
        """The piece, proper."""
        text = self._half + piece
        is_first = "\ud800" <= text[-1:] <= "\udbff"
        self._half = text[-1:] if is_first else ""
        return proper(text[:-1] if is_first else text)
