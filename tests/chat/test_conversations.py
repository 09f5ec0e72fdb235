"""`conversations`: all of one's conversations, page by page, latest activity first."""

import pytest

from tests.server import dm


@pytest.fixture
async def friends(server, alice):
    """Seven people whom Alice wrote to, the latest first."""
    people = [server.person("friend") for _ in range(7)]
    async with server.connect(alice) as ws:
        for friend in people:
            await ws.send_text(friend.name, "hello")
    return people[::-1]


async def test_it_shows_what_hello_shows(server, alice, friends):
    async with server.connect(alice) as ws:
        page = await ws.request("conversations", before=None, limit=200)
        assert page == {
            "type": "conversations",
            "id": page["id"],
            "conversations": ws.hello["conversations"],
            "more": False,
        }


async def test_pages_give_everything(server, alice, friends):
    async with server.connect(alice) as ws:
        got: list[dict] = []
        before, more = None, True
        while more:
            page = await ws.request("conversations", before=before, limit=3)
            new = [c for c in page["conversations"] if c["id"] not in {g["id"] for g in got}]
            assert new
            got, more = got + new, page["more"]
            before = got[-1]["last_at"]
    assert [c["id"] for c in got] == [dm(alice, friend) for friend in friends]


async def test_before_a_time_when_there_was_nothing(server, alice, friends):
    async with server.connect(alice) as ws:
        page = await ws.request("conversations", before="2000-01-01T00:00:00.000Z", limit=10)
        assert (page["conversations"], page["more"]) == ([], False)


async def test_before_may_carry_any_offset(server, alice, friends):
    async with server.connect(alice) as ws:
        page = await ws.request("conversations", before="2999-01-01T00:00:00+05:30", limit=200)
        assert len(page["conversations"]) == 7


async def test_it_shows_nobody_elses(server, alice, friends, charlie):
    async with server.connect(charlie) as ws:
        page = await ws.request("conversations", before=None, limit=200)
        assert page["conversations"] == []


async def test_bad_fields_are_invalid(server, alice):
    async with server.connect(alice) as ws:
        for fields in (
            {"limit": 0},
            {"limit": 201},
            {"limit": "5"},
            {"before": "yesterday"},
            {"before": "2026-11-22T09:30:00"},
            {"before": 1_700_000_000},
            {"before": ""},
            {"after": None},
        ):
            error = await ws.refused("conversations", **fields)
            assert error["code"] == "invalid", fields
            assert next(iter(fields)) in error["detail"]


async def test_times_at_the_edge_of_what_can_be_told_are_answered(server, alice, friends):
    """Their moment in UTC lies outside of the years 1 to 9999."""
    async with server.connect(alice) as ws:
        for before in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            answer = await ws.request("conversations", before=before, limit=10)
            assert answer["type"] == "conversations" or answer["code"] == "invalid", answer
