"""Rooms over HTTP: a room's life, and who is told of it."""

from tests.chat.api.calling import ask, call, refused
from tests.chat.rooming import new_name

WITHIN = 1000
"""Questions; 30 are good at once, and more the slower they come."""


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


async def test_questions_for_rooms_have_a_pace_at_all_doors_together(server, charlie):
    async with server.connect(charlie) as his:
        for _ in range(WITHIN):
            answer = await his.request("rooms", query="x")
            if answer["type"] == "error":
                break
        assert answer["code"] == "rate_limited"
        assert answer["retry_after"] > 0
        for _ in range(WITHIN):  # one more may be good again by now
            answer = await ask(server, charlie, "GET", "/rooms", query="x")
            if answer.status != 200:
                break
        assert answer.status == 429
