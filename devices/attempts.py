"""Work that is done again and again: one that fails does not end the others, nor fill the log."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)


class Attempts:
    """Remembers what fails. For one thread at a time."""

    def __init__(self) -> None:
        self._failing: dict[str, str] = {}
        """By name of the work, the kind of its error."""

    def do(self, name: str, work: Callable[[], object]) -> None:
        """Do `work`; log, by the error's kind alone, that it has begun to fail. It is to be done
        again later."""
        try:
            work()
        except Exception as error:
            kind = type(error).__name__
            if self._failing.get(name) != kind:
                log.error("%s fails, and is tried again: %s", name, kind)
            self._failing[name] = kind
        else:
            self._failing.pop(name, None)
