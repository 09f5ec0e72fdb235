"""The last messages of the conversations that are busy, as this process has heard of them.

Noted on the event loop, from its own writer and from other processes; the writer's thread looks
as well, so that it seldom takes a seq that another process has taken.
"""

from chat.store import Tip

MAX_KNOWN = 100_000


class LastSeqs:
    def __init__(self) -> None:
        self._known: dict[str, Tip] = {}

    def get(self, conversation: str, unknown: int) -> int:
        known = self._known.get(conversation)
        return unknown if known is None else known.seq

    def tip(self, conversation: str) -> Tip | None:
        """The last message heard of; there may be later ones."""
        return self._known.get(conversation)

    def note(self, conversation: str, tip: Tip) -> None:
        if tip.seq > self.get(conversation, -1):
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            self._known[conversation] = tip

    def forget(self) -> None:
        """Something may have been missed: have all looked up anew."""
        self._known.clear()


last_seqs = LastSeqs()
