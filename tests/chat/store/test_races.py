"""Twenty threads want the same place at once: one gets it, on every engine."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections

from tests.chat.store.rows import AB, AC, row

THREADS = 20


def race(store, batches) -> list[bool]:
    """Insert each batch in a thread of its own, all at once; whether each was taken."""
    barrier = Barrier(THREADS)

    def insert(batch) -> bool:
        try:
            store.last_seqs([AB])  # connected before it starts
            barrier.wait(30)
            store.insert(batch)
        except IntegrityError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(insert, batches))


@pytest.mark.parametrize(
    "place",
    [{"seq": 1}, {"client_id": "same"}, {"id": "00000000-0000-7000-8000-ffffffffffff"}],
    ids=["seq", "client id", "id"],
)
def test_one_wins(store, place):
    batches = [[row(**{"conversation": AB, "seq": n, **place})] for n in range(1, THREADS + 1)]
    won = race(store, batches)
    assert won.count(True) == 1
    stored = store.after(AB, 0, THREADS)
    assert [message.id for message in stored] == [batches[won.index(True)][0].id]


def test_batches_that_overlap_leave_no_half_of_a_seq(store):
    """Each wants the same ten places of two conversations; a place is taken once, from below."""
    batches = [[row(c, seq) for c in (AB, AC) for seq in range(1, 11)] for _ in range(THREADS)]
    assert race(store, batches).count(True) <= 1
    for conversation in (AB, AC):
        seqs = [message.seq for message in store.after(conversation, 0, 100)]
        assert seqs == list(range(1, len(seqs) + 1))
    assert store.last_seqs([AB])[AB] == 10
