"""Rooms over HTTP: a room's life, and who is told of it."""

from tests.chat.api.calling import call, refused
from tests.chat.rooming import new_name


async def test_a_rooms_life(server, alice, bob, charlie):
    name = new_name()
    made = await call(server, alice, "POST", "/rooms", {"room": name, "title": "Garden"})
    room = made["conversation"]["id"]
    assert made["conversation"]["room"]["role"] == "owner"
    assert await refused(server, bob, "POST", "/rooms", {"room": name}) == (409, "conflict")
    listed = await call(server, bob, "GET", "/rooms", query=name)
    assert [(each["id"], each["joined"]) for each in listed["rooms"]] == [(room, False)]
    async with server.connect(bob) as his:
        joined = await call(server, bob, "POST", f"/rooms/{name}/join")
        assert joined["conversation"]["title"] == "Garden"
        assert (await his.expect("conversation"))["conversation"]["id"] == room
    await call(server, bob, "POST", f"/rooms/{room}/members", {"user": charlie.name})
    await call(server, alice, "PUT", f"/rooms/{room}/members/{bob.name}", {"role": "moderator"})
    page = await call(server, charlie, "GET", f"/rooms/{room}/members", limit=2)
    assert page["more"]
    assert {each["name"]: each["role"] for each in page["members"]} == {
        alice.name: "owner", bob.name: "moderator",
    }  # fmt: skip
    assert await refused(
        server, charlie, "PUT", f"/rooms/{room}/title", {"title": "Mine"}
    ) == (403, "forbidden")  # fmt: skip
    renamed = await call(server, bob, "PUT", f"/rooms/{room}/title", {"title": "Orchard"})
    assert renamed["conversation"]["title"] == "Orchard"
    muted = await call(server, bob, "PUT", f"/rooms/{room}/muted", {"muted": True})
    assert muted["conversation"]["room"]["muted"]
    assert await call(server, bob, "DELETE", f"/rooms/{room}/members/{charlie.name}") != {}
    assert await refused(server, charlie, "POST", f"/rooms/{room}/join") == (403, "forbidden")
    assert await call(server, bob, "POST", f"/rooms/{room}/leave") == {}
    mine = await call(server, alice, "GET", "/conversations")
    assert [each["id"] for each in mine["conversations"]] == [room]
