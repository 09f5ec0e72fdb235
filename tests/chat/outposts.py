"""Processes that post and serve nobody, and people on all processes who look on."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.client import Client, Frame, new_id
from tests.cluster.cluster import SETTINGS, Cluster
from tests.installation import Person, dm
from tests.server import PROJECT

WITHIN = 60.0
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
    outpost = Poster(process)
    try:
        yield outpost
        if process.returncode is None:
            await outpost.ends()  # for one that dies, all others resync when its lease is over
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
