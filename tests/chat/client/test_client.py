"""The library against a real server that dies, a line that is cut, and refusals."""

import asyncio
from collections.abc import Callable

import pytest

from chat.client import ChatClient, Disconnected, Refused, SignedOut, Unreachable, connection
from chat.models import Token
from tests.browser.relay import Relay
from tests.chat.client.using import client_of, taken, two
from tests.client import WITHIN
from tests.server import Server, dm
from tests.waiting import until

pytestmark = pytest.mark.embedded("what the client does depends on no topology")


async def test_what_waited_comes_once_and_again_where_it_was_not_handled(server, alice, bob):
    async with client_of(server, alice) as alices:
        for number in range(3):
            await alices.send(bob.name, str(number))
        async with client_of(server, bob) as bobs:
            assert await taken(bobs.messages(), 3) == ["0", "1", "2"]
        async with client_of(server, bob) as bobs:  # “2” was given, and nothing after it asked for
            assert await taken(bobs.messages(), 1) == ["2"]


async def test_who_only_sends_receives_nothing(server, alice, bob):
    async with two(server, alice, bob) as (alices, bobs):
        await alices.send(bob.name, "for later")
        await bobs.send(alice.name, "only sending")
        assert [message.body for message in (await bobs.stored()).messages] == ["for later"]


async def test_no_more_than_the_backlog_comes_by_itself(server, alice, bob):
    async with client_of(server, alice) as alices:
        for number in range(5):
            await alices.send(bob.name, str(number))
        async with client_of(server, bob, backlog=2) as bobs:
            assert await taken(bobs.messages(), 2) == ["3", "4"]


async def test_sends_wait_for_a_connection_and_keep_their_order(server, relay, alice, bob):
    async with client_of(relay, alice) as alices, client_of(server, bob) as bobs:
        messages = bobs.messages()
        await alices.send(bob.name, "before")
        relay.cut()
        sent = [alices.post(bob.name, str(number)) for number in range(20)]
        assert len(alices.outbox.waiting) == 20
        relay.mend()
        alices.hurry()
        stored = await asyncio.wait_for(asyncio.gather(*sent), WITHIN)
        assert [message.seq for message in stored] == list(range(2, 22))
        assert await taken(messages, 21) == ["before", *map(str, range(20))]


async def test_a_dead_line_is_noticed(server, relay, alice, bob, monkeypatch):
    """No byte comes through, and nothing is closed."""
    monkeypatch.setattr(connection, "QUIET", 1.0)
    monkeypatch.setattr(connection, "ANSWER", 2.0)
    async with client_of(relay, alice) as alices:
        relay.deaden()
        sent = alices.post(bob.name, "hello")
        await until(lambda: not alices.is_online)
        relay.revive()
        assert (await asyncio.wait_for(sent, WITHIN)).body == "hello"


async def test_nothing_is_lost_or_doubled_while_the_server_dies(own_server: Callable[..., Server]):
    server = own_server()
    alice, bob = server.person("alice"), server.person("bob")
    relay = Relay(lambda: server.port)
    async with client_of(relay, alice) as alices, client_of(relay, bob) as bobs:
        messages = bobs.messages()
        for end in (server.kill, server.terminate):
            sent = [alices.post(bob.name, str(number)) for number in range(200)]
            await sent[20]
            await asyncio.to_thread(end)
            await asyncio.to_thread(server.start)
            stored = await asyncio.wait_for(asyncio.gather(*sent), WITHIN)
            assert [message.body for message in stored] == [*map(str, range(200))]
            assert await taken(messages, 200) == [*map(str, range(200))]
        assert bobs.conversations[dm(alice, bob)].last_seq == 400
    relay.close()


async def test_a_wrong_password_is_said(server):
    person = server.person("alice", password="a good password")
    with pytest.raises(SignedOut):
        async with ChatClient(server.origin, person.name, password="a bad one"):
            pass
    async with ChatClient(server.origin, person.name, password="a good password") as chat:
        assert chat.token


async def test_a_revoked_token_ends_the_client(server, alice, bob):
    async with client_of(server, alice) as alices:
        messages = alices.messages()
        server.database.call(lambda: Token.objects.filter(account_id=alice.name).delete())
        with pytest.raises(SignedOut):
            await taken(messages, 1)
        with pytest.raises(SignedOut):
            await alices.history(bob.name)


async def test_another_persons_token_is_not_used(server, alice, bob):
    with pytest.raises(SignedOut, match="not of"):
        async with ChatClient(server.origin, alice.name, token=bob.token, patience=WITHIN):
            pass


async def test_where_no_chat_is_that_is_said(server, relay, alice):
    relay.cut()
    with pytest.raises(Unreachable):
        async with client_of(relay, alice, patience=0.5):
            pass


async def test_what_is_refused_is_told_and_the_rest_goes_on(server, alice, bob):
    async with client_of(server, alice) as alices:
        with pytest.raises(Refused) as refused:
            await alices.send("nobody-of-that-name", "hello")
        assert refused.value.code == "not_found"
        [outgoing] = alices.outbox.refused.values()
        assert (outgoing.body, outgoing.error) == ("hello", refused.value)
        assert (await alices.send(bob.name, "hello")).seq == 1


async def test_the_same_id_is_stored_once(server, alice, bob):
    async with client_of(server, alice) as alices:
        first = await alices.send(bob.name, "hello", id="once")
        assert await alices.send(bob.name, "hello", id="once") == first


async def test_who_waits_for_an_ack_is_told_that_the_client_is_closed(server, relay, alice, bob):
    async with client_of(relay, alice) as alices:
        relay.cut()
        sent = alices.post(bob.name, "hello")
    with pytest.raises(Disconnected):
        await sent


async def test_rooms(server, alice, bob):
    room = f"#garden-{alice.name}"
    async with two(server, alice, bob) as (alices, bobs):
        messages = alices.messages()
        await alices.create(room, "The garden")
        assert [found.title for found in await bobs.rooms(room[1:])] == ["The garden"]
        await bobs.join(room)
        await bobs.send(room, f"hello @{alice.name}")
        assert await taken(messages, 1) == [f"hello @{alice.name}"]
        known = alices.conversations[alices.conversation_of(room)]
        assert (known.unread, known.room and known.room.mentions) == (1, 1)
        roles = {member.name: member.role for member in await alices.members(room)}
        assert roles == {alice.name: "owner", bob.name: "member"}
        await bobs.leave(room)
        with pytest.raises(Refused):
            await bobs.history(room)
