"""One embedded server for one data folder: who is online and what was typed lives in it alone.

Servers with REDIS_URL share the folder with each other, but not with an embedded one, whose people
they would never hear.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

NAME = "server.lock"
SHARERS = "one with REDIS_URL"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Holds the folder for this process; the system frees it however the process ends.

    Raises CommandError, naming folder and process, where another server uses it.
    """
    with (folder / NAME).open("a+") as file:
        _take(file, fcntl.LOCK_EX, folder)
        _sign(file, str(os.getpid()))
        yield


@contextmanager
def shared(folder: Path) -> Iterator[None]:
    """The same for a server that shares it; raises CommandError where an embedded one uses it."""
    with (folder / NAME).open("a+") as file:
        _take(file, fcntl.LOCK_SH, folder)
        _sign(file, SHARERS)
        yield


def _take(file: IO[str], kind: int, folder: Path) -> None:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Another server ({_signed(file)}) is using the data folder {folder}; stop it first, or"
            " set DATA_DIR to another folder, or REDIS_URL for both."
        ) from None


def _sign(file: IO[str], who: str) -> None:
    file.truncate(0)
    file.write(f"{who}\n")
    file.flush()


def _signed(file: IO[str]) -> str:
    file.seek(0)
    who = file.readline().strip() or "unknown"
    return f"process {who}" if who != SHARERS else who
