"""The life of one WebSocket as the log and the figures have it: when, whose, how it ended."""

import logging
from contextvars import ContextVar
from time import monotonic

from chat import metrics
from chat.protocol import Close
from chatproject.operations.ids import connection_id

log = logging.getLogger(__name__)

KNOWN_CODES = {value for name, value in vars(Close).items() if name.isupper()}
KNOWN_CODES |= {1000, 1005, 1006, 1007, 1009, 1011}  # RFC 6455, 7.4.1
"""A peer may send any code; each that is counted by itself is kept for good."""


class Life:
    __slots__ = ("_began", "account", "code", "id")

    def __init__(self) -> None:
        self.id = connection_id.get()
        self.account: str | None = None
        self.code: int | None = None
        self._began = monotonic()

    def opened(self, account: str) -> None:
        """It is known who connected."""
        self.account = account
        metrics.opened.inc()
        log.info("A connection of %s opened.", account, extra={"account": account})

    def closing(self, code: int | None) -> None:
        """It closes with `code`; the first one said is the reason."""
        if self.code is None:
            self.code = code

    def ended(self) -> None:
        seconds = round(monotonic() - self._began, 1)
        metrics.closed.labels(self.code if self.code in KNOWN_CODES else "other").inc()
        found = {"account": self.account, "code": self.code, "seconds": seconds}
        if self.account is None:
            log.info("A connection was refused.", extra=found)
        else:
            words = "A connection of %(account)s ended with %(code)s after %(seconds)s s."
            log.info(words, found, extra=found)


_current: ContextVar[Life] = ContextVar("life")


def begin() -> Life:
    """A new one: the WebSocket's in whose task we are."""
    life = Life()
    _current.set(life)
    return life


def current() -> Life:
    return _current.get(None) or begin()
