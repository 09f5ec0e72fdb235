"""Text that is Unicode, and that a message may hold.

JSON can name the halves of a surrogate pair one by one. Some servers do, and in two chunks.
"""


def proper(text: str) -> str:
    """Without NUL; halves of pairs are put together, or left out where they are alone."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text.replace("\0", "")


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
