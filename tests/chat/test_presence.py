"""Presence: online while a connection lives, tabs counted, one frame a second at most."""

import asyncio
import contextlib
import time

import pytest

from tests.client import WITHIN
from tests.server import dm
from tests.times import parse
from tests.waiting import until_awaited


async def is_shown(ws, person, online: bool, within: float = WITHIN):
    """Wait until a `presence` frame says so of `person`; gives what it says."""
    async with asyncio.timeout(within):
        while True:
            frame = await ws.expect("presence", within=within)
            for shown in frame["people"]:
                if (shown["name"], shown["online"]) == (person.name, online):
                    return shown


async def test_others_are_told_who_comes_and_goes(server, alice, bob):
    async with server.connect(alice) as hers:
        async with server.connect(bob):
            shown = await is_shown(hers, bob, online=True)
            assert (shown["title"], shown["kind"]) == (bob.name, "person")
        shown = await is_shown(hers, bob, online=False)
        assert abs(parse(shown["last_seen"]).timestamp() - time.time()) < 30


async def test_a_newcomer_is_told_of_with_title_and_kind(server, alice):
    async with server.connect(alice) as hers:
        bob = server.person("bob", title="Bob ☂")
        async with server.connect(bob):
            assert (await is_shown(hers, bob, online=True))["title"] == "Bob ☂"


async def test_closing_one_of_three_tabs_takes_nobody_offline(server, alice, bob, charlie):
    async with contextlib.AsyncExitStack() as tabs, server.connect(alice) as hers:
        for _ in range(2):
            await tabs.enter_async_context(server.connect(bob))
        async with server.connect(bob):
            await is_shown(hers, bob, online=True)
        async with server.connect(charlie):
            await is_shown(hers, charlie, online=True)
        await is_shown(hers, charlie, online=False)  # a later change: what concerned Bob is here
        await hers.nothing_about(bob.name)
        await tabs.aclose()
        await is_shown(hers, bob, online=False)


async def test_a_socket_that_dies_without_a_word_counts_as_closed(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await is_shown(hers, bob, online=True)
        his.socket.transport.abort()
        await is_shown(hers, bob, online=False)


@pytest.mark.embedded("each process pings its own connections")
async def test_a_silent_peer_is_dropped(server, alice, bob):
    """A peer that answers no ping (its cable was cut) is offline within 30 seconds."""
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await is_shown(hers, bob, online=True)
        began = time.monotonic()
        his.socket.transport.pause_reading()
        await is_shown(hers, bob, online=False, within=35)
        assert time.monotonic() - began <= 30


async def test_a_crowd_is_told_of_once_a_second_and_partners_beyond_the_200(server, alice, bob):
    """Charlie is there before the crowd, Alice and Bob come after it."""
    charlie, *crowd = server.crowd(206)

    async def bob_is_named_beyond_the_200() -> bool:
        """By a process other than his it is known a moment later that he is there."""
        async with server.connect(alice) as again:
            named = {p["name"]: p["online"] for p in people(again) if p["kind"] == "person"}
            is_online = named.pop(bob.name)
            assert len(named) <= 200
            return is_online is True and len(named) >= 195

    async with server.connect(alice) as hers:
        await hers.send_text(bob.name, "hello")
    began = time.monotonic()
    async with server.connect(charlie) as watching:
        async with contextlib.AsyncExitStack() as stack:
            for person in crowd:
                await stack.enter_async_context(server.connect(person))
            online: set[str] = set()
            frames = []
            while len(online & {person.name for person in crowd}) < 190:
                frames.append(await watching.expect("presence"))
                online |= {p["name"] for p in frames[-1]["people"] if p["online"]}
            assert len(frames) <= time.monotonic() - began + 1
            assert len(frames) < len(crowd) / 3
            hers = await stack.enter_async_context(server.connect(alice))
            async with server.connect(bob) as his:
                await is_shown(hers, bob, online=True)
                (partner,) = [p for p in his.hello["people"] if p["name"] == alice.name]
                assert partner["online"] is True
                await until_awaited(bob_is_named_beyond_the_200)
            await is_shown(hers, bob, online=False)
        async with server.connect(bob):  # there is room for others again
            await is_shown(watching, bob, online=True)


def people(ws) -> list[dict]:
    shown: list[dict] = ws.hello["people"]
    return shown


async def test_a_new_acquaintance_comes_with_their_presence(server, alice, bob):
    """Bob is away, so nothing else would tell Alice of him."""
    async with server.connect(alice) as hers:
        async with server.connect(bob):
            await is_shown(hers, bob, online=True)
        gone = await is_shown(hers, bob, online=False)
    async with server.connect(alice) as hers:
        assert bob.name not in {person["name"] for person in hers.hello["people"]}
        await hers.send_text(bob.name, "hello")
        shown = await is_shown(hers, bob, online=False)
        assert shown["last_seen"] == gone["last_seen"]


async def test_a_blink_leaves_one_online(server, alice, bob):
    """Whoever reconnects at once is, in the end, online for everybody."""
    async with server.connect(alice) as hers:
        async with server.connect(bob):
            await is_shown(hers, bob, online=True)
        async with server.connect(bob), server.connect(alice) as later:
            (shown,) = [p for p in later.hello["people"] if p["name"] == bob.name]
            assert shown["online"] is True
            marker = server.person("marker")
            async with server.connect(marker):
                states = [True]
                while True:
                    frame = await hers.expect("presence")
                    states += [p["online"] for p in frame["people"] if p["name"] == bob.name]
                    if marker.name in {person["name"] for person in frame["people"]}:
                        break
            assert states[-1] is True


async def test_a_partner_is_shown_though_many_are_online(server, alice, bob):
    async with server.connect(alice) as hers:
        await hers.send_text(bob.name, "hello")
    async with server.connect(bob), server.connect(alice) as hers:
        (shown,) = [person for person in hers.hello["people"] if person["name"] == bob.name]
        assert shown["online"] is True
        assert hers.hello["conversations"][0]["id"] == dm(alice, bob)
