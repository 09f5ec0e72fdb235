"""The server's orderly end, its sudden end, and a new beginning."""

import asyncio
import contextlib
import itertools

import pytest
from websockets.exceptions import ConnectionClosed

from tests.chat.api.calling import sent
from tests.chat.api.streaming import listening
from tests.client import new_id
from tests.server import Server, dm


@pytest.fixture(scope="module")
def server(module_server):
    """One for all tests here: each leaves it running."""
    return module_server()


async def history(server, person, conversation) -> list[dict]:
    got: list[dict] = []
    more = [conversation]
    async with server.connect(person) as ws:
        while more:
            more = (await ws.request("sync", since={conversation: len(got)}))["more"]
            got += [m for frame in await ws.seen("messages") for m in frame["messages"]]
    return got


async def test_sockets_are_closed_with_1001(server):
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as hers, server.connect(bob) as his:
        stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
        assert await hers.closed() == 1001
        assert await his.closed() == 1001
        assert await stopping in (0, -15)
    assert "Traceback" not in server.log
    server.start()


async def test_a_stream_says_1001_and_goes_on_afterwards(server, alice, bob):
    async with listening(server, bob) as stream:
        await sent(server, alice, bob.name, "one", new_id())
        assert await stream.messages(1) == [(dm(alice, bob), 1)]
        await asyncio.to_thread(server.terminate)
        assert (await stream.expect("closed")).data == {"code": 1001}
    server.start()
    await sent(server, alice, bob.name, "two", new_id())
    async with listening(server, bob, stream.last_id) as again:
        assert await again.messages(1) == [(dm(alice, bob), 2)]


async def test_on_sigterm_what_is_stored_is_acked_and_the_other_way_round(server):
    """Alice sends as fast as she can all the while, so that the end falls into a batch."""
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as hers:
        sending = asyncio.create_task(send_on(hers, bob.name))
        for _ in range(300):
            await hers.expect("ack")
        stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
        frames = await hers.everything()
        assert hers.socket.close_code == 1001
        await asyncio.gather(sending, stopping)
    acked = [frame["message"] for frame in frames if frame["type"] == "ack"]
    server.start()
    stored = await history(server, bob, dm(alice, bob))
    assert stored[300:] == acked
    assert [m["body"] for m in stored] == [str(number) for number in range(len(stored))]


async def send_on(ws, to: str) -> None:
    """Send numbered messages until the connection closes."""
    with contextlib.suppress(ConnectionClosed):
        for number in itertools.count():
            await ws.send("send", id=str(number), to=to, body=str(number))
            await asyncio.sleep(0)  # let the acks be read


async def test_a_restart_keeps_everything(server):
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as hers:
        sent = await hers.send_texts(bob.name, [str(n) for n in range(50)])
    async with server.connect(bob) as his:
        before = his.hello["conversations"]
    server.restart()
    async with server.connect(bob) as his:
        assert his.hello["conversations"] == before
        assert (await his.send_text(alice.name, "and on"))["seq"] == 51
    assert (await history(server, alice, dm(alice, bob)))[:50] == sent


async def test_an_acked_message_survives_a_sudden_end(server):
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as hers:
        message = await hers.send_text(bob.name, "durable", id="1")
        server.kill()
    server.start()
    assert await history(server, bob, dm(alice, bob)) == [message]
    async with server.connect(bob) as his:
        assert his.hello["conversations"][0]["unread"] == 1
        assert (await his.request("stored", after=None))["messages"] == [message]
    async with server.connect(alice) as hers:
        assert await hers.send_text(bob.name, "durable", id="1") == message


async def test_a_hint_that_ran_ahead_hides_nothing_and_makes_no_hole(server):
    """A crash between the two databases leaves `last_seq` of the conversation too high."""
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, ["one", "two"])
    server.kill()

    def run_ahead() -> None:
        from chat.models import Conversation

        Conversation.objects.filter(id=dm(alice, bob)).update(last_seq=40)

    await server.database.run(run_ahead)
    server.start()
    async with server.connect(bob) as his:
        assert his.hello["conversations"][0]["last_seq"] == 2
        assert his.hello["conversations"][0]["unread"] == 2
        await his.send("received", conversation=dm(alice, bob), seq=40)
        await his.barrier()
        assert (await his.send_text(alice.name, "three"))["seq"] == 3
        async with server.connect(alice) as hers:
            await hers.send_text(bob.name, "four")
        assert [m["body"] for m in (await his.request("stored"))["messages"]] == ["four"]


async def test_a_conversation_without_a_message_is_not_shown(server):
    """The server died after it opened the conversation, before the first message was in."""
    alice, bob = server.person("alice"), server.person("bob")

    def begin() -> None:
        from chat.models import Conversation, Membership

        Conversation.objects.create(id=dm(alice, bob), kind="dm", last_seq=1)
        for person in (alice, bob):
            Membership.objects.create(account_id=person.name, conversation_id=dm(alice, bob))

    await server.database.run(begin)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        assert hers.hello["conversations"] == []
        assert (await hers.request("history", conversation=dm(alice, bob)))["messages"] == []
        message = await hers.send_text(bob.name, "first")
        assert message["seq"] == 1
        await his.expect("message", message=message)


@pytest.mark.embedded("many processes share their data, and lock nothing")
async def test_a_second_server_on_the_same_data_refuses_to_start(server):
    second = Server(server.database, server.data_dir, {})
    with pytest.raises(AssertionError, match="did not start"):
        second.start()
    assert second.process.returncode not in (0, None)
    assert str(server.data_dir) in second.log
    assert "Traceback" not in second.log
    alice = server.person("alice")
    async with server.connect(alice) as ws:
        await ws.barrier()


@pytest.mark.embedded("many processes share their data, and lock nothing")
async def test_the_lock_is_freed_by_death(server):
    server.kill()
    server.start()
    async with server.connect(server.person("alice")) as ws:
        await ws.barrier()
