"""Cursors that must be looked up first: sockets can't time what comes meanwhile."""

import asyncio

import pytest

from chat import cursors as module
from chat.cursors import Cursors, Position
from chat.seqs import last_seqs
from chat.store import Tip
from tests.waiting import until

TALK = "dm:alice:bob"


class Database:
    """What it is asked, and told; it answers when it is let, with a last seq."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[int]] = []
        self.saved: list[tuple[str, str, int, int]] = []

    async def read(self, _: object, keys: list[module.Key]) -> dict:
        self.asked.append(asyncio.get_running_loop().create_future())
        last = await self.asked[-1]
        saved = {(account, talk): Position(*rest) for account, talk, *rest in self.saved}
        return {key: (saved.get(key, Position(0, 0)), Tip(last, f"id {last}")) for key in keys}

    async def save(self, _: object, rows: list[tuple[str, str, int, int]]) -> None:
        self.saved += rows


class Everybody:
    """All are connected, and hear nothing."""

    def of(self, account: str) -> list[str]:
        return [account]

    def push(self, *_: object) -> None:
        pass


@pytest.fixture
def database(monkeypatch):
    database = Database()
    monkeypatch.setattr(module, "run_query", database.read)
    monkeypatch.setattr(module, "run_save", database.save)
    monkeypatch.setattr(module, "hub", Everybody())
    last_seqs.forget()
    yield database
    last_seqs.forget()


async def looked_up(database: Database, times: int) -> asyncio.Future[int]:
    await until(lambda: len(database.asked) == times)
    return database.asked[-1]


@pytest.mark.parametrize(("one", "both"), [((1, 0), (2, 0)), ((0, 1), (2, 2))])
async def test_what_is_asked_while_the_one_before_is_looked_up_is_not_lost(database, one, both):
    """Another process has stored the second message; that was not heard of here."""
    cursors = Cursors()
    cursors.ask("bob", TALK, *one)
    first = await looked_up(database, 1)
    cursors.ask("bob", TALK, *both)
    first.set_result(1)
    (await looked_up(database, 2)).set_result(2)
    await cursors.save()
    assert database.saved[-1] == ("bob", TALK, *both)


async def test_nor_where_two_looks_overlap(database):
    """The one of who is known, a moment later, takes along what Bob asked meanwhile."""
    cursors = Cursors()
    cursors.ask("carol", TALK, received=1)
    (await looked_up(database, 1)).set_result(1)
    await cursors.save()
    cursors.ask("bob", TALK, received=1)
    first = await looked_up(database, 2)
    cursors.ask("bob", TALK, received=2)
    cursors.ask("carol", TALK, read=1)
    second = await looked_up(database, 3)
    first.set_result(1)
    await asyncio.sleep(0.01)
    second.set_result(2)
    await cursors.save()
    assert ("bob", TALK, 2, 0) in database.saved


async def test_what_is_beyond_the_last_seq_is_asked_for_once(database):
    cursors = Cursors()
    cursors.ask("bob", TALK, received=7)
    (await looked_up(database, 1)).set_result(1)
    await cursors.save()
    last_seqs.note(TALK, Tip(9, "id 9"))
    cursors.ask("bob", TALK, read=1)
    await cursors.save()
    assert database.saved[-1] == ("bob", TALK, 1, 1)
    assert len(database.asked) == 1
