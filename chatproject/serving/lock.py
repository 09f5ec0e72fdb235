"""One server for one data folder: who is online and what was typed lives in that one process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

NAME = "server.lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Holds the folder for this process; the system frees it however the process ends.

    Raises CommandError, naming folder and process, where another server holds it.
    """
    with (folder / NAME).open("a+") as file:
        _take(file, folder)
        yield


def _take(file: IO[str], folder: Path) -> None:
    file.seek(0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Another server (process {file.read().strip() or 'unknown'}) is using the data folder"
            f" {folder}; stop it first, or set DATA_DIR to another folder."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
