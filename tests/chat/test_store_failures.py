"""The store fails: senders are told `unavailable`, and the server goes on when it is back."""

import asyncio
import contextlib
import resource
import sqlite3
import time

import pytest

from chat.cursors import SAVE_AFTER
from devices.models import Device
from tests.client import WITHIN
from tests.server import dm

pytestmark = pytest.mark.embedded("it breaks SQLite's files")
BUSY_SECONDS = 20
"""How long the server waits for a lock (the SQLite time-out in the settings)."""


@pytest.fixture(scope="module")
def server(module_server):
    """A server of this module's: what happens here shows in its log."""
    return module_server()


@contextlib.contextmanager
def locked(server, alias: str):
    """Hold the write lock of a database, as a backup gone wrong would."""
    file = server.database.file(alias)
    with contextlib.closing(sqlite3.connect(file, timeout=WITHIN)) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def change(server, alias: str, statement: str) -> None:
    """Change a database behind the server's back."""
    file = server.database.file(alias)
    with contextlib.closing(sqlite3.connect(file, timeout=WITHIN)) as connection:
        connection.execute(statement)
        connection.commit()


@contextlib.contextmanager
def without_table(server, alias: str, table: str):
    change(server, alias, f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        yield
    finally:
        change(server, alias, f"ALTER TABLE elsewhere RENAME TO {table}")


@contextlib.contextmanager
def poisoned(server):
    """Have the database refuse messages whose body is `poison`."""
    change(
        server,
        "messages",
        """
        CREATE TRIGGER poison BEFORE INSERT ON chat_message WHEN NEW.body = 'poison'
        BEGIN SELECT RAISE(ABORT, 'poison'); END
        """,
    )
    try:
        yield
    finally:
        change(server, "messages", "DROP TRIGGER poison")


@contextlib.contextmanager
def full_disk(server):
    """Let the process write no further into any file, which SQLite takes for a full disk."""
    pid = server.process.pid
    usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, usual)


async def bodies(ws, conversation: str) -> list[tuple[int, str]]:
    page = await ws.request("history", conversation=conversation, before=None, limit=100)
    return [(message["seq"], message["body"]) for message in page["messages"]]


@pytest.mark.parametrize("alias", ["messages", "default"])
async def test_a_lock_that_lasts_makes_sends_unavailable(server, alice, bob, alias):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "before")
        with locked(server, alias):
            for id in ("a", "b"):
                await hers.send("send", id=id, to=bob.name, body=f"during {id}")
            await hers.barrier()  # the socket goes on meanwhile
            await his.barrier()
            async with asyncio.timeout(BUSY_SECONDS + 15):  # for both, not for each
                for id in ("a", "b"):
                    error = await hers.expect("error", id=id)
                    assert error["code"] == "unavailable"
        for seq, id in enumerate(("a", "b"), start=2):
            message = await hers.send_text(bob.name, f"during {id}", id=id)
            assert message["seq"] == seq
            await his.expect("message", message=message)
        assert await bodies(his, dm(alice, bob)) == [
            (1, "before"),
            (2, "during a"),
            (3, "during b"),
        ]


async def test_a_short_lock_only_delays(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "before")
        with locked(server, "messages"):
            await ws.send("send", id="a", to=bob.name, body="during")
            await ws.barrier()
            await ws.nothing("ack", id="a")
        await ws.expect("ack", id="a", message={"seq": 2})


async def test_a_slow_store_at_the_end_has_nothing_stored_that_was_not_acked(own_server):
    """What waits behind the batch that is being stored is given up, and that batch is acked."""
    server = own_server()
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "before")
        with locked(server, "messages"):
            await ws.send("send", id="a", to=bob.name, body="being stored")
            await ws.barrier()
            await ws.send("send", id="b", to=bob.name, body="waiting")
            await ws.barrier()
            stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
            error = await ws.expect("error", id="b", within=30)
            assert error["code"] == "unavailable"
        await ws.expect("ack", id="a", message={"seq": 2})
        assert await ws.closed() == 1001
        await stopping
    server.start()
    async with server.connect(bob) as ws:
        assert await bodies(ws, dm(alice, bob)) == [(1, "before"), (2, "being stored")]


async def test_reading_goes_on_while_writing_is_locked(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "before")
        with locked(server, "messages"), locked(server, "default"):
            assert await bodies(ws, dm(alice, bob)) == [(1, "before")]
            async with server.connect(bob) as his:
                assert his.hello["conversations"][0]["last_seq"] == 1


async def test_a_full_disk(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "before")
        with full_disk(server):
            for id in ("a", "b", "c"):
                error = await hers.refused("send", id=id, to=bob.name, body="during")
                assert error["code"] == "unavailable"
            await his.nothing("message", message={"body": "during"})
            assert await bodies(his, dm(alice, bob)) == [(1, "before")]
        assert (await hers.send_text(bob.name, "during", id="b"))["seq"] == 2
        await his.expect("message", message={"seq": 2})


async def test_a_table_that_is_gone_for_a_while(server, alice, bob):
    conversation = dm(alice, bob)
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "before")
        with without_table(server, "messages", "chat_message"):
            for type, fields in (
                ("send", {"to": bob.name, "body": "during"}),
                ("history", {"conversation": conversation, "limit": 1}),
                ("sync", {"since": {conversation: 0}}),
            ):
                assert (await ws.refused(type, **fields))["code"] == "unavailable"
        assert (await ws.send_text(bob.name, "after"))["seq"] == 2
        assert await bodies(ws, conversation) == [(1, "before"), (2, "after")]


async def test_a_poisonous_row_refuses_itself_alone(server, alice, bob, charlie):
    places = (0, 57, 119)
    good = [number for number in range(120) if number not in places]
    async with server.connect(alice) as hers, server.connect(charlie) as theirs:
        with poisoned(server):
            for number in range(120):
                body = "poison" if number in places else str(number)
                await hers.send("send", id=f"a{number}", to=bob.name, body=body)
                await theirs.send("send", id=f"c{number}", to=bob.name, body=str(number))
            for number in good:
                answer = await hers.expect("ack", id=f"a{number}")
                assert answer["message"]["seq"] == good.index(number) + 1
            for number in places:
                answer = await hers.expect("error", id=f"a{number}")
                assert answer["code"] in ("unavailable", "invalid")
            for number in range(120):
                await theirs.expect("ack", id=f"c{number}", message={"seq": number + 1})
        assert (await hers.send_text(bob.name, "poison", id="a57"))["seq"] == 118


async def test_a_poisonous_first_message_of_a_conversation(server, alice, bob):
    async with server.connect(alice) as ws:
        with poisoned(server):
            await ws.refused("send", to=bob.name, body="poison")
            await ws.nothing("conversation")
            assert (await ws.send_text(bob.name, "harmless"))["seq"] == 1
            assert len(await ws.seen("conversation")) == 1
    async with server.connect(bob) as his:
        assert his.hello["conversations"][0]["unread"] == 1


async def test_a_welcome_that_fails_says_so_and_the_next_one_works(server, alice):
    with without_table(server, "default", "chat_membership"):
        async with server.connect(alice, hello=False) as ws:
            frames = await ws.everything()
    assert [f["code"] for f in frames if f["type"] == "error"] == ["unavailable"]
    async with server.connect(alice) as ws:
        await ws.barrier()


async def test_cursors_are_saved_when_the_database_is_back(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "hello")
        with locked(server, "default"):
            await his.send("read", conversation=dm(alice, bob), seq=1)
            await hers.expect("read", seq=1)
            await his.barrier()
    server.restart()
    async with server.connect(bob) as his:
        assert his.hello["conversations"][0]["read_seq"] == 1


async def test_a_cursor_that_is_just_being_saved_is_known_to_who_comes_back(server, alice, bob):
    async with server.connect(alice) as hers:
        await hers.send_text(bob.name, "hello")
    with locked(server, "default"):
        async with server.connect(bob) as his:
            await his.send("read", conversation=dm(alice, bob), seq=1)
            await his.barrier()
        end = time.monotonic() + 3 * SAVE_AFTER
        while time.monotonic() < end:
            async with server.connect(bob) as his:
                assert his.hello["conversations"][0]["read_seq"] == 1


@pytest.mark.parametrize("alias", ["messages", "default"])
async def test_a_file_made_read_only(own_server, alias):
    """Root may write what is read-only: there the server runs without that right."""
    server = own_server()
    alice, bob = server.person("alice"), server.person("bob")
    server.terminate()
    server.database.call(lambda: Device.objects.update(reported_slot=10**6))  # it stays quiet
    server.bind_by_permissions()
    file = server.database.file(alias)
    server.start()
    file.chmod(0o444)
    async with server.connect(alice) as ws:
        error = await ws.refused("send", id="a", to=bob.name, body="hello")
        assert error["code"] == "unavailable"
        for part in file.parent.glob(f"{file.name}*"):  # SQLite made the log like the file
            part.chmod(0o644)
        assert (await ws.send_text(bob.name, "hello", id="a"))["seq"] == 1
