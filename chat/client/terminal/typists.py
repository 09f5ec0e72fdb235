"""Who types, for five seconds after they said so."""

import time

LASTS = 5.0
"""Seconds."""


class Typists:
    def __init__(self) -> None:
        self._since: dict[str, dict[str, float]] = {}

    def note(self, conversation: str, user: str) -> None:
        self._since.setdefault(conversation, {})[user] = time.monotonic()

    def forget(self, conversation: str, user: str) -> None:
        self._since.get(conversation, {}).pop(user, None)

    def of(self, conversation: str | None) -> list[str]:
        """The names of who types there now."""
        since = self._since.get(conversation or "", {})
        oldest = time.monotonic() - LASTS
        return sorted(user for user, at in since.items() if at > oldest)
