"""Several web processes are one chat, also while one of them, or what they talk over, is gone."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.chat.accounts.test_races import one_invitation_for_two
from tests.chat.outposts import draft, everybody, poster
from tests.chat.test_presence import is_shown
from tests.client import Client
from tests.cluster.cluster import Cluster
from tests.installation import Person, dm
from tests.server import ENVIRONMENT, PROJECT

GONE_WITHIN = 30.0
"""Seconds until presence is true, whatever died: the protocol's promise."""
RESYNC_WITHIN = 60.0
"""The lease of a process that died, and a beat, take half of it."""


@pytest.fixture(scope="module")
def mortal(module_cluster) -> Cluster:
    return module_cluster(REGISTRATION="invite")


@pytest.fixture
def cluster(mortal) -> Iterator[Cluster]:
    """All of it runs; what a test ends is started again after it."""
    yield mortal
    for web in mortal.webs:
        if not web.is_running:
            web.start()


CALM = pytest.mark.cluster("it is about many; on the worker's, of which nothing is killed")


def people(cluster: Cluster) -> tuple[Person, Person, Person]:
    alice, bob, charlie = (cluster.person(name) for name in ("alice", "bob", "charlie"))
    return alice, bob, charlie


async def gone(ws: Client, person: Person, within: float) -> dict:
    """Wait until `person` is told to be offline; gives what is told of them."""
    async with asyncio.timeout(within):
        while True:
            frame = await ws.expect("presence", within=within)
            for one in frame["people"]:
                if one["name"] == person.name and not one["online"]:
                    return one


def process_of(cluster: Cluster, ws: Client) -> int:
    """Which web process a connection goes to."""
    return [web.port for web in cluster.webs].index(ws.socket.remote_address[1])


@CALM
async def test_each_is_on_a_process_of_their_own(server):
    alice, bob, _ = people(server)
    async with server.connect(alice) as a, server.connect(bob) as b, server.connect(alice) as again:
        assert process_of(server, a) != process_of(server, b)
        assert process_of(server, a) != process_of(server, again)


@CALM
async def test_all_connections_of_both_get_a_message_and_no_other_does(server):
    alice, bob, charlie = people(server)
    async with (
        server.connect(alice) as a1,
        server.connect(alice) as a2,
        server.connect(bob) as b1,
        server.connect(bob) as b2,
        server.connect(charlie) as c1,
        server.connect(charlie) as c2,
    ):
        await a1.send_text(bob.name, "hello")
        for ws in (a2, b1, b2):
            await ws.expect("conversation")
            assert (await ws.expect("message"))["message"]["body"] == "hello"
        for ws in (c1, c2):
            await ws.nothing_about("hello")
            await ws.nothing("conversation")


@CALM
async def test_a_cursor_that_moved_there_is_known_here_at_once(server):
    alice, bob, _ = people(server)
    async with server.connect(alice) as a, server.connect(bob) as b, server.connect(bob) as other:
        seq = (await a.send_text(bob.name, "hello"))["seq"]
        await b.expect("message")
        await b.send("received", conversation=dm(alice, bob), seq=seq)
        for ws in (a, other):
            await ws.expect("received", user=bob.name, seq=seq)
        assert (await other.request("stored", after=None))["messages"] == []


@CALM
async def test_a_cursor_beyond_what_a_process_has_heard_is_taken(server):
    alice, bob, _ = people(server)
    async with server.connect(alice) as a:
        last = (await a.send_texts(bob.name, ["1", "2", "3"]))[-1]["seq"]
    async with server.connect(bob) as b, server.connect(bob) as other:
        await other.send("read", conversation=dm(alice, bob), seq=last)
        await b.expect("read", user=bob.name, seq=last)


async def test_what_was_received_before_its_process_heard_of_it_is_not_stored_any_more(cluster):
    """A client may know more than its process: from its connections to others."""
    alice, bob, _ = people(cluster)
    async with cluster.connect(alice) as a, cluster.connect(bob) as b:
        await a.send_text(bob.name, "heard of")
        await b.expect("message")
        cluster.backing.valkey.freeze()
        try:
            last = (await a.send_texts(bob.name, ["1", "2", "3"]))[-1]["seq"]
            await b.send("received", conversation=dm(alice, bob), seq=last)
            assert (await b.request("stored", after=None))["messages"] == []
        finally:
            cluster.backing.valkey.thaw()


@CALM
async def test_the_same_send_on_two_processes_is_stored_once(server):
    alice, bob, _ = people(server)
    async with server.connect(alice) as one, server.connect(alice) as other:
        frames = [{"id": f"twice {n}", "to": bob.name, "body": f"twice {n}"} for n in range(50)]
        for frame in frames:
            await one.send("send", **frame)
            await other.send("send", **frame)
        for frame in frames:
            acks = [await ws.expect("ack", id=frame["id"]) for ws in (one, other)]
            assert acks[0]["message"] == acks[1]["message"]
        history = await one.request("history", conversation=dm(alice, bob), before=None, limit=100)
        assert len(history["messages"]) == len(frames)
        assert [m["seq"] for m in history["messages"]] == list(range(1, len(frames) + 1))
        ids = [m["id"] for m in history["messages"]]
        assert ids == sorted(ids)


@CALM
async def test_what_a_command_ends_is_ended_on_every_process_at_once(server):
    alice, _, _ = people(server)
    async with server.connect(alice) as one, server.connect(alice) as other:
        await asyncio.to_thread(manage, server, "account", "suspend", alice.name)
        for ws in (one, other):
            assert await ws.closed() == 4401


async def test_an_invitation_is_used_no_more_often_than_it_says(cluster):
    await one_invitation_for_two(cluster, cluster.webs)


async def test_without_redis_one_process_goes_on_and_all_heals_after(cluster):
    alice, bob, charlie = people(cluster)
    async with (
        cluster.connect(alice) as a,
        cluster.connect(bob) as b,
        cluster.connect(charlie) as c,
    ):
        assert process_of(cluster, a) == process_of(cluster, c)
        await a.send_text(bob.name, "before")
        await b.expect("message")
        cluster.backing.valkey.kill()
        await a.send_text(charlie.name, "on one process")
        await c.expect("message")
        lost = (await a.send_text(bob.name, "between two"))["seq"]
        await asyncio.to_thread(cluster.backing.valkey.start)
        for ws in (a, b, c):
            await ws.expect("resync")
        answer = await b.request("sync", since={dm(alice, bob): lost - 1})
        assert answer["type"] == "synced"
        assert [m["body"] for f in await b.seen("messages") for m in f["messages"]] == [
            "between two"
        ]
        await a.send_text(bob.name, "after")
        await b.expect("message", message={"body": "after"})


async def test_presence_comes_back_after_redis_was_empty(cluster):
    alice, bob, charlie = people(cluster)
    async with cluster.connect(alice) as a, cluster.connect(bob) as b:
        await is_shown(a, bob, online=True)
        cluster.backing.valkey.kill()
        await asyncio.to_thread(cluster.backing.valkey.start)
        for ws in (a, b):
            await ws.expect("resync")
        async with cluster.connect(charlie) as c:
            assert {bob.name, alice.name} <= online(c.hello["people"])


async def test_a_process_that_dies_takes_its_people_offline_and_others_resync(cluster):
    alice, bob, _ = people(cluster)
    async with cluster.connect(alice) as a, cluster.connect(bob) as b:
        await is_shown(a, bob, online=True)
        await a.send_text(bob.name, "hello")
        await b.expect("message")
        cluster.webs[process_of(cluster, b)].kill()
        assert (await gone(a, bob, GONE_WITHIN))["last_seen"]
        await a.expect("resync")


async def test_a_process_that_stops_says_good_bye(cluster):
    alice, bob, _ = people(cluster)
    async with cluster.connect(alice) as a, cluster.connect(bob) as b:
        await is_shown(a, bob, online=True)
        await a.send_text(bob.name, "hello")
        await b.expect("message")
        await asyncio.to_thread(cluster.webs[process_of(cluster, b)].terminate)
        await gone(a, bob, within=10)
        await a.nothing("resync")


async def test_those_who_were_not_told_are_when_its_lease_ends(cluster):
    """One is killed between storing a message and telling of it, one before it ever told any."""
    async with (
        everybody(cluster) as (alice, bob, theirs, outsider),
        poster(cluster) as outpost,
        poster(cluster) as other,
    ):
        await outpost.post(draft(alice, bob, "told"))
        await outpost.dies_of(draft(alice, bob, "untold"))
        await other.dies_of(draft(bob, alice, "untold, too"))
        for ws in theirs:
            await ws.expect("resync", within=RESYNC_WITHIN)
        for ws in theirs:
            await ws.request("sync", since={dm(alice, bob): 1})
            bodies = [m["body"] for f in await ws.seen("messages") for m in f["messages"]]
            assert bodies == ["untold", "untold, too"]
        await outsider.nothing("message")


def online(people: list[dict]) -> set[str]:
    return {person["name"] for person in people if person["online"]}


def manage(cluster: Cluster, *words: str) -> None:
    """`manage.py …`, as on another machine of the installation."""
    subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env={**ENVIRONMENT, **cluster.backing.environment, "DATA_DIR": str(cluster.folder)},
        check=True,
        capture_output=True,
        timeout=60,
    )
