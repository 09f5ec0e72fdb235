"""The server's orderly end, its sudden end, and a new beginning."""

import asyncio
import contextlib
import itertools
import time

import pytest
from websockets.exceptions import ConnectionClosed

from tests.chat.api.calling import sent
from tests.chat.api.streaming import listening
from tests.chat.test_presence import is_shown
from tests.client import new_id
from tests.server import Server, dm
from tests.times import parse


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


async def test_on_sigterm_what_is_stored_is_acked_and_all_are_told_1001(server):
    """Alice sends as fast as she can all the while, so that the end falls into a batch."""
    alice, bob, charlie = (server.person(name) for name in ("alice", "bob", "charlie"))
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        listening(server, charlie) as stream,
    ):
        await sent(server, alice, charlie.name, "one", new_id())
        assert await stream.messages(1) == [(dm(alice, charlie), 1)]
        sending = asyncio.create_task(send_on(hers, bob.name))
        for _ in range(300):
            await hers.expect("ack")
        stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
        frames = await hers.everything()
        assert (hers.socket.close_code, await his.closed()) == (1001, 1001)
        assert (await stream.expect("closed")).data == {"code": 1001}
        await sending
        assert await stopping in (0, -15)
    assert "Traceback" not in server.log
    acked = [frame["message"] for frame in frames if frame["type"] == "ack"]
    server.start()
    stored = await history(server, bob, dm(alice, bob))
    assert stored[300:] == acked
    assert [m["body"] for m in stored] == [str(number) for number in range(len(stored))]
    await sent(server, alice, charlie.name, "two", new_id())
    async with listening(server, charlie, stream.last_id) as again:
        assert await again.messages(1) == [(dm(alice, charlie), 2)]


async def send_on(ws, to: str) -> None:
    """Send numbered messages until the connection closes."""
    with contextlib.suppress(ConnectionClosed):
        for number in itertools.count():
            await ws.send("send", id=str(number), to=to, body=str(number))
            await asyncio.sleep(0)  # let the acks be read


async def test_a_restart_keeps_everything(server):
    """Messages, cursors, and when somebody was last seen: Bob left before, Charlie is cut off."""
    alice, bob, charlie = (server.person(name) for name in ("alice", "bob", "charlie"))
    async with server.connect(alice) as hers, server.connect(charlie) as cut_off:
        sent = await hers.send_texts(bob.name, [str(n) for n in range(50)])
        await cut_off.send_text(alice.name, "hello")
        async with server.connect(bob) as his:
            for cursor, seq in (("received", 40), ("read", 20)):
                await his.send(cursor, conversation=dm(alice, bob), seq=seq)
                await hers.expect(cursor, seq=seq)
            await is_shown(hers, bob, online=True)  # before, he was told of as one never seen
        last_seen = (await is_shown(hers, bob, online=False))["last_seen"]
        async with server.connect(alice) as again:
            before = again.hello["conversations"]
        server.terminate()
        stopped = time.time()
    server.start()
    async with server.connect(alice) as hers:
        assert hers.hello["conversations"] == before
        people = {person["name"]: person for person in hers.hello["people"]}
        found = people[bob.name]
        assert (found["online"], found["last_seen"]) == (False, last_seen)
        found = people[charlie.name]
        assert found["online"] is False
        assert abs(parse(found["last_seen"]).timestamp() - stopped) < 15
    async with server.connect(bob) as his:
        [shown] = his.hello["conversations"]
        assert (shown["received_seq"], shown["read_seq"], shown["unread"]) == (40, 20, 30)
        assert (await his.send_text(alice.name, "and on"))["seq"] == 51
    assert (await history(server, alice, dm(alice, bob)))[:50] == sent


async def test_a_sudden_end_loses_nothing_hides_nothing_and_makes_no_hole(server):
    """What was acked is there. A crash between the two databases leaves a conversation's `last_seq`
    too high, as Charlie's is here."""
    alice, bob, charlie = (server.person(name) for name in ("alice", "bob", "charlie"))
    async with server.connect(alice) as hers:
        await hers.send_texts(charlie.name, ["one", "two"])
        message = await hers.send_text(bob.name, "durable", id="1")
        server.kill()

    def run_ahead() -> None:
        from chat.models import Conversation

        Conversation.objects.filter(id=dm(alice, charlie)).update(last_seq=40)

    await server.database.run(run_ahead)
    server.start()
    assert await history(server, bob, dm(alice, bob)) == [message]
    async with server.connect(bob) as his:
        assert his.hello["conversations"][0]["unread"] == 1
        assert (await his.request("stored", after=None))["messages"] == [message]
    async with server.connect(alice) as hers:
        assert await hers.send_text(bob.name, "durable", id="1") == message
    async with server.connect(charlie) as ws:
        assert ws.hello["conversations"][0]["last_seq"] == 2
        assert ws.hello["conversations"][0]["unread"] == 2
        async with server.connect(alice) as hers:
            await ws.send("received", conversation=dm(alice, charlie), seq=40)
            await hers.expect("received", user=charlie.name, seq=2)
            assert (await ws.send_text(alice.name, "three"))["seq"] == 3
            await hers.send_text(charlie.name, "four")
        assert [m["body"] for m in (await ws.request("stored"))["messages"]] == ["four"]


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
