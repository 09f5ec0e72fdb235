"""How far a conversation is known without a hole, and what has come from beyond one."""

from chat.protocol import Message


class Reach:
    """Of one conversation. Messages may come twice and in any order; they go on once, in order."""

    def __init__(self, end: int, changes: int = 0) -> None:
        self.end = end
        """All up to this seq has come, or is left to `history`."""
        self.changes = changes
        """The number of the last change that was heard of."""
        self.waited = 0
        """What is up to this seq was there before the client."""
        self._heard = changes
        self._beyond: dict[int, Message] = {}
        self._changed: dict[int, Message] = {}

    @property
    def lacks(self) -> bool:
        """Whether something is known to be missing: a message before others, or a change."""
        return bool(self._beyond) or self._heard > self.changes

    def take(self, message: Message) -> list[Message]:
        """Those that are next in order now; none where it is known, or lies beyond a hole."""
        if message.seq > self.end:
            self._beyond[message.seq] = message
        return self._next()

    def _next(self) -> list[Message]:
        found = []
        while message := self._beyond.pop(self.end + 1, None):
            found.append(message)
            self.end = message.seq
            if is_amended(message):
                self._changed[message.seq] = message
        return found

    def is_change(self, message: Message) -> bool:
        """Whether it says of a known message what was not known: it comes again where it was
        edited or deleted, and where its sender sent it again."""
        known = message.seq <= self.end and is_amended(message)
        if not known or self._changed.get(message.seq) == message:
            return False
        self._changed[message.seq] = message
        return True

    def hear_of(self, number: int, *, told: bool = True) -> None:
        """There is a change of this number, and it was `told`."""
        self._heard = max(self._heard, number)
        if told and number == self.changes + 1:
            self.changes = number

    def reached(self, number: int) -> None:
        """All changes up to this one were told."""
        self.changes = max(self.changes, number)

    def restart(self, end: int) -> None:
        """Go on after `end`, whatever is missing before it."""
        self.end = end
        self._beyond = {seq: message for seq, message in self._beyond.items() if seq > end}

    def leap(self) -> list[Message]:
        """Go on behind what is missing, since nothing brings it."""
        self.changes = max(self.changes, self._heard)
        if not self._beyond:
            return []
        self.end = min(self._beyond) - 1
        return self._next()


def is_amended(message: Message) -> bool:
    """Whether it was edited or deleted."""
    return message.kind == "deleted" or bool(message.edited_at)
