"""How often the server is asked does not grow with the number of conversations."""

from operator import methodcaller

import pytest

from chat.store import GeneralStore
from tests.chat.store.rows import append, post, row
from tests.chat.store.trips import counted

NAMES = [f"dm:alice:friend{number}" for number in range(200)]
NOTHING_READ = dict.fromkeys(NAMES, 0)
ASKED = {
    "heads": (2, methodcaller("heads", {("alice", name): 0 for name in NAMES})),
    "last seqs": (1, methodcaller("last_seqs", NAMES)),
    "oldest": (1, methodcaller("oldest", NOTHING_READ)),
    "tips": (1, methodcaller("tips", NAMES)),
    "a page": (1, methodcaller("before", NAMES[0], 1, None, 50)),
    "an insert": (3, methodcaller("insert", [row("dm:alice:bob", n) for n in range(1, 100)])),
}


@pytest.mark.parametrize("asked", ASKED)
def test_it_is_asked_at_most_so_often(engine, asked):
    most, ask = ASKED[asked]
    engine.store.insert([row(name, 1) for name in NAMES])
    with counted(engine) as trips:
        ask(engine.store)
    assert 1 <= len(trips) <= most, trips


def test_the_orm_asks_once_for_each(engine):
    """What the stores spare; and the count is one."""
    with counted(engine) as trips:
        GeneralStore().tips(NAMES[:10])
    assert len(trips) == 10


def test_a_batch_of_posts_costs_no_more_than_one(engine, appender):
    append(appender, post("warm up"))
    with counted(engine) as trips:
        append(appender, *[post(str(number)) for number in range(100)])
    assert 1 <= len(trips) <= 3, trips
