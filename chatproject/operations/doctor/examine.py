"""Runs checks side by side, each in a thread of its own that nobody waits for too long."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import connections

from chatproject.operations.doctor.finding import Finding, fail

WITHIN = 8.0
"""Seconds for all checks together; one that has not ended then is told of as it is."""


class Check(NamedTuple):
    subject: str
    look: Callable[[], Iterable[Finding]]
    otherwise: str
    """What to do where `look` raises, or does not come back."""


def examine(checks: Iterable[Check]) -> list[Finding]:
    """The findings of all checks, in the order of these. Takes WITHIN seconds at the most."""
    running = [_Running(check) for check in checks]
    end = time.monotonic() + WITHIN
    for one in running:
        one.join(max(0.0, end - time.monotonic()))
    return [finding for one in running for finding in one.findings()]


class _Running(threading.Thread):
    def __init__(self, check: Check) -> None:
        super().__init__(daemon=True)  # one that hangs does not hold up the exit
        self.check = check
        self.found: list[Finding] = []
        self.start()

    def run(self) -> None:
        found: list[Finding] = []
        try:
            found.extend(self.check.look())
        except Exception as error:  # whatever it is, it is a finding
            found.append(fail(self.check.subject, _reason(error), self.check.otherwise))
        finally:
            self.found = found
            connections.close_all()

    def findings(self) -> list[Finding]:
        if self.found or not self.is_alive():
            return self.found
        return [fail(self.check.subject, f"no answer within {WITHIN:g} s", self.check.otherwise)]


def _reason(error: Exception) -> str:
    """The error in one line; the first is what happened, those that follow are advice."""
    text = str(error).strip().partition("\n")[0][:300]
    return text or type(error).__name__
