"""Redis hangs, or is away when something matters. (That it dies: tests/chat/test_many_processes.py)

The first connections of Alice, Bob and Charlie come to the first web process, the second, and the
first again.
"""

import asyncio
import time

import pytest

from chat.models import Token
from chat.models.token import digest_of
from tests.chaos.calamities import FROZEN_FOR
from tests.chaos.presence import TRUE_WITHIN
from tests.chat.test_signout import post
from tests.server import dm

LIVE = 4.5
"""Seconds in which a message arrives that waits for no time-out, of which the shortest that matters
takes 5, though a process stand still for a moment."""
ENDS_WITHIN = 30.0


@pytest.fixture
def cluster(own_cluster):
    return own_cluster()


@pytest.fixture
def alice(cluster):
    return cluster.person("alice")


@pytest.fixture
def bob(cluster):
    return cluster.person("bob")


@pytest.fixture
def charlie(cluster):
    return cluster.person("charlie")


async def test_redis_hangs_and_goes_on(cluster, alice, bob, charlie):
    valkey = cluster.backing.valkey
    async with (
        cluster.connect(alice) as hers,
        cluster.connect(bob) as his,
        cluster.connect(charlie) as theirs,
    ):
        await asyncio.to_thread(valkey.freeze)
        near = await hers.send_text(charlie.name, "on your process")
        await theirs.expect("message", message=near, within=LIVE)
        far = await hers.send_text(bob.name, "on another one")
        await asyncio.sleep(FROZEN_FOR)
        await asyncio.to_thread(valkey.thaw)
        assert await told(his) in ({"type": "message", "message": far}, {"type": "resync"})
        assert await newest(his, dm(alice, bob)) == far


async def told(ws) -> dict:
    """The next frame that says that there is something new."""
    while True:
        frame = await ws.expect(within=TRUE_WITHIN)
        if frame["type"] in ("message", "resync"):
            return frame


async def newest(ws, conversation: str) -> dict:
    page = await ws.request("history", conversation=conversation, before=None, limit=1)
    message: dict = page["messages"][0]
    return message


async def test_a_token_that_is_revoked_while_redis_is_away_ends_its_sockets(cluster, alice):
    session = cluster.session(alice)
    pk = await cluster.database.run(lambda: Token.objects.get(digest=digest_of(alice.token)).pk)
    async with cluster.connect(alice) as one, cluster.connect(alice) as other:
        await asyncio.to_thread(cluster.backing.valkey.kill)
        assert await post(cluster, f"/account/tokens/{pk}/revoke/", session) == 302
        began = time.monotonic()
        for ws in (one, other):
            assert await ws.closed(within=ENDS_WITHIN) == 4401
        assert time.monotonic() - began < ENDS_WITHIN
