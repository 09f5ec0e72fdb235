"""What the admin changes is told to those whom it concerns, at once."""

import pytest

from chat.models import Membership, Webhook
from tests.chat.admin.visiting import Visitor
from tests.chat.api.test_hooks import hook, say
from tests.chat.rooming import bodies, made

pytestmark = pytest.mark.embedded("what is told goes to other processes as all else does")
ROOMS, MEMBERS, MESSAGES = "/admin/chat/room/", "/admin/chat/membership/", "/admin/chat/message/"


@pytest.fixture
def visitor(server, admin) -> Visitor:
    return Visitor(server, admin)


async def place(server, room: str, person) -> Membership:
    places = Membership.objects.filter(conversation=room, account=person.name)
    found: Membership = await server.database.run(places.get)
    return found


async def is_in(server, room: str, person) -> bool:
    places = Membership.objects.filter(conversation=room, account=person.name)
    return bool(await server.database.run(places.exists))


async def test_a_deleted_message_is_gone_from_its_members_clients(server, visitor, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        message = await hers.send_text(bob.name, "words to be deleted")
        await his.expect("message", message=message)
        await visitor.post(f"{MESSAGES}{message['id']}/delete/", reason="she asked me to")
        changed = (await his.expect("changed"))["message"]
        assert (changed["id"], changed["kind"], changed["body"]) == (message["id"], "deleted", "")
        assert (changed["seq"], changed["sender"]) == (message["seq"], alice.name)
    page = await visitor.get(f"{MESSAGES}{message['id']}/change/")
    assert "words to be deleted" not in page
    assert f"{MESSAGES}{message['id']}/delete/" not in page, "there is nothing more to delete"
    audit = await visitor.get(f"/admin/chat/inspection/?q={message['id']}")
    assert "she asked me to" in audit


async def test_without_a_reason_nothing_is_deleted(server, visitor, alice, bob):
    async with server.connect(alice) as hers:
        message = await hers.send_text(bob.name, "words that stay")
        with pytest.raises(AssertionError, match="Say why"):
            await visitor.post(f"{MESSAGES}{message['id']}/delete/", reason=" ")
        page = await hers.request("history", conversation=message["conversation"])
        assert page["messages"][-1]["body"] == "words that stay"
    assert "words that stay" not in await visitor.get(f"{MESSAGES}?q={message['id']}")


async def test_a_room_is_renamed_and_closed(server, visitor, admin, alice, bob):
    async with server.connect(alice) as hers:
        room = await made(hers, title="Garden")
        await visitor.post(f"{ROOMS}{room}/change/", title="Orchard", closed="on")
        shown = (await hers.expect("conversation", conversation={"title": "Orchard"}))[
            "conversation"
        ]
        assert shown["room"]["closed"]
        said = (await bodies(hers, room))[-2:]
        assert said == [
            f"{admin.name} renamed the room “Orchard”.",
            f"{admin.name} closed the room.",
        ]
        await visitor.act(ROOMS, "reopen", room)
        opened = {"title": "Orchard", "room": {"closed": False}}
        await hers.expect("conversation", conversation=opened)


async def test_what_was_private_stays_so(server, visitor, alice):
    async with server.connect(alice) as hers:
        room = await made(hers, private=True)
    with pytest.raises(AssertionError, match="make a new room"):
        await visitor.post(f"{ROOMS}{room}/change/", title="Garden")


async def test_somebody_is_brought_in_made_the_owner_and_removed(server, visitor, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers)
        form = {"account": bob.name, "room": f"#{room[5:]}", "role": "owner"}
        await visitor.post(f"{MEMBERS}add/", **form)
        await his.expect("conversation", conversation={"room": {"role": "owner"}})
        with pytest.raises(AssertionError, match="They are in it already"):
            await visitor.post(f"{MEMBERS}add/", **form)
        await hers.expect("conversation", conversation={"room": {"role": "moderator"}})
        assert (await place(server, room, alice)).role == "moderator"
        await visitor.act(MEMBERS, "remove", (await place(server, room, bob)).pk)
        await his.expect("left", conversation=room)
        await hers.expect("conversation", conversation={"room": {"role": "owner"}})
        assert not await is_in(server, room, bob)
        assert (await bodies(hers, room))[-1].endswith(f" removed {bob.name}.")


async def test_a_deleted_webhook_is_good_for_nothing(server, visitor, alice):
    async with server.connect(alice) as hers:
        room = await made(hers)
        new = await hook(server, alice, room)
        assert (await say(server, new["url"], {"text": "It is green."})).status == 201
        (made_hook,) = await server.database.run(lambda: list(Webhook.objects.filter(room=room)))
        await visitor.post(f"/admin/chat/webhook/{made_hook.pk}/delete/", post="yes")
        assert (await say(server, new["url"], {"text": "It is red."})).status == 404
        members = (await hers.request("members", room=room))["members"]
        assert [member["name"] for member in members] == [alice.name]
