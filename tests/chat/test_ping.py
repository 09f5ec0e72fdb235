"""`ping`: answered with its own id."""

import pytest

from tests.waiting import until


async def test_the_answer_repeats_the_id(server, alice):
    async with server.connect(alice) as ws:
        await ws.send("ping", id="p1")
        assert await ws.expect("pong") == {"type": "pong", "id": "p1"}


async def test_the_id_may_be_left_out(server, alice):
    async with server.connect(alice) as ws:
        await ws.send("ping")
        assert (await ws.expect("pong")).get("id") is None


async def test_pongs_keep_their_order(server, alice):
    async with server.connect(alice) as ws:
        for number in range(100):
            await ws.send("ping", id=str(number))
        assert [(await ws.expect("pong"))["id"] for _ in range(100)] == [
            str(number) for number in range(100)
        ]


@pytest.mark.embedded("each process pings its own connections")
async def test_the_server_pings_too(server, alice):
    """Every 10 seconds, in the WebSocket's own frames, which the library answers."""
    async with server.connect(alice) as ws:
        await until(lambda: ws.pings > 0, within=25)
        await ws.barrier()
