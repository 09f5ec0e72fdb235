"""`search` over sockets: a message is found soon after it was sent, by who may see it."""

import pytest

from tests.chat.api.calling import ask, call
from tests.chat.rooming import done, made
from tests.client import Client, Frame, new_id
from tests.server import dm
from tests.waiting import until_awaited

MOST = 1000
"""Searches; 30 are good at once, and more the slower they come."""


def word() -> str:
    """One that nobody else says: the server is shared."""
    return f"w{new_id()[:12]}"


async def results(ws: Client, query: str, **fields: object) -> Frame:
    """Also where one has searched so often that one must wait."""
    answer: Frame = {}

    async def is_answered() -> bool:
        nonlocal answer
        answer = await ws.request("search", query=query, **fields)
        return answer.get("code") != "rate_limited"

    await until_awaited(is_answered)
    assert answer["type"] == "results", answer
    return answer


async def bodies(ws: Client, query: str, **fields: object) -> list[str]:
    return [message["body"] for message in (await results(ws, query, **fields))["messages"]]


async def until_found(ws: Client, query: str, *expected: str) -> None:
    async def is_so() -> bool:
        return await bodies(ws, query) == list(expected)

    await until_awaited(is_so)


async def test_what_was_said_is_found_by_those_it_was_said_to(server, alice, bob, charlie):
    rare = word()
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as outside,
    ):
        message = await hers.send_text(bob.name, f"Grüße, {rare}!")
        await until_found(his, rare, message["body"])
        answer = await results(hers, f"GRUSSE {rare.upper()}", id="s1")
        assert answer == {
            "type": "results", "id": "s1", "messages": [message],
            "terms": ["GRUSSE", rare.upper()], "more": False,
        }  # fmt: skip
        assert await bodies(outside, rare) == []
        for where in (f"in:{dm(alice, bob)}", f"in:{bob.name}"):
            refused = await outside.refused("search", query=f"{rare} {where}")
            assert refused["code"] == "not_found"
        refused = await outside.refused("search", query=rare, conversation=dm(alice, bob))
        assert refused["code"] == "not_found"


async def test_in_rooms_one_finds_what_is_ones_own_part_as_long_as_one_is_there(
    server, alice, bob, charlie
):
    rare = word()
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as outside,
    ):
        private, public = await made(hers, private=True), await made(hers)
        await hers.send_text(private, f"{rare} before")
        await done(hers, "invite", room=private, user=bob.name)
        await hers.send_text(private, f"{rare} after")
        await hers.send_text(public, f"{rare} for all")
        await until_found(hers, rare, f"{rare} for all", f"{rare} after", f"{rare} before")
        assert await bodies(his, rare) == [f"{rare} after"]
        assert await bodies(outside, rare) == []
        await done(outside, "join", room=public)
        assert await bodies(outside, rare) == [f"{rare} for all"]
        await done(his, "leave", room=private)
        assert await bodies(his, rare) == []
        await done(hers, "remove", room=public, user=charlie.name)
        assert await bodies(outside, rare) == []


async def test_edited_and_deleted(server, alice, bob):
    old, new = word(), word()
    async with server.connect(alice) as hers, server.connect(bob) as his:
        edited = await hers.send_text(bob.name, f"{old} one")
        deleted = await hers.send_text(bob.name, f"{old} two")
        await until_found(his, old, f"{old} two", f"{old} one")
        await done(hers, "edit", message=edited["id"], body=f"{new} one")
        await done(hers, "delete", message=deleted["id"])
        assert await bodies(his, old) == []
        [found] = (await results(his, new))["messages"]
        assert (found["body"], "edited_at" in found) == (f"{new} one", True)


async def test_page_by_page(server, alice, bob):
    rare = word()
    async with server.connect(alice) as hers:
        sent = await hers.send_texts(bob.name, [f"{rare} {number}" for number in range(5)])
        await until_found(hers, rare, *(m["body"] for m in sent[::-1]))
        first = await results(hers, rare, limit=3)
        rest = await results(hers, rare, limit=3, before=first["messages"][-1]["id"])
        assert (first["more"], rest["more"]) == (True, False)
        assert first["messages"] + rest["messages"] == sent[::-1]


async def test_before_the_last_of_all_ids_is_all_there_is(server, alice):
    rare, last = word(), f"{'f' * 8}-ffff-ffff-ffff-{'f' * 12}"
    async with server.connect(alice) as hers:
        message = await hers.send_text(alice.name, rare)
        await until_found(hers, rare, rare)
        assert (await results(hers, rare, before=last))["messages"] == [message]
    page = await call(server, alice, "GET", "/search", query=rare, before=last)
    assert page["messages"] == [message]


async def test_large_messages_are_a_short_page(server, alice, bob):
    rare = word()
    sent = [f"{rare} {number} " + "ü" * 9_000 for number in range(20)]
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, sent)
        await until_found(hers, f'"{rare} 19"', sent[19])
        pages = [await results(hers, rare, limit=20)]
        while pages[-1]["more"]:
            last = pages[-1]["messages"][-1]["id"]
            pages.append(await results(hers, rare, limit=20, before=last))
        assert len(pages) > 1
        assert [m["body"] for page in pages for m in page["messages"]] == sent[::-1]


@pytest.mark.embedded("it is about one process that dies; leases are others' tests")
async def test_what_was_acked_is_found_though_the_server_was_killed_at_once(own_server):
    server = own_server()
    alice, bob = server.person("alice"), server.person("bob")
    rare = word()
    said = [f"{rare} {number}" for number in range(300)]
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, said)
        server.kill()
    server.start()
    async with server.connect(bob) as his:
        await until_found(his, f'"{rare} 299"', said[299])
        assert await bodies(his, rare, limit=100) == said[:199:-1]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"query": ""}, "query"),
        ({"query": "x" * 201}, "query"),
        ({"query": "?!"}, "must have a word"),
        ({"query": "before:soon"}, "before:2026-11-01"),
        ({"query": "word", "before": "yesterday"}, "before"),
        ({"query": "word", "limit": 101}, "limit"),
        ({}, "query"),
    ],
)
async def test_what_is_wrong_is_refused(server, alice, fields, says):
    async with server.connect(alice) as hers:
        refused = await hers.refused("search", **fields)
        assert refused["code"] == "invalid"
        assert says in refused["detail"]


async def test_who_searches_too_fast_is_told_to_wait(server, alice):
    async with server.connect(alice) as hers:
        for _ in range(MOST):
            answer = await hers.request("search", query="word")
            if answer["type"] == "error":
                break
        assert answer["code"] == "rate_limited"
        assert answer["retry_after"] > 0


async def test_one_limit_is_for_searches_at_both_doors(server, alice):
    async def is_refused():
        for _ in range(60):
            await hers.send("search", id="x", query="word")
        await hers.barrier()
        return (await ask(server, alice, "GET", "/search", query="word")).status == 429

    async with server.connect(alice) as hers:
        await until_awaited(is_refused)
