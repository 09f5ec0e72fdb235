"""`device:…`: what a device reports, to those who have joined, from then on."""

import json
from contextlib import AsyncExitStack

import pytest

from chat.accounts import endings
from chat.models import Account, Membership
from tests.chat.conftest import EMBEDDED
from tests.chat.subscribing import (
    are_in,
    both,
    feed,
    join,
    leave,
    report,
    subscribe,
    synced,
    values,
)
from tests.client import Client
from tests.devices.hardware import Hardware, new_device, now

RECHECKED_WITHIN = 30.0
"""Seconds; it is every four, on a machine that does not stall."""


@pytest.fixture(scope="module")
def boiler(topology: str, request: pytest.FixtureRequest) -> Hardware:
    """Reports what the tests of this module have it report."""
    shared = "shared_server" if topology == EMBEDDED else "shared_cluster"
    return new_device(request.getfixturevalue(shared))


# ---- joining ----------------------------------------------------------------------------------


async def test_who_joins_is_told_of_it_on_every_connection_and_nobody_else(
    server, boiler, alice, bob
):
    await report(boiler, 1, 2)
    last = len(boiler.values())
    async with AsyncExitStack() as stack:
        one, other = await both(stack, server, alice)
        his = await stack.enter_async_context(server.connect(bob))
        await subscribe(one, boiler)
        for ws in (one, other):
            shown = (await ws.expect("conversation", conversation={"id": feed(boiler)}))[
                "conversation"
            ]
            assert shown["title"] == "Boiler"
            assert (shown["first_seq"], shown["last_seq"]) == (last + 1, last)
            assert (shown["received_seq"], shown["read_seq"], shown["unread"]) == (last, last, 0)
        await his.nothing("conversation")
        await his.nothing("left")


async def test_live_readings_come_to_every_connection_of_every_subscriber_in_order(
    server, boiler, alice, bob, charlie
):
    async with AsyncExitStack() as stack:
        hers, his = await both(stack, server, alice), await both(stack, server, bob)
        outsider = await both(stack, server, charlie)
        await subscribe(hers[0], boiler)
        await subscribe(his[1], boiler)
        await are_in(boiler, *hers, *his)
        await report(boiler, *range(20))
        for ws in (*hers, *his):
            assert await values(ws, boiler, 20) == list(range(20))
        for ws in outsider:
            await ws.nothing("message")
            await ws.nothing_about(feed(boiler))


async def test_who_was_connected_nowhere_when_joining_gets_them_after_connecting(
    server, boiler, alice
):
    join(server, alice, boiler)
    async with server.connect(alice) as ws:
        assert feed(boiler) in {conversation["id"] for conversation in ws.hello["conversations"]}
        await report(boiler, 5)
        assert await values(ws, boiler, 1) == [5]


async def test_nothing_from_before_joining_is_shown(server, boiler, alice):
    await report(boiler, 1, 2, 3)
    first = len(boiler.values()) + 1
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)
        await report(boiler, 4, 5)
        await values(ws, boiler, 2)
        page = await ws.request("history", conversation=feed(boiler), before=None, limit=100)
        assert [message["seq"] for message in page["messages"]] == [first, first + 1]
        assert page["more"] is False
        assert [message["seq"] for message in await synced(ws, feed(boiler), 0)] == [
            first,
            first + 1,
        ]


async def test_what_is_reported_again_does_not_reach_who_joined_since(server, boiler, alice):
    at = now()
    await boiler.report(1, at=at)
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)
        again = await boiler.report(1, at=at)
        assert json.loads(again.body) == {"stored": 0, "repeated": 1}
        await report(boiler, 2)
        assert await values(ws, boiler, 1) == [2]


async def test_who_was_away_finds_what_came_since_joining(server, boiler, alice):
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)
        answer = await ws.request("stored", after=None)
        seen = answer["messages"][-1]["id"]
    await report(boiler, 7, 8, 9)
    async with server.connect(alice) as ws:
        waiting = (await ws.request("stored", after=seen))["messages"]
        assert [message["data"]["value"] for message in waiting] == [7, 8, 9]
        assert await synced(ws, feed(boiler), waiting[0]["seq"] - 1) == waiting


async def test_a_feed_never_counts_as_unread(server, boiler, alice):
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)
        await report(boiler, 1, 2, 3)
        await values(ws, boiler, 3)
    async with server.connect(alice) as ws:
        page = await ws.request("conversations", before=None, limit=200)
        for listed in (ws.hello["conversations"], page["conversations"]):
            (shown,) = [shown for shown in listed if shown["id"] == feed(boiler)]
            assert shown["last_seq"] == shown["read_seq"] + 3
            assert shown["unread"] == 0


# ---- leaving ----------------------------------------------------------------------------------


async def test_who_leaves_is_told_on_every_connection_and_gets_nothing_more(
    server, boiler, alice, bob
):
    async with AsyncExitStack() as stack:
        hers = await both(stack, server, alice)
        his = await stack.enter_async_context(server.connect(bob))
        await subscribe(hers[0], boiler)
        await subscribe(his, boiler)
        await are_in(boiler, *hers, his)
        await report(boiler, 1)
        for ws in (*hers, his):
            assert await values(ws, boiler, 1) == [1]
        await leave(hers[1], boiler)
        for ws in hers:
            await ws.expect("left", conversation=feed(boiler))
        await report(boiler, 2)
        assert await values(his, boiler, 1) == [2]
        for ws in hers:
            await ws.nothing("message", message={"conversation": feed(boiler)})
        await his.nothing("left")


async def refusals(ws: Client, conversation: str, seq: int) -> list[tuple[str, str]]:
    """The codes and words with which all that one can ask of it is refused, but for its name."""
    found = [
        await ws.refused("sync", since={conversation: 0}),
        await ws.refused("history", conversation=conversation, before=None, limit=10),
        await ws.refused("received", conversation=conversation, seq=seq),
        await ws.refused("read", conversation=conversation, seq=seq),
        await ws.refused("typing", conversation=conversation),
        await ws.refused("send", to=conversation, body="hello"),
    ]
    return [(error["code"], error["detail"].replace(conversation, "…")) for error in found]


async def test_to_who_has_left_it_is_as_if_it_did_not_exist(server, boiler, alice):
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)
        await report(boiler, 1, 2)
        seq = len(boiler.values())
        await leave(ws, boiler)
        told = await refusals(ws, feed(boiler), seq)
        assert {code for code, _ in told} == {"not_found"}
        assert told == await refusals(ws, "device:nothing", seq)
        stored = await ws.request("stored", after=None)
        assert feed(boiler) not in {message["conversation"] for message in stored["messages"]}
    async with server.connect(alice) as ws:
        assert feed(boiler) not in {shown["id"] for shown in ws.hello["conversations"]}


async def test_who_comes_back_is_shown_nothing_of_the_time_between(server, boiler, alice):
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)
        await report(boiler, 1)
        await leave(ws, boiler)
        await report(boiler, 2)
        await subscribe(ws, boiler)
        await report(boiler, 3)
        assert await values(ws, boiler, 2) == [1, 3]
        assert [m["data"]["value"] for m in await synced(ws, feed(boiler), 0)] == [3]


# ---- who may what -----------------------------------------------------------------------------


async def test_only_the_device_speaks_in_its_feed(server, boiler, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await subscribe(hers, boiler)
        refusal = await hers.refused("send", to=feed(boiler), body="hello")
        assert refusal["code"] == "forbidden"
        assert f"“to” must be “{boiler.name}”" in refusal["detail"]
        assert (await hers.refused("typing", conversation=feed(boiler)))["code"] == "forbidden"
        await hers.barrier()
        refusal = await his.refused("send", to=feed(boiler), body="hello")
        nothing = await his.refused("send", to="device:nothing", body="hello")
        assert refusal["code"] == nothing["code"] == "not_found"
        assert refusal["detail"] == nothing["detail"].replace("device:nothing", feed(boiler))


async def test_how_far_one_has_come_is_told_to_ones_own_connections_alone(
    server, boiler, alice, bob
):
    async with AsyncExitStack() as stack:
        one, other = await both(stack, server, alice)
        his = await both(stack, server, bob)
        await subscribe(one, boiler)
        await subscribe(his[0], boiler)
        await are_in(boiler, one, other, *his)
        await report(boiler, 1)
        seq = len(boiler.values())
        await values(other, boiler, 1)
        await one.send("read", conversation=feed(boiler), seq=seq)
        for cursor in ("received", "read"):
            await other.expect(cursor, conversation=feed(boiler), user=alice.name, seq=seq)
        await report(boiler, 2)
        for ws in his:
            assert await values(ws, boiler, 2) == [1, 2]
            for cursor in ("received", "read"):
                await ws.nothing(cursor, conversation=feed(boiler))
        waiting = (await other.request("stored", after=None))["messages"]
        assert seq not in {m["seq"] for m in waiting if m["conversation"] == feed(boiler)}


# ---- news that got lost -----------------------------------------------------------------------


async def test_a_membership_that_ended_without_news_ends_soon(server, boiler, alice):
    """Ended by hand in the database, or by a process that died before it told anybody."""
    async with AsyncExitStack() as stack:
        hers = await both(stack, server, alice)
        await subscribe(hers[0], boiler)
        await are_in(boiler, *hers)
        server.database.call(lambda: memberships(alice.name, boiler).delete())
        for ws in hers:
            await ws.expect("left", within=RECHECKED_WITHIN, conversation=feed(boiler))
        await report(boiler, 1)
        for ws in hers:
            assert (await ws.refused("history", conversation=feed(boiler), limit=1))[
                "code"
            ] == "not_found"
            await ws.nothing("message", message={"conversation": feed(boiler)})


async def test_a_membership_that_began_without_news_begins_soon(server, boiler, alice):
    async with AsyncExitStack() as stack:
        hers = await both(stack, server, alice)
        join(server, alice, boiler)
        for ws in hers:
            await ws.expect(
                "conversation", within=RECHECKED_WITHIN, conversation={"id": feed(boiler)}
            )
        await report(boiler, 1)
        for ws in hers:
            assert await values(ws, boiler, 1) == [1]


def memberships(name: str, device: Hardware):
    return Membership.objects.filter(account=name, conversation=feed(device))


async def test_whoever_deletes_their_account_is_in_no_feed(server, boiler, alice):
    async with server.connect(alice) as ws:
        await subscribe(ws, boiler)

    def delete() -> int:
        endings.delete(Account.objects.get(pk=alice.name))
        return memberships(alice.name, boiler).count()

    assert server.database.call(delete) == 0
