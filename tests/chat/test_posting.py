"""What a process posts that serves nobody: a Celery worker, a command.

It has no socket and hears nothing, and is one of the chat's processes all the same.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.client import Client, Frame, new_id
from tests.cluster.cluster import SETTINGS, Cluster
from tests.installation import Person, dm
from tests.server import PROJECT

RESYNC_WITHIN = 30.0
"""Seconds: the lease of a process that died, and a beat."""
WITHIN = 20.0
DIE = "die"


class Poster:
    """Such a process; see `poster.py`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def post(self, *drafts: Frame) -> list[Frame]:
        """What became of them."""
        self._write(json.dumps(drafts))
        async with asyncio.timeout(WITHIN):
            assert self._process.stdout is not None
            return json.loads(await self._process.stdout.readline())

    async def dies_of(self, *drafts: Frame) -> None:
        """It stores them, and is killed before it has told anybody."""
        self._write(DIE)
        self._write(json.dumps(drafts))
        async with asyncio.timeout(WITHIN):
            assert await self._process.wait() == -9

    async def ends(self) -> str:
        """What it says on stderr until its orderly end."""
        async with asyncio.timeout(WITHIN):
            _, said = await self._process.communicate(b"")
        assert self._process.returncode == 0
        return said.decode()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())


@asynccontextmanager
async def poster(cluster: Cluster) -> AsyncIterator[Poster]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chat.poster",
        cwd=PROJECT,
        env={**os.environ, **SETTINGS, **cluster.backing.environment,
             "DATA_DIR": str(cluster.folder)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Poster(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def draft(sender: Person, to: Person, body: str, id: str | None = None) -> Frame:
    return {
        "sender": sender.name,
        "conversation": dm(sender, to),
        "client_id": id or new_id(),
        "body": body,
    }


@pytest.fixture
def cluster(own_cluster) -> Cluster:
    return own_cluster()


@pytest.fixture(scope="module")
def calm(module_cluster) -> Cluster:
    """Nothing of it is killed."""
    return module_cluster()


@asynccontextmanager
async def everybody(cluster: Cluster) -> AsyncIterator[tuple[Person, Person, list[Client], Client]]:
    """Alice and Bob, who are on both processes each, and an outsider."""
    alice, bob, charlie = (cluster.person(name) for name in ("alice", "bob", "charlie"))
    async with (
        cluster.connect(alice) as a1,
        cluster.connect(alice) as a2,
        cluster.connect(bob) as b1,
        cluster.connect(bob) as b2,
        cluster.connect(charlie) as outsider,
    ):
        yield alice, bob, [a1, a2, b1, b2], outsider


async def test_it_reaches_all_connections_on_all_processes_in_order_and_nobody_else(calm):
    bodies = [f"reading {number}" for number in range(60)]
    async with everybody(calm) as (alice, bob, theirs, outsider), poster(calm) as outpost:
        outcomes = await outpost.post(*(draft(alice, bob, body) for body in bodies))
        messages = [outcome["message"] for outcome in outcomes]
        assert [message["seq"] for message in messages] == list(range(1, len(bodies) + 1))
        assert [message["body"] for message in messages] == bodies
        for ws in theirs:
            assert (await ws.expect("conversation"))["conversation"]["id"] == dm(alice, bob)
            told = [(await ws.expect("message"))["message"] for _ in bodies]
            assert told == messages
        await outsider.nothing("message")
        await outsider.nothing("conversation")


async def test_the_last_word_of_a_process_that_ends_is_told(calm):
    async with everybody(calm) as (alice, bob, theirs, _), poster(calm) as outpost:
        (outcome,) = await outpost.post(draft(alice, bob, "the last word"))
        assert await outpost.ends() == ""
        for ws in theirs:
            await ws.expect("message", message=outcome["message"])
            await ws.nothing("resync")  # it said good-bye


async def test_the_same_again_is_stored_once(calm):
    async with everybody(calm) as (alice, bob, (ws, *_), _), poster(calm) as outpost:
        one, other = draft(alice, bob, "one", "id-1"), draft(alice, bob, "other", "id-1")
        (first,) = await outpost.post(one)
        again = await outpost.post(one, one)
        assert [outcome["message"] for outcome in again] == [first["message"]] * 2
        assert (first["repeated"], [o["repeated"] for o in again]) == (False, [True, True])
        async with poster(calm) as another:
            assert (await another.post(one))[0]["message"] == first["message"]
            (conflict,) = await another.post(other)
        assert (conflict["message"], conflict["error"]) == (None, "conflict")
        page = await ws.request("history", conversation=dm(alice, bob), before=None, limit=10)
        assert [message["body"] for message in page["messages"]] == ["one"]


async def test_what_does_not_exist_is_refused_and_the_rest_is_stored(calm):
    async with everybody(calm) as (alice, bob, _, _), poster(calm) as outpost:
        nowhere = draft(alice, bob, "lost") | {"conversation": "device:nowhere"}
        outcomes = await outpost.post(draft(alice, bob, "1"), nowhere, draft(alice, bob, "2"))
        assert [outcome["error"] for outcome in outcomes] == [None, "not_found", None]
        assert [o["message"]["seq"] for o in outcomes if o["message"]] == [1, 2]


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
