"""Editing and deleting: the message keeps its place, and every member hears of it."""

import pytest
from django.utils import timezone

from chat.models import Change
from chat.store import store
from tests.chat.rooming import done, made
from tests.client import Client, new_id
from tests.server import dm

IN_ONE_PLACE = pytest.mark.embedded("one process answers by itself")


async def page(ws: Client, conversation: str) -> list[dict]:
    found: list[dict] = (await ws.request("history", conversation=conversation))["messages"]
    return found


async def test_an_edited_message_keeps_its_place_and_says_that_it_was_edited(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        sent = await hers.send_text(bob.name, "Helo Bob")
        await done(hers, "edit", message=sent["id"], body="Hello Bob")
        for ws in (hers, his):
            now = (await ws.expect("changed"))["message"]
            assert now.pop("edited_at")
            assert now == {**sent, "body": "Hello Bob"}
        assert [m["body"] for m in await page(his, dm(alice, bob))] == ["Hello Bob"]


async def test_of_a_deleted_message_a_tombstone_stays(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        sent = await hers.send_text(bob.name, "for Bob alone")
        await done(hers, "delete", message=sent["id"])
        tombstone = {**sent, "kind": "deleted", "body": "", "data": None}
        await his.expect("changed", message=tombstone, number=1)
        await his.seen("message")
        assert await page(his, dm(alice, bob)) == [tombstone]
        assert (await his.request("stored"))["messages"] == [tombstone]
        await his.nothing_about("for Bob alone")


async def test_who_was_away_is_told_by_sync(server, alice, bob):
    conversation = dm(alice, bob)
    async with server.connect(alice) as hers:
        first, _, third = await hers.send_texts(bob.name, ["one", "two", "three"])
        await done(hers, "edit", message=first["id"], body="ONE")
        await done(hers, "delete", message=third["id"])
        await done(hers, "edit", message=first["id"], body="One")
    async with server.connect(bob) as his:
        [shown] = his.hello["conversations"]
        assert shown["changes"] == 3
        answer = await his.request("sync", since={conversation: 3}, changes={conversation: 0})
        assert answer == {**answer, "type": "synced", "more": [], "changes": {conversation: 3}}
        [frame] = await his.seen("messages")
        assert [(m["seq"], m["body"]) for m in frame["messages"]] == [(1, "One"), (3, "")]
        answer = await his.request("sync", since={}, changes={conversation: 3})
        assert answer["changes"] == {}
        await his.nothing("messages")


async def test_nobody_changes_what_others_said(server, alice, bob, charlie):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as outside,
    ):
        sent = await hers.send_text(bob.name, "mine")
        for type, fields in {"edit": {"body": "yours"}, "delete": {}}.items():
            refused = await his.refused(type, message=sent["id"], **fields)
            assert refused["code"] == "forbidden"
            refused = await outside.refused(type, message=sent["id"], **fields)
            assert refused["code"] == "not_found"
        refused = await outside.refused("sync", since={}, changes={dm(alice, bob): 0})
        assert refused["code"] == "not_found"
        assert await page(his, dm(alice, bob)) == [sent]


async def test_who_governs_a_room_deletes_there_and_edits_nothing(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob, charlie)
        await his.expect("conversation", conversation={"id": room})
        sent = await his.send_text(room, "rude")
        refused = await hers.refused("edit", message=sent["id"], body="polite")
        assert refused["code"] == "forbidden"
        await done(hers, "delete", message=sent["id"])
        await his.expect(
            "changed", message={"id": sent["id"], "kind": "deleted", "sender": bob.name}
        )


async def test_who_came_later_to_a_private_room_hears_of_no_change_before(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, private=True)
        sent = await hers.send_text(room, "secret")
        await done(hers, "invite", room=room, user=bob.name)
        await his.expect("conversation")
        await done(hers, "edit", message=sent["id"], body="still secret")
        await his.request("sync", since={}, changes={room: 0})
        await his.nothing_about("secret")


async def test_sent_again_an_edited_message_is_answered_as_it_is_now(server, alice, bob):
    async with server.connect(alice) as ws:
        id = new_id()
        sent = await ws.send_text(bob.name, "first words", id=id)
        await done(ws, "edit", message=sent["id"], body="second thoughts")
        assert (await ws.send_text(bob.name, "first words", id=id))["body"] == "second thoughts"
        await done(ws, "delete", message=sent["id"])
        again = await ws.send_text(bob.name, "first words", id=id)
        assert (again["kind"], again["seq"]) == ("deleted", 1)


async def test_what_is_deleted_stays_so(server, alice, bob):
    async with server.connect(alice) as ws:
        sent = await ws.send_text(bob.name, "gone")
        await done(ws, "delete", message=sent["id"])
        assert (await ws.refused("edit", message=sent["id"], body="back"))["code"] == "forbidden"
        await done(ws, "delete", message=sent["id"])
        [left] = await page(ws, dm(alice, bob))
        assert (left["kind"], left["body"]) == ("deleted", "")


async def test_a_deleted_message_calls_nobody_any_more(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        sent = await hers.send_text(room, f"@{bob.name}!")
        await done(hers, "delete", message=sent["id"])
        page = await his.request("conversations")
        [shown] = [c for c in page["conversations"] if c["id"] == room]
        assert shown["room"]["mentions"] == 0


@IN_ONE_PLACE
@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001, "NUL \0"])
async def test_what_cannot_be_said_cannot_be_edited_in(server, alice, bob, body):
    async with server.connect(alice) as ws:
        sent = await ws.send_text(bob.name, "fine")
        assert (await ws.refused("edit", message=sent["id"], body=body))["code"] == "invalid"


async def test_an_edit_that_was_not_told_is_told_when_it_is_asked_for_again(server, alice, bob):
    """Whoever was at it died when the store had changed, and nobody knew of it."""
    async with server.connect(alice) as hers, server.connect(bob) as his:
        sent = await hers.send_text(bob.name, "first words")

        def change() -> None:
            store.change(
                sent["id"], kind="text", body="second thoughts", data=None, edited_at=timezone.now()
            )

        await server.database.run(change)
        await done(hers, "edit", message=sent["id"], body="second thoughts")
        await his.expect("changed", message={"body": "second thoughts"}, number=1)


async def test_in_a_closed_room_nothing_is_edited(server, alice):
    async with server.connect(alice) as ws:
        room = await made(ws)
        sent = await ws.send_text(room, "the last word")
        await done(ws, "close", room=room)
        refused = await ws.refused("edit", message=sent["id"], body="one more word")
        assert refused["code"] == "forbidden"
        await done(ws, "delete", message=sent["id"])


@IN_ONE_PLACE
async def test_an_answer_to_sync_is_bounded_changes_included(server, alice, bob):
    conversation = dm(alice, bob)
    long = "x" * 9_900
    async with server.connect(alice) as hers:
        sent = await hers.send_texts(bob.name, [f"{number} {long}" for number in range(300)])

        def change() -> None:
            Change.objects.bulk_create(
                Change(conversation_id=conversation, number=number, seq=message["seq"])
                for number, message in enumerate(sent, start=1)
            )

        await server.database.run(change)
    async with server.connect(bob) as his:
        changes, rounds, got = 0, 0, set()
        while True:
            answer = await his.request("sync", since={}, changes={conversation: changes})
            got |= {m["seq"] for f in await his.seen("messages") for m in f["messages"]}
            rounds += 1
            changes = answer["changes"].get(conversation, changes)
            if not answer["more"]:
                break
        assert got == {message["seq"] for message in sent}
        assert rounds == 2


@pytest.mark.embedded("a setting, which each process reads alike")
async def test_after_a_while_a_message_is_as_it_is(own_server):
    server = own_server(EDIT_WITHIN="0", DELETE_WITHIN="0")
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as ws:
        sent = await ws.send_text(bob.name, "for ever")
        for type, fields in {"edit": {"body": "for now"}, "delete": {}}.items():
            refused = await ws.refused(type, message=sent["id"], **fields)
            assert refused["code"] == "forbidden"
