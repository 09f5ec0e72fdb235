"""The library against a server of each topology: what is sent comes, and is made up for."""

from chat.client import ChangedMessage
from tests.chat.client.using import client_of, event_of, taken, two
from tests.server import Person, Server, dm


async def test_two_talk(server: Server, alice: Person, bob: Person):
    async with two(server, alice, bob) as (alices, bobs):
        messages = bobs.messages()
        stored = await alices.send(bob.name, "hello")
        assert (stored.seq, stored.conversation) == (1, dm(alice, bob))
        assert await taken(messages, 1) == ["hello"]
        assert [m.body for m in (await bobs.history(alice.name)).messages] == ["hello"]
        assert bobs.conversations[dm(alice, bob)].unread == 1
        assert bobs.people[alice.name].online


async def test_what_was_missed_while_the_line_was_cut_comes_in_order(server, relay, alice, bob):
    async with client_of(relay, bob) as bobs, client_of(server, alice) as alices:
        messages = bobs.messages()
        await alices.send(bob.name, "0")
        assert await taken(messages, 1) == ["0"]
        relay.cut()
        for number in range(1, 8):
            last = await alices.send(bob.name, str(number))
        changed = bobs.events()
        await alices.edit(last.id, "seven")
        relay.mend()
        bobs.hurry()
        assert await taken(messages, 7) == [*map(str, range(1, 7)), "seven"]
        relay.cut()
        await alices.edit(last.id, "7 again")
        relay.mend()
        bobs.hurry()
        event = await event_of(changed, ChangedMessage)
        assert isinstance(event, ChangedMessage)
        assert event.message.body == "7 again"
