"""Limits of a user: messages a second, connections at once, questions that wait."""

import contextlib
import time

import pytest

from tests.chat.api.calling import ask
from tests.client import new_id
from tests.http import Answer
from tests.server import dm
from tests.waiting import until_awaited

IN_ONE_PLACE = pytest.mark.embedded("each process counts what it has itself")

LIMITED = pytest.mark.embedded("what processes share of it is in test_shared_limits.py")


@pytest.fixture(scope="module")
def limited(module_server):
    return module_server(RATE_LIMIT_MESSAGES="20", RATE_LIMIT_BURST="100")


async def flood(ws, to: str, count: int) -> tuple[list[dict], list[dict]]:
    """Send `count` messages in one breath; the acks and the errors."""
    for number in range(count):
        await ws.send("send", id=f"f{number}", to=to, body=str(number))
    answers = [await ws.expect(id=f"f{number}") for number in range(count)]
    return (
        [answer for answer in answers if answer["type"] == "ack"],
        [answer for answer in answers if answer["type"] == "error"],
    )


async def is_stored(ws, to: str) -> bool:
    answer = await ws.request("send", to=to, body="again")
    return answer["type"] == "ack"


@LIMITED
async def test_a_burst_passes_and_more_is_told_when_to_come_back(limited):
    alice, bob = limited.person("alice"), limited.person("bob")
    async with limited.connect(alice) as ws:
        began = time.monotonic()
        acks, errors = await flood(ws, bob.name, 400)  # at 20 a second they would take 15
        elapsed = time.monotonic() - began
        assert 100 <= len(acks) <= 100 + 20 * elapsed + 1
        assert {error["code"] for error in errors} == {"rate_limited"}
        assert all(0 < error["retry_after"] <= 1 for error in errors)
        await until_awaited(lambda: is_stored(ws, bob.name))


@LIMITED
async def test_the_limit_is_the_users_not_the_connections(limited):
    alice, bob = limited.person("alice"), limited.person("bob")
    async with limited.connect(alice) as one, limited.connect(alice) as other:
        began = time.monotonic()
        acks = [ack for ws in (one, other) for ack in (await flood(ws, bob.name, 200))[0]]
        elapsed = time.monotonic() - began
        assert 100 <= len(acks) <= 100 + 20 * elapsed + 1


@LIMITED
async def test_it_does_not_touch_others(limited):
    alice, bob = limited.person("alice"), limited.person("bob")
    async with limited.connect(alice) as hers, limited.connect(bob) as his:
        await flood(hers, bob.name, 150)
        acks, errors = await flood(his, alice.name, 100)
        assert (len(acks), errors) == (100, [])


@LIMITED
async def test_it_is_one_for_all_doors(limited):
    """What a socket has used up, the API has not either; it says when to come back."""
    alice, bob = limited.person("alice"), limited.person("bob")
    answers: list[Answer] = []

    async def is_refused_by_the_api():
        await flood(ws, bob.name, 120)
        body = {"id": new_id(), "to": bob.name, "body": "and by HTTP"}
        answers.append(await ask(limited, alice, "POST", "/messages", body))
        return answers[-1].status == 429

    async with limited.connect(alice) as ws:
        await until_awaited(is_refused_by_the_api)
    refused = {name.lower(): value for name, value in answers[-1].headers.items()}
    assert int(refused["retry-after"]) >= 1


@LIMITED
async def test_what_was_refused_is_not_stored(limited):
    alice, bob = limited.person("alice"), limited.person("bob")
    async with limited.connect(alice) as ws:
        acks, _ = await flood(ws, bob.name, 150)
        await ws.send("sync", id="s", since={dm(alice, bob): 0})
        await ws.expect("synced", id="s")
        stored = [m for frame in await ws.seen("messages") for m in frame["messages"]]
        assert stored == [ack["message"] for ack in acks]


async def test_no_limit_where_it_is_switched_off(server, alice, bob):
    async with server.connect(alice) as ws:
        acks, errors = await flood(ws, bob.name, 300)
        assert (len(acks), errors) == (300, [])


@pytest.mark.embedded("each process counts the connections that it has itself")
async def test_the_oldest_of_more_than_20_connections_is_closed(server, alice):
    async with contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(server.connect(alice)) for _ in range(20)]
        for ws in sockets:
            await ws.barrier()
        sockets.append(await stack.enter_async_context(server.connect(alice)))
        assert await sockets[0].closed() == 4429
        for ws in sockets[1:]:
            await ws.barrier()
        await stack.enter_async_context(server.connect(alice))
        assert await sockets[1].closed() == 4429


@IN_ONE_PLACE
async def test_connections_that_ended_do_not_count(server, alice):
    async with server.connect(alice) as first:
        for _ in range(30):
            async with server.connect(alice):
                pass
        await first.barrier()


@IN_ONE_PLACE
async def test_others_connections_do_not_count(server, alice, bob):
    async with contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(server.connect(bob))
        for _ in range(20):
            await stack.enter_async_context(server.connect(alice))
        await first.barrier()


@IN_ONE_PLACE
async def test_at_most_16_questions_wait(server, alice, bob):
    """Whoever asks faster than can be answered is told so; each question has one answer."""
    async with server.connect(alice) as ws:
        await ws.send_texts(bob.name, ["x" * 10_000 for _ in range(100)])
        ids = [f"q{number}" for number in range(200)]
        for id in ids:
            await ws.send("history", id=id, conversation=dm(alice, bob), before=None, limit=100)
        answers = [await ws.expect(id=id) for id in ids]
        pages = [answer for answer in answers if answer["type"] == "history"]
        errors = [answer for answer in answers if answer["type"] == "error"]
        assert len(pages) >= 16
        assert errors
        assert {error["code"] for error in errors} == {"rate_limited"}
        assert all(error["retry_after"] > 0 for error in errors)
        assert (await ws.request("sync", since={}))["type"] == "synced"
