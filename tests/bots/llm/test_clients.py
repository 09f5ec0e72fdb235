"""Connections: kept, and made through the machine's proxy."""

import asyncio

import pytest

from bots.connection import Connection
from bots.llm import clients
from tests.bots.llm.hearing import hear, to
from tests.services.llm import LLM

CHUNKS = (
    'data: {"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
)
RESPONSE = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    f"{len(CHUNKS):x}\r\n{CHUNKS}\r\n0\r\n\r\n"
)


async def test_a_connection_serves_many_answers() -> None:
    """With a server that keeps them open: that of the other tests does not."""
    made = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.append(writer)
        while head := await reader.readuntil(b"\r\n\r\n"):
            fields = dict(line.lower().split(": ") for line in head.decode().splitlines()[1:-1])
            await reader.readexactly(int(fields["content-length"]))
            writer.write(RESPONSE.encode())

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        for _ in range(3):
            assert (await hear(Connection(url, "", "clever-1"), "Hello")).text == "Hi"
        assert len(made) == 1
        await clients.close()


async def test_a_client_is_made_once_for_a_server_and_a_key(llm: LLM) -> None:
    first = await clients.get(to(llm))
    assert await clients.get(to(llm)._replace(model="other")) is first
    assert await clients.get(to(llm, key="other")) is not first


async def test_few_clients_are_kept(llm: LLM) -> None:
    first = await clients.get(to(llm))
    for number in range(clients.KEPT):
        await clients.get(to(llm, key=f"sk-{number}"))
    assert await clients.get(to(llm)) is not first
    assert (await hear(to(llm), "Hello")).text == "You said: Hello"


async def test_the_machines_proxy_is_asked_but_for_servers_of_the_machine(
    llm: LLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LLM() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url_for(""))
        monkeypatch.delenv("no_proxy", raising=False)
        await clients.close()
        far = Connection("http://model.invalid/v1", "", "clever-1")
        assert (await hear(far, "Far")).text == "You said: Far"
        assert (await hear(to(llm), "Near")).text == "You said: Near"
        assert [asked.question for asked in proxy.asked] == ["Far"]
