"""Work that is done again and again: one that fails does not end the others, nor fill the log."""

import logging
import time
from collections.abc import Callable
from typing import NamedTuple

log = logging.getLogger(__name__)

TOLD_AFTER = 5.0
"""Seconds that something fails until it is logged: what works then, or ends with the process, is
nobody's trouble."""


class Trouble(NamedTuple):
    kind: str
    """Of the error."""
    since: float
    told: bool


class Attempts:
    """Remembers what fails. For one thread at a time."""

    def __init__(self) -> None:
        self._failing: dict[str, Trouble] = {}

    def do(self, name: str, work: Callable[[], object]) -> None:
        """Do `work`, which is to be done again later; log once, by the kind of the error alone,
        that it keeps failing."""
        try:
            work()
        except Exception as error:
            self._fail(name, type(error).__name__)
        else:
            self._failing.pop(name, None)

    def _fail(self, name: str, kind: str) -> None:
        now = time.monotonic()
        before = self._failing.get(name)
        if before is None or before.kind != kind:
            before = Trouble(kind, now, told=False)
        tell = not before.told and now - before.since >= TOLD_AFTER
        if tell:
            log.error("%s fails, and is tried again: %s", name, kind)
        self._failing[name] = before._replace(told=before.told or tell)
