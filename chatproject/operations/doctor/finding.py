"""What a check found: one line, and what to do about it."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    """It works, but not as its owner would want it to."""
    FAIL = "fail"
    """It does not work, or may lose something."""


class Finding(NamedTuple):
    level: Level
    subject: str
    says: str
    do: str = ""


def ok(subject: str, says: str) -> Finding:
    return Finding(Level.OK, subject, says)


def warn(subject: str, says: str, do: str) -> Finding:
    return Finding(Level.WARN, subject, says, do)


def fail(subject: str, says: str, do: str) -> Finding:
    return Finding(Level.FAIL, subject, says, do)
