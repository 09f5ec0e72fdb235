"""A process that forks, as Celery's workers do: parent and child go on, each by itself."""

import os

from django.db import connections

from chat.store import Row
from tests.chat.store.rows import AB, row


def in_child(work) -> int:
    """Run `work` in a fork of this process; gives its exit code, 0 where it did not fail."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_parent_and_child_both_go_on(store):
    for seq in (1, 3, 5):
        parents, childs = row(AB, seq), row(AB, seq + 1)
        store.insert([parents])
        connections.close_all()  # as Celery does before it forks; MongoDB's client lives on

        def child(seq: int = seq, row: Row = childs) -> None:
            assert store.last_seqs([AB]) == {AB: seq}
            store.insert([row])
            assert [message.seq for message in store.after(AB, seq - 1, 10)] == [seq, seq + 1]

        assert in_child(child) == 0
        assert store.last_seqs([AB]) == {AB: seq + 1}
