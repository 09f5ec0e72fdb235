"""A client that does not read is closed with 4408, and costs the server little meanwhile."""

import contextlib
import socket

import pytest

from tests.server import dm

MIB = 1024 * 1024
BODY = "𐌰" * 10_000
"""One word, as the search index has it, and 40 KB."""
MANY = 200
"""Messages of 40 KB: more than server and kernel hold for one connection together."""


def narrow_socket(server) -> socket.socket:
    """A connected socket whose receive buffer is small, so that little hides in the kernel."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024)
    sock.connect(("127.0.0.1", server.port))
    sock.setblocking(False)
    return sock


@contextlib.asynccontextmanager
async def deaf(server, person):
    """A connection that has read its `hello` and then reads no more."""
    async with server.connect(person, sock=narrow_socket(server)) as ws:
        ws.socket.transport.pause_reading()
        try:
            yield ws
        finally:
            ws.socket.transport.abort()


async def are_gone(ws, people: list) -> None:
    """Wait until presence says that each is offline."""
    there = {person.name for person in people}
    while there:
        for shown in (await ws.expect("presence"))["people"]:
            if not shown["online"]:
                there.discard(shown["name"])


async def test_it_is_closed_with_4408_nothing_is_lost_and_others_go_on(server, alice, bob):
    """What it missed is in the store, as for anyone who was away, and on Bob's other connection."""
    async with server.connect(alice) as hers:
        async with server.connect(bob) as phone, deaf(server, bob) as his:
            for _ in range(MANY):
                message = await hers.send_text(bob.name, BODY)
                await phone.expect("message", message=message)
            his.socket.transport.resume_reading()
            assert await his.closed() == 4408
            await phone.barrier()
        async with server.connect(bob) as his:
            assert his.hello["conversations"][0]["last_seq"] == MANY
            page = await his.request("history", conversation=dm(alice, bob), before=2, limit=1)
            assert page["messages"][0]["body"] == BODY


@pytest.mark.embedded("each process has buffers of its own")
async def test_the_servers_memory_is_level(own_server):
    """Six deaf clients of 1 MiB each at the most; whoever kept all would take 48 MB."""
    server = own_server()
    alice = server.person("alice")
    crowd = server.crowd(6)
    async with server.connect(alice) as hers, contextlib.AsyncExitStack() as stack:
        for person in crowd:
            await stack.enter_async_context(deaf(server, person))
        before = server.memory
        for _ in range(MANY):
            for person in crowd:
                await hers.send_text(person.name, BODY)
        await are_gone(hers, crowd)
        assert server.memory - before < 32 * MIB


@pytest.mark.embedded("each process has buffers of its own")
async def test_a_question_that_nobody_reads_the_answer_of_is_paced(server, alice, bob):
    """`sync` waits for its reader: 40 MB of answers to a deaf client stay in the store."""
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, [BODY for _ in range(260)])
        before = server.memory
        async with deaf(server, bob) as his:
            for _ in range(4):
                await his.send("sync", since={dm(alice, bob): 0})
            for _ in range(50):  # time in which the server could gather answers
                await hers.request("history", conversation=dm(alice, bob), limit=1)
            assert server.memory - before < 30 * MIB
            his.socket.transport.resume_reading()
            for _ in range(4):
                await his.expect("synced", within=60)
