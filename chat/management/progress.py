"""How far a command is: a bar at a terminal, and elsewhere a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOBase

from tqdm import tqdm  # type: ignore[import-untyped]

SAY_EVERY = 5.0
"""Seconds between two lines, where there is no terminal for a bar."""
Tell = Callable[[int], object]
"""Is told how many more are done."""


@contextmanager
def progress(what: str, total: int, unit: str, stderr: TextIOBase) -> Iterator[Tell]:
    """Shows on `stderr` how many of `total` are done, which are called `unit` in the plural."""
    if sys.stderr.isatty():
        with tqdm(desc=what, total=total, unit=f" {unit}") as bar:
            yield bar.update
    else:
        yield _lines(what, total, unit, stderr)


def _lines(what: str, total: int, unit: str, stderr: TextIOBase) -> Tell:
    done, said_at = 0, time.monotonic()

    def tell(more: int) -> None:
        nonlocal done, said_at
        done += more
        if time.monotonic() - said_at > SAY_EVERY:
            said_at = time.monotonic()
            stderr.write(f"{what}: {done} of {total} {unit}")

    return tell
