"""`python -m tests.chat.dying 500 import …` is `manage.py import …`, killed once it has stored more
messages than that: on no machine is it done before."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from unittest.mock import patch

import django
from django.core.management import execute_from_command_line

django.setup()

from chat.store import Row, SqlStore  # noqa: E402

Insert = Callable[[SqlStore, Sequence[Row]], None]


def deadly(insert: Insert, most: int) -> Insert:
    stored = 0

    def insert_or_die(store: SqlStore, rows: Sequence[Row]) -> None:
        nonlocal stored
        insert(store, rows)
        stored += len(rows)
        if stored > most:
            os.kill(os.getpid(), signal.SIGKILL)

    return insert_or_die


def main(most: int, words: list[str]) -> None:
    with patch.object(SqlStore, "insert", deadly(SqlStore.insert, most)):
        execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
