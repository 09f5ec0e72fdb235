"""`GET /api/v1/events`: what a socket is told, and after a break neither more nor less."""

import pytest

from chat.events.position import Position
from tests.chat.api.calling import call, sent
from tests.chat.api.streaming import listening
from tests.chat.rooming import done, made
from tests.chat.test_slow import BODY, MANY, are_gone
from tests.client import new_id
from tests.server import dm
from tests.waiting import until_awaited


async def test_it_tells_what_a_socket_is_told(server, alice, bob):
    async with listening(server, bob) as stream, server.connect(alice) as hers:
        message = await hers.send_text(bob.name, "hello")
        assert (await stream.expect("conversation")).data["conversation"]["id"] == dm(alice, bob)
        assert (await stream.expect("message")).data == {"type": "message", "message": message}
        await hers.send("typing", conversation=dm(alice, bob))
        assert (await stream.expect("typing")).data["user"] == alice.name
        await hers.request("edit", message=message["id"], body="hello!")
        assert (await stream.expect("changed")).data["message"]["body"] == "hello!"


async def test_it_goes_on_where_it_was_without_loss_or_repetition(server, alice, bob, charlie):
    """In a conversation that it told of, in one that it did not, and in one that was quiet."""
    direct, other = dm(alice, bob), dm(bob, charlie)
    await sent(server, charlie, bob.name, "before", new_id())
    async with listening(server, bob) as stream:
        await sent(server, alice, bob.name, "one", new_id())
        await sent(server, alice, bob.name, "two", new_id())
        assert await stream.messages(1) == [(direct, 1)]
        last_id = stream.last_id
    await sent(server, alice, bob.name, "three", new_id())
    await sent(server, charlie, bob.name, "after", new_id())
    async with listening(server, bob, last_id) as stream:
        assert sorted(await stream.messages(3)) == sorted([(direct, 2), (direct, 3), (other, 2)])
        await sent(server, alice, bob.name, "four", new_id())
        assert await stream.messages(1) == [(direct, 4)]
        last_id = stream.last_id
    async with listening(server, bob, query=f"?last_event_id={last_id}") as stream:
        await sent(server, alice, bob.name, "five", new_id())
        assert await stream.messages(1) == [(direct, 5)]


async def test_what_was_changed_meanwhile_is_told(server, alice, bob):
    message = await sent(server, alice, bob.name, "helo", new_id())
    async with listening(server, bob) as stream:
        last_id = stream.last_id
    await call(server, alice, "PUT", f"/messages/{message['id']}", {"body": "hello"})
    async with listening(server, bob, last_id) as stream:
        changed = await stream.expect("changed")
        assert changed.data["message"]["body"] == "hello"
        last_id = stream.last_id
    async with listening(server, bob, last_id) as stream:
        await sent(server, alice, bob.name, "next", new_id())
        await stream.messages(1)
        assert [event for event in stream.kept if event.type == "changed"] == []


async def test_an_outsider_hears_nothing_not_even_with_anothers_id(server, alice, bob, charlie):
    async with listening(server, bob) as his:
        await sent(server, alice, bob.name, "between us", new_id())
        await his.messages(1)
    async with listening(server, charlie, his.last_id) as stream:
        await sent(server, alice, bob.name, "still", new_id())
        await sent(server, alice, charlie.name, "to you", new_id())
        assert await stream.messages(1) == [(dm(alice, charlie), 1)]
        assert dm(alice, bob) not in str(stream.kept)


async def test_it_ends_as_soon_as_the_token_does(server, alice):
    async with listening(server, alice) as stream:
        (token,) = (await call(server, alice, "GET", "/tokens"))["tokens"]
        await call(server, alice, "DELETE", f"/tokens/{token['id']}")
        assert (await stream.expect("closed")).data == {"code": 4401}


async def test_who_listens_is_online(server, alice, bob):
    await sent(server, bob, alice.name, "hello", new_id())

    async def is_online():
        people = (await call(server, bob, "GET", "/people"))["people"]
        return [p["online"] for p in people if p["name"] == alice.name]

    assert await is_online() == [False]
    async with listening(server, alice):

        async def came():
            return await is_online() == [True]

        await until_awaited(came)


async def test_who_left_a_room_is_told_no_more_of_it(server, alice, bob):
    async with server.connect(alice) as hers, listening(server, bob) as stream:
        room = await made(hers, bob)
        await stream.expect("conversation", conversation={"id": room})
        await hers.send_text(room, "hello")
        await stream.expect("message", message={"body": "hello"})
        await hers.request("remove", room=room, user=bob.name)
        await stream.expect("left", conversation=room)
        await hers.send_text(room, "without him")
        await sent(server, alice, bob.name, "to you", new_id())
        await stream.expect("message", message={"body": "to you"})
        assert "without him" not in str(stream.kept)
    async with listening(server, bob, stream.last_id) as again:
        await sent(server, alice, bob.name, "next", new_id())
        await again.expect("message", message={"body": "next"})
        assert "without him" not in str(again.kept)


async def test_of_a_room_just_joined_all_is_told_since_and_nothing_before(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers)
        async with listening(server, bob) as stream:
            for number in range(2):
                await hers.send_text(room, "without him")
                await done(his, "join", room=room)
                await stream.expect("conversation", conversation={"id": room})
                await hers.send_text(room, f"with him {number}")
                await stream.expect("message", message={"body": f"with him {number}"})
                if number == 0:
                    await done(his, "leave", room=room)
                    await stream.expect("left", conversation=room)
            assert "without him" not in str(stream.kept)
        said = await hers.send_text(room, "meanwhile")
        await hers.request("edit", message=said["id"], body="in the meantime")
        async with listening(server, bob, stream.last_id) as again:
            await again.expect("message", message={"body": "in the meantime"})
            assert "him" not in str(again.kept)


@pytest.mark.embedded("each process has buffers of its own")
async def test_who_does_not_read_is_closed_and_misses_nothing(server, alice, bob):
    async with server.connect(alice) as hers, listening(server, bob, narrow=True) as stream:
        first = await hers.send_text(bob.name, "hello")
        await stream.expect("message", message={"id": first["id"]})
        await hers.send_texts(bob.name, [BODY for _ in range(MANY)])
        await are_gone(hers, [bob])
        while (await stream.next()).type != "closed":
            pass
    told = Position.read(stream.last_id).seqs.last[dm(alice, bob)]
    async with listening(server, bob, stream.last_id) as again:
        seqs = [seq for _, seq in await again.messages(1 + MANY - told)]
        assert seqs == list(range(told + 1, MANY + 2))
