"""A client that does not read is closed with 4408, and costs the server little meanwhile."""

import contextlib
import socket
import time

from tests.server import dm

MIB = 1024 * 1024
BODY = "🙂" * 10_000
FLOOD_SECONDS = 60.0
"""It is not rounds that are counted: presence comes a second or two later, however many that is."""


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


async def flood_until_offline(ws, partners: list) -> int:
    """Send to all of `partners` until presence says that each is offline; how many rounds."""
    rounds = 0
    away: set[str] = set()
    last = time.monotonic() + FLOOD_SECONDS
    while not {partner.name for partner in partners} <= away:
        for partner in partners:
            await ws.send_text(partner.name, BODY)
        rounds += 1
        for frame in await ws.seen("presence"):
            for shown in frame["people"]:
                (away.discard if shown["online"] else away.add)(shown["name"])
        assert time.monotonic() < last
    return rounds


async def test_it_is_closed_with_4408(server, alice, bob):
    async with server.connect(alice) as hers, deaf(server, bob) as his:
        await flood_until_offline(hers, [bob])
        his.socket.transport.resume_reading()
        assert await his.closed() == 4408


async def test_nothing_is_lost_by_it(server, alice, bob):
    """What the closed connection missed is in the store, as for anyone who was away."""
    async with server.connect(alice) as hers:
        async with deaf(server, bob):
            rounds = await flood_until_offline(hers, [bob])
        async with server.connect(bob) as his:
            assert his.hello["conversations"][0]["last_seq"] == rounds
            page = await his.request("history", conversation=dm(alice, bob), before=2, limit=1)
            assert page["messages"][0]["body"] == BODY


async def test_other_connections_of_the_same_user_go_on(server, alice, bob):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as phone,
        deaf(server, bob) as his,
    ):
        for _ in range(300):
            message = await hers.send_text(bob.name, BODY)
            await phone.expect("message", message=message)
        his.socket.transport.resume_reading()
        assert await his.closed() == 4408
        await phone.barrier()


async def test_the_servers_memory_is_level(own_server):
    """Ten deaf clients of 1 MiB each at the most; whoever kept all would take hundreds of MiB."""
    server = own_server()
    alice = server.person("alice")
    crowd = [server.person("deaf") for _ in range(10)]
    async with server.connect(alice) as hers, contextlib.AsyncExitStack() as stack:
        for person in crowd:
            await stack.enter_async_context(deaf(server, person))
        before = server.memory
        await flood_until_offline(hers, crowd)
        assert server.memory - before < 60 * MIB


async def test_a_question_that_nobody_reads_the_answer_of_is_paced(server, alice, bob):
    """`sync` waits for its reader: 40 MB of answers to a deaf client stay in the store."""
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, [BODY for _ in range(500)])
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
