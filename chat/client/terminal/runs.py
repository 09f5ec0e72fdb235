"""The messages that are held of a conversation that was opened."""

from chat.protocol import Message

KEPT = 1_000
"""Messages held of a conversation that is not looked at."""


class Run:
    """By seq. `more`: older ones can be had."""

    def __init__(self) -> None:
        self.more = True
        self.loading = False
        self._messages: dict[int, Message] = {}
        self._sorted: list[Message] | None = None

    @property
    def messages(self) -> list[Message]:
        """Oldest first."""
        if self._sorted is None:
            self._sorted = [self._messages[seq] for seq in sorted(self._messages)]
        return self._sorted

    @property
    def first_seq(self) -> int | None:
        """The seq before which history goes on; None where nothing is held."""
        return self.messages[0].seq if self._messages else None

    def put(self, messages: list[Message]) -> None:
        """New ones, older ones, or changed ones."""
        self._messages.update((message.seq, message) for message in messages)
        self._sorted = None

    def change(self, message: Message) -> None:
        """Where it is held it is so from now on."""
        if message.seq in self._messages:
            self.put([message])

    def clear(self) -> None:
        self._messages.clear()
        self._sorted = None
        self.more = True

    def trim(self) -> None:
        if len(self._messages) > KEPT:
            kept = self.messages[-KEPT:]
            self.clear()
            self.put(kept)

    def last_of(self, sender: str, words: str = "") -> Message | None:
        """The latest text of `sender` that contains `words`."""
        mine = (m for m in reversed(self.messages) if m.sender == sender and m.kind == "text")
        return next((m for m in mine if words.casefold() in m.body.casefold()), None)
