"""The last seq of the conversations that are busy in this process; kept on the event loop."""

MAX_KNOWN = 100_000


class LastSeqs:
    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def get(self, conversation: str, unknown: int) -> int:
        return self._known.get(conversation, unknown)

    def note(self, conversation: str, seq: int) -> None:
        if seq > self._known.get(conversation, -1):
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            self._known[conversation] = seq


last_seqs = LastSeqs()
