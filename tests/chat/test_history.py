"""`history`: pages backwards through a conversation, each oldest first."""

import pytest

from tests.server import dm


@pytest.fixture
async def talk(server, alice, bob):
    """250 messages between Alice and Bob."""
    async with server.connect(alice) as ws:
        return await ws.send_texts(bob.name, [str(n) for n in range(1, 251)])


async def test_the_newest_page_is_oldest_first(server, alice, bob, talk):
    async with server.connect(bob) as ws:
        page = await ws.request("history", conversation=dm(alice, bob), before=None, limit=100)
        assert page == {
            "type": "history",
            "id": page["id"],
            "conversation": dm(alice, bob),
            "messages": talk[150:],
            "more": True,
        }


async def test_paging_back_gives_everything_once(server, alice, bob, talk):
    async with server.connect(bob) as ws:
        got: list[dict] = []
        before, pages = None, 0
        while True:
            page = await ws.request("history", conversation=dm(alice, bob), before=before, limit=60)
            got, pages = page["messages"] + got, pages + 1
            if not page["more"]:
                break
            before = page["messages"][0]["seq"]
        assert (got, pages) == (talk, 5)


@pytest.mark.parametrize(
    ("before", "limit", "seqs", "more"),
    [
        (1, 10, [], False),
        (2, 10, [1], False),
        (11, 10, list(range(1, 11)), False),
        (12, 10, list(range(2, 12)), True),
        (2**53 - 1, 1, [250], True),
    ],
)
async def test_the_edges_of_a_page(server, alice, bob, talk, before, limit, seqs, more):
    async with server.connect(alice) as ws:
        page = await ws.request("history", conversation=dm(alice, bob), before=before, limit=limit)
        assert ([m["seq"] for m in page["messages"]], page["more"]) == (seqs, more)


async def test_large_bodies_are_cut_to_the_frame_and_more_says_so(server, alice, bob):
    async with server.connect(alice) as ws:
        sent = await ws.send_texts(bob.name, ["🙂" * 10_000 for _ in range(30)])
        got: list[dict] = []
        before = None
        while True:
            page = await ws.request(
                "history", conversation=dm(alice, bob), before=before, limit=100
            )
            assert page["messages"], "a page that gives nothing can never be turned"
            got = page["messages"] + got
            if not page["more"]:
                break
            before = got[0]["seq"]
        assert got == sent
        assert ws.largest <= 256 * 1024


async def test_what_is_not_ones_own_is_not_found(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        await hers.send_text(bob.name, "secret")
        for conversation in (dm(alice, bob), "dm:no-such:nobody", "room:lobby", ""):
            error = await ws.refused("history", conversation=conversation, before=None, limit=10)
            assert error["code"] == "not_found", conversation


async def test_bad_fields_are_invalid(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "hello")
        for fields in (
            {"limit": 0},
            {"limit": 101},
            {"limit": "10"},
            {"limit": 1.5},
            {"before": 0},
            {"before": -1},
            {"before": 2**53},
            {"before": "1"},
            {"after": 1},
            {"conversation": "\0"},
        ):
            error = await ws.refused("history", **{"conversation": dm(alice, bob), **fields})
            assert error["code"] == "invalid", fields
            assert next(iter(fields)) in error["detail"]
        assert (await ws.refused("history", limit=5))["code"] == "invalid"


async def test_answers_come_in_the_order_asked(server, alice, bob, talk):
    async with server.connect(bob) as ws:
        for n in range(10):
            await ws.send("history", id=f"h{n}", conversation=dm(alice, bob), before=n + 2, limit=1)
        for n in range(10):
            page = await ws.expect("history")
            assert (page["id"], page["messages"][0]["seq"]) == (f"h{n}", n + 1)
