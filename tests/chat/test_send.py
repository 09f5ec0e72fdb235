"""`send`: stored once, acked, in order, to the members and to nobody else."""

import asyncio
import uuid

import pytest

from tests.client import new_id
from tests.server import dm

IN_ONE_PLACE = pytest.mark.embedded("it is judged by the process that it comes to")

ODD_BODIES = [
    "a",
    "x" * 10_000,
    "🙂" * 10_000,
    "line one\nline two\r\n\ttabbed ",
    '<script>alert(1)</script> & "quotes" \\ backslash',
    "\u202eright to left\u200b and \ufeff marks",
    "e\u0301 is not \u00e9",
    "\x01\x1f control \x7f",
    "\U0010ffff\uffff",
]


async def test_the_sender_is_acked_and_the_other_gets_it(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        answer = await hers.request("send", id="my-id", to=bob.name, body="hello Bob")
        message = answer["message"]
        assert answer == {"type": "ack", "id": "my-id", "message": message}
        assert message == {
            "id": message["id"],
            "conversation": dm(alice, bob),
            "seq": 1,
            "sender": alice.name,
            "kind": "text",
            "body": "hello Bob",
            "data": None,
            "sent_at": message["sent_at"],
        }
        assert uuid.UUID(message["id"]).version == 7
        assert await his.expect("message") == {"type": "message", "message": message}


async def test_the_sending_connection_gets_the_ack_instead_of_the_message(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(alice) as tab:
        message = await hers.send_text(bob.name, "hello")
        await tab.expect("message", message=message)
        await hers.nothing("message")


async def test_every_connection_of_both_gets_it(server, alice, bob):
    async with (
        server.connect(alice) as hers,
        server.connect(alice) as her_tab,
        server.connect(bob) as his,
        server.connect(bob) as his_phone,
    ):
        message = await hers.send_text(bob.name, "to all")
        for ws in (her_tab, his, his_phone):
            await ws.expect("message", message=message)


async def test_a_new_conversation_is_announced_before_its_first_message(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send("send", id="1", to=bob.name, body="hello")
        for ws, other, answer in ((hers, bob, "ack"), (his, alice, "message")):
            kinds = []
            while answer not in kinds:
                frame = await ws.expect()
                kinds.append(frame["type"])
                if frame["type"] == "conversation":
                    assert frame["conversation"]["id"] == dm(alice, bob)
                    assert frame["conversation"]["title"] == other.name
                    assert frame["conversation"]["last_seq"] == 0
            assert [kind for kind in kinds if kind != "presence"] == ["conversation", answer]


async def test_it_is_announced_once(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "one")
        await hers.send_text(bob.name, "two")
        await his.send_text(alice.name, "three")
        for ws, last in ((hers, "three"), (his, "two")):
            await ws.expect("message", message={"body": last})
            assert len(await ws.seen("conversation")) == 1


async def test_the_same_id_is_stored_once_and_goes_out_again(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        first = await hers.send_text(bob.name, "only once", id="same")
        await his.expect("message", message=first)
        again = await hers.send_text(bob.name, "only once", id="same")
        assert again == first
        await his.expect("message", message=first)
        page = await his.request("history", conversation=dm(alice, bob), before=None, limit=10)
        assert page["messages"] == [first]


async def test_the_same_id_from_another_connection_too(server, alice, bob):
    async with server.connect(alice) as ws:
        first = await ws.send_text(bob.name, "only once", id="same")
    async with server.connect(alice) as ws:
        assert await ws.send_text(bob.name, "only once", id="same") == first


async def test_the_same_id_many_times_at_once_is_stored_once(server, alice, bob):
    async with server.connect(alice) as one, server.connect(alice) as other:
        for _ in range(20):
            for ws in (one, other):
                await ws.send("send", id="same", to=bob.name, body="only once")
        seqs = {(await ws.expect("ack", id="same"))["message"]["seq"]
                for ws in (one, other) for _ in range(20)}  # fmt: skip
        assert seqs == {1}
        assert (await one.send_text(bob.name, "next"))["seq"] == 2


async def test_two_people_may_use_the_same_id(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        assert (await hers.send_text(bob.name, "hers", id="1"))["seq"] == 1
        assert (await his.send_text(alice.name, "his", id="1"))["seq"] == 2


async def test_an_id_used_for_another_message_is_a_conflict(server, alice, bob, charlie):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "the message", id="used")
        for to, body in ((bob.name, "another"), (charlie.name, "the message")):
            error = await ws.refused("send", id="used", to=to, body=body)
            assert error["code"] == "conflict"
        assert (await ws.send_text(bob.name, "next"))["seq"] == 2


async def test_a_conflict_within_one_batch_refuses_the_second_alone(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send("send", id="a", to=bob.name, body="first")
        await ws.send("send", id="a", to=bob.name, body="second")
        await ws.send("send", id="b", to=bob.name, body="third")
        await ws.expect("ack", id="a", message={"seq": 1, "body": "first"})
        await ws.expect("error", id="a", code="conflict")
        await ws.expect("ack", id="b", message={"seq": 2, "body": "third"})


async def test_sends_of_one_connection_keep_their_order(server, alice, bob, charlie):
    async with server.connect(alice) as ws:
        for number in range(300):
            to = bob.name if number % 3 else charlie.name
            await ws.send("send", id=str(number), to=to, body=str(number))
        seqs: dict[str, list[int]] = {bob.name: [], charlie.name: []}
        for number in range(300):
            to = bob.name if number % 3 else charlie.name
            seqs[to].append((await ws.expect("ack", id=str(number)))["message"]["seq"])
    assert seqs == {bob.name: list(range(1, 201)), charlie.name: list(range(1, 101))}


async def test_both_sides_see_one_order_without_holes(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await asyncio.gather(
            hers.send_texts(bob.name, [f"a{n}" for n in range(100)]),
            his.send_texts(alice.name, [f"b{n}" for n in range(100)]),
        )
        seen = []
        for ws in (hers, his):
            await ws.send("sync", id="all", since={dm(alice, bob): 0})
            await ws.expect("synced", id="all", more=[])
            frames = await ws.seen("messages")
            seen.append([message for frame in frames for message in frame["messages"]])
    assert seen[0] == seen[1]
    assert [message["seq"] for message in seen[0]] == list(range(1, 201))
    assert [m["body"] for m in seen[0] if m["body"][0] == "a"] == [f"a{n}" for n in range(100)]


@pytest.mark.parametrize("body", ODD_BODIES, ids=range(len(ODD_BODIES)))
async def test_a_body_arrives_as_it_was_sent(server, alice, bob, body):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        assert (await hers.send_text(bob.name, body))["body"] == body
        await his.expect("message", message={"body": body})
        page = await his.request("history", conversation=dm(alice, bob), before=None, limit=1)
        assert page["messages"][0]["body"] == body


async def test_sending_to_oneself_is_a_notebook(server, alice, bob):
    async with server.connect(alice) as ws, server.connect(alice) as tab:
        note = await ws.send_text(alice.name, "buy milk")
        assert note["conversation"] == dm(alice, alice)
        await tab.expect("message", message=note)
        assert len(await tab.seen("message")) == 0
        assert (await ws.request("stored", after=None))["messages"] == []
    async with server.connect(alice) as ws:
        (notebook,) = ws.hello["conversations"]
        assert (notebook["last_seq"], notebook["unread"]) == (1, 0)
        page = await ws.request("history", conversation=notebook["id"], before=None, limit=9)
        assert page["messages"] == [note]


async def test_to_may_be_a_conversation_id(server, alice, bob):
    async with server.connect(alice) as ws:
        assert (await ws.send_text(dm(alice, bob), "by id"))["seq"] == 1
        assert (await ws.send_text(bob.name, "by name"))["seq"] == 2


async def test_names_are_compared_without_case(server, alice, bob):
    async with server.connect(alice) as ws:
        message = await ws.send_text(bob.name.upper(), "HELLO")
        assert message["conversation"] == dm(alice, bob)


async def test_what_does_not_exist_is_not_found(server, alice, bob, charlie):
    backwards = ":".join(["dm", *sorted([alice.name, bob.name], reverse=True)])
    async with server.connect(alice) as ws:
        for to in (
            "nobody-of-this-name",
            f"dm:{alice.name}:nobody-of-this-name",
            dm(bob, charlie),
            dm(bob, bob),
            backwards,
            f"dm:{bob.name}",
            "#lobby",
            "room:lobby",
            "device:thermometer1",
            "dm:",
            "::",
            "no such name!",
            "ⓐlice",
        ):
            assert (await ws.refused("send", to=to, body="hello"))["code"] == "not_found", to
        assert (await ws.send_text(bob.name, "still here"))["seq"] == 1


async def test_a_deleted_account_cannot_be_written_to(server, alice):
    from django.utils import timezone

    gone = server.person("gone", deleted_at=timezone.now(), is_active=False)
    async with server.connect(alice) as ws:
        assert (await ws.refused("send", to=gone.name, body="hello?"))["code"] == "not_found"


BAD_SENDS = {
    "no body": {"to": "{bob}"},
    "no to": {"body": "hello"},
    "empty body": {"to": "{bob}", "body": ""},
    "blank body": {"to": "{bob}", "body": " \n\t\u2003 "},
    "body too long": {"to": "{bob}", "body": "x" * 10_001},
    "NUL in body": {"to": "{bob}", "body": "a\0b"},
    "body a number": {"to": "{bob}", "body": 5},
    "body null": {"to": "{bob}", "body": None},
    "to a list": {"to": ["{bob}"], "body": "hello"},
    "empty to": {"to": "", "body": "hello"},
    "long to": {"to": "b" * 1000, "body": "hello"},
    "NUL in to": {"to": "bo\0b", "body": "hello"},
    "unknown field": {"to": "{bob}", "body": "hello", "kind": "notice"},
    "sender given": {"to": "{bob}", "body": "hello", "sender": "{bob}"},
}


@IN_ONE_PLACE
@pytest.mark.parametrize("fields", BAD_SENDS.values(), ids=BAD_SENDS.keys())
async def test_a_bad_field_is_named(server, alice, bob, fields):
    fields = {name: bob.name if value == "{bob}" else value for name, value in fields.items()}
    async with server.connect(alice) as ws:
        error = await ws.refused("send", **fields)
        if "to" in fields and isinstance(fields["to"], str) and fields["to"] != bob.name:
            assert error["code"] in ("invalid", "not_found")
        else:
            assert error["code"] == "invalid"
        assert error["detail"]
        assert (await ws.send_text(bob.name, "still here"))["seq"] == 1


@IN_ONE_PLACE
@pytest.mark.parametrize("id", ["", "x" * 65, 7, None, "a\0b", ["a"]])
async def test_an_id_that_is_none_is_invalid(server, alice, bob, id):
    async with server.connect(alice) as ws:
        await ws.send("send", id=id, to=bob.name, body="hello")
        error = await ws.expect("error")
        assert error["code"] == "invalid"
        assert "id" in error["detail"]


@IN_ONE_PLACE
async def test_a_send_needs_an_id(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send("send", to=bob.name, body="hello")
        error = await ws.expect("error", code="invalid")
        assert "id" in error["detail"]


@pytest.mark.parametrize("id", ["x" * 64, "🙂" * 64, " ", "'; DROP TABLE chat_message; --"])
async def test_an_id_may_be_any_64_characters(server, alice, bob, id):
    async with server.connect(alice) as ws:
        message = await ws.send_text(bob.name, "hello", id=id)
        assert await ws.send_text(bob.name, "hello", id=id) == message


async def test_a_dead_connections_sends_are_finished(server, alice, bob):
    """Whoever sends and closes at once: what came in is stored as if they had stayed."""
    id = new_id()
    async with server.connect(bob) as his:
        async with server.connect(alice) as hers:
            await hers.send("send", id=id, to=bob.name, body="and gone")
        await his.expect("message", message={"body": "and gone"})
        async with server.connect(alice) as hers:
            again = await hers.send_text(bob.name, "and gone", id=id)
        assert again["seq"] == 1


async def test_both_sides_begin_at_once(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        one, other = await asyncio.gather(
            hers.send_text(bob.name, "hello Bob"), his.send_text(alice.name, "hello Alice")
        )
        assert {one["seq"], other["seq"]} == {1, 2}
        await hers.expect("message", message=other)
        await his.expect("message", message=one)
        for ws in (hers, his):
            assert len(await ws.seen("conversation")) == 1
