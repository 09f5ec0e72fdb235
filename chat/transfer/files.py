"""Where the copies are until they are fetched: in DOWNLOAD_DIR, for the chat's own user alone."""

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

LEFT_BEHIND_AFTER = 3600.0
"""Seconds after which a file that belongs to no download is nobody's."""


def path_of(number: int) -> Path:
    return Path(settings.DOWNLOAD_DIR) / f"{number}.zip"


@contextmanager
def making(number: int) -> Iterator[IO[bytes]]:
    """A new file, which has its name, and is on the disk, once all is written."""
    path = path_of(number)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)  # of one who died over it
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def remove(number: int) -> None:
    path = path_of(number)
    path.unlink(missing_ok=True)
    path.with_suffix(".part").unlink(missing_ok=True)


def remove_others(numbers: Collection[int]) -> None:
    """What was left behind by downloads that are no more."""
    mine = {str(number) for number in numbers}
    for path in Path(settings.DOWNLOAD_DIR).iterdir():
        is_ours = path.suffix in (".zip", ".part") and path.stem.isdecimal()
        if is_ours and path.stem not in mine and _is_old(path):
            path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - LEFT_BEHIND_AFTER
    except FileNotFoundError:
        return False
