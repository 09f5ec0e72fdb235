"""`hello`: first, always, and all that a client needs to begin."""

import asyncio
import re

import pytest

from tests.server import dm
from tests.waiting import until_awaited

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def test_a_newcomer_is_told_version_name_and_limits(server, alice):
    async with server.connect(alice) as ws:
        hello = ws.hello
    assert hello["version"] == 1
    assert hello["user"] == alice.name
    assert hello["conversations"] == []
    assert hello["limits"]["frame"] == 64 * 1024
    assert hello["limits"]["body"] == 10_000


async def test_it_shows_a_conversation_as_its_member_sees_it(server, alice, bob):
    async with server.connect(alice) as ws:
        for body in ("one", "two", "three"):
            last = await ws.send_text(bob.name, body)
    async with server.connect(bob) as ws:
        (shown,) = ws.hello["conversations"]
    promised = {
        "id": dm(alice, bob),
        "title": alice.name,
        "first_seq": 1,
        "last_seq": 3,
        "last_at": last["sent_at"],
        "received_seq": 0,
        "read_seq": 0,
        "unread": 3,
    }
    assert {field: shown[field] for field in promised} == promised
    assert TIME.fullmatch(last["sent_at"])


async def test_unread_leaves_out_ones_own_messages(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, ["one", "two", "three"])
        await his.send_text(alice.name, "four")
        await hers.send_text(bob.name, "five")
    async with server.connect(alice) as hers, server.connect(bob) as his:
        assert hers.hello["conversations"][0]["unread"] == 1
        assert his.hello["conversations"][0]["unread"] == 4


async def test_conversations_come_latest_activity_first(server, alice, bob, charlie):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "first")
        await ws.send_text(charlie.name, "second")
        assert await order(server, alice) == [dm(alice, charlie), dm(alice, bob)]
        await ws.send_text(bob.name, "third")
        assert await order(server, alice) == [dm(alice, bob), dm(alice, charlie)]


async def order(server, person) -> list[str]:
    async with server.connect(person) as ws:
        return [conversation["id"] for conversation in ws.hello["conversations"]]


async def test_it_names_the_other_sides_even_when_they_are_away(server, alice):
    bob = server.person("bob", title="Bob the Builder 🛠")
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "hello")
    async with server.connect(alice) as ws:
        assert ws.hello["conversations"][0]["title"] == "Bob the Builder 🛠"
        assert person(ws.hello, bob) == {
            "name": bob.name,
            "title": "Bob the Builder 🛠",
            "kind": "person",
            "online": False,
            "last_seen": None,
        }


async def test_it_names_others_who_are_online(server, alice, charlie):
    async def is_named() -> bool:
        """By each process: another than Charlie's hears of him a moment later."""
        async with server.connect(alice) as one, server.connect(alice) as other:
            return all(charlie.name in online(ws.hello) for ws in (one, other))

    async with server.connect(charlie):
        await until_awaited(is_named)


def online(hello) -> set[str]:
    return {person["name"] for person in hello["people"] if person["online"]}


def person(hello, wanted):
    (found,) = [person for person in hello["people"] if person["name"] == wanted.name]
    return found


@pytest.mark.embedded("what many cost to ask for is tested on each engine, in store")
async def test_at_most_200_conversations_and_the_rest_by_asking(server, alice):
    names = [friend.name for friend in server.crowd(203)]
    async with server.connect(alice) as ws:
        for name in names:
            await ws.send_text(name, "hello")
    async with server.connect(alice) as ws:
        shown = ws.hello["conversations"]
        assert [c["title"] for c in shown] == names[:-201:-1]
        page = await ws.request("conversations", before=shown[-1]["last_at"], limit=200)
        assert [c["title"] for c in page["conversations"]][-3:] == names[2::-1]
        assert page["more"] is False


async def test_it_comes_before_any_message(server, alice, bob):
    """Messages that arrive while a connection is being opened follow its `hello`."""
    async with server.connect(bob) as his:
        for _ in range(20):
            await his.send("send", id=f"x{_}", to=alice.name, body="knock")
            async with server.connect(alice, hello=False) as hers:
                assert (await hers.expect())["type"] == "hello"


async def test_what_is_sent_while_one_connects_is_in_the_hello_or_follows_it(server, alice, bob):
    """Else it would be missed for good: nothing would show that there is anything to ask for."""
    async with server.connect(bob) as his:
        for number in range(1, 31):
            sending = asyncio.create_task(his.send_text(alice.name, str(number)))
            async with server.connect(alice) as hers:
                assert (await sending)["seq"] == number
                known = [c["last_seq"] for c in hers.hello["conversations"]]
                if known != [number]:
                    await hers.expect("message", message={"seq": number})
