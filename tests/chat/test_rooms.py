"""Rooms: made, joined and left; who may see, write and govern."""

import pytest

from chat.models import LOBBY, Account, Membership
from tests.chat.rooming import bodies, done, made, new_name
from tests.chat.test_presence import is_shown

IN_ONE_PLACE = pytest.mark.embedded("it is judged by the process that it comes to")

# ---- making and joining -----------------------------------------------------------------------


async def test_who_makes_a_room_owns_it_and_every_connection_of_theirs_is_told(server, alice):
    name = new_name()
    async with server.connect(alice) as one, server.connect(alice) as other:
        answer = await one.request("create", room=name, title="Garden", private=False)
        shown = answer["conversation"]
        assert (shown["id"], shown["title"]) == (f"room:{name}", "Garden")
        assert shown["room"] == {
            "private": False, "closed": False, "role": "owner", "muted": False, "mentions": 0,
        }  # fmt: skip
        await other.expect("conversation", conversation={"id": f"room:{name}"})


async def test_a_public_room_is_joined_and_read_from_its_beginning(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers)
        await hers.send_text(room, "before you came")
        answer = await done(his, "join", room=room)
        shown = answer["conversation"]
        assert (shown["first_seq"], shown["last_seq"]) == (1, 2)
        assert (shown["received_seq"], shown["read_seq"], shown["unread"]) == (2, 2, 0)
        assert (await bodies(his, room))[1] == "before you came"
        message = await hers.send_text(room.replace("room:", "#"), "welcome")
        await his.expect("message", message=message)


async def test_a_private_room_is_read_from_the_invitation_on(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, private=True)
        await hers.send_text(room, "before you came")
        await done(hers, "invite", room=room, user=bob.name)
        shown = (await his.expect("conversation", conversation={"id": room}))["conversation"]
        assert shown["first_seq"] == 3
        await hers.send_text(room, "now you hear me")
        assert "before you came" not in await bodies(his, room)
        assert (await bodies(his, room))[-1] == "now you hear me"
        await his.send("sync", id="s", since={room: 0})
        await his.expect("synced")
        await his.nothing_about("before you came")


async def test_an_outsider_gets_nothing_of_a_room_and_knows_nothing_of_a_private_one(
    server, alice, bob, charlie
):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as outside,
    ):
        room = await made(hers, bob, private=True)
        await his.expect("conversation")
        message = await hers.send_text(room, "ours alone")
        await his.expect("message", message=message)
        asked = {
            "join": {}, "leave": {}, "members": {}, "mute": {}, "rename": {"title": "Mine"},
            "invite": {"user": charlie.name}, "remove": {"user": bob.name}, "close": {},
            "appoint": {"user": charlie.name, "role": "owner"},
        }  # fmt: skip
        for type, fields in asked.items():
            assert (await outside.refused(type, room=room, **fields))["code"] == "not_found"
        assert (await outside.refused("history", conversation=room))["code"] == "not_found"
        refused = await outside.refused("send", id="x", to=room, body="let me in")
        assert refused["code"] == "not_found"
        found = await outside.request("rooms", query=room.removeprefix("room:"))
        assert found["rooms"] == []
        await outside.nothing_about("ours alone")


@IN_ONE_PLACE
@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("create", {"room": "a\0b"}),
        ("create", {"room": "fine", "title": "a\0b"}),
        ("join", {"room": "a\0b"}),
        ("invite", {"room": "lobby", "user": "a\0b"}),
        ("members", {"room": "lobby", "after": "a\0b"}),
        ("rooms", {"query": "a\0b"}),
        ("search", {"query": "a\0b"}),
    ],
)
async def test_nul_is_in_no_text(server, alice, type, fields):
    async with server.connect(alice) as ws:
        error = await ws.refused(type, **fields)
        assert error["code"] == "invalid"
        assert "NUL" in error["detail"]


@IN_ONE_PLACE
@pytest.mark.parametrize("room", ["", "#", "two words", "über", "x" * 33, "x" * 99, "-dash"])
async def test_a_room_has_a_name_like_everybody(server, alice, room):
    async with server.connect(alice) as ws:
        error = await ws.refused("create", room=room)
        assert (error["code"], "“room”" in error["detail"]) == ("invalid", True)


async def test_a_name_is_given_to_one_room(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, private=True)
        again = await his.refused("create", room=room.removeprefix("room:").upper())
        assert again["code"] == "conflict"


# ---- leaving ----------------------------------------------------------------------------------


async def test_who_leaves_gets_nothing_more(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await his.expect("conversation")
        await done(his, "leave", room=room)
        await his.expect("left", conversation=room)
        await hers.send_text(room, "after he left")
        await his.nothing_about("after he left")
        assert (await his.refused("history", conversation=room))["code"] == "not_found"


async def test_where_the_owner_leaves_the_oldest_moderator_takes_over(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        room = await made(hers, bob, charlie)
        await done(hers, "appoint", room=room, user=charlie.name, role="moderator")
        await done(hers, "leave", room=room)
        await ws.expect("conversation", conversation={"id": room, "room": {"role": "owner"}})


async def test_who_was_removed_comes_back_by_invitation_alone(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await his.expect("conversation", conversation={"id": room})
        await done(hers, "remove", room=room, user=bob.name)
        await his.expect("left", conversation=room)
        assert (await his.refused("join", room=room))["code"] == "forbidden"
        await his.seen("conversation")  # that it is his may have come twice
        await done(hers, "invite", room=room, user=bob.name)
        await his.expect("conversation", conversation={"id": room})
        await his.send_text(room, "back again")


# ---- governing --------------------------------------------------------------------------------


async def test_members_govern_nothing(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob, charlie)
        await his.expect("conversation")
        asked = {
            "rename": {"title": "Mine"}, "close": {}, "remove": {"user": charlie.name},
            "appoint": {"user": bob.name, "role": "owner"},
        }  # fmt: skip
        for type, fields in asked.items():
            assert (await his.refused(type, room=room, **fields))["code"] == "forbidden"


async def test_a_moderator_removes_members_and_no_others(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob, charlie)
        await done(hers, "appoint", room=room, user=bob.name, role="moderator")
        refused = await his.refused("remove", room=room, user=alice.name)
        assert refused["code"] == "forbidden"
        await done(his, "remove", room=room, user=charlie.name)
        members = (await his.request("members", room=room))["members"]
        assert [(m["name"], m["role"]) for m in members] == [
            (alice.name, "owner"), (bob.name, "moderator"),
        ]  # fmt: skip


async def test_a_room_that_is_handed_over_has_one_owner(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        answer = await done(hers, "appoint", room=room, user=bob.name, role="owner")
        assert answer["conversation"]["room"]["role"] == "moderator"
        await his.expect("conversation", conversation={"id": room, "room": {"role": "owner"}})


async def test_a_new_title_is_shown_to_every_member(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await his.expect("conversation", conversation={"id": room})
        await done(hers, "rename", room=room, title="Kitchen garden")
        for ws in (hers, his):
            await ws.expect("conversation", conversation={"id": room, "title": "Kitchen garden"})
        notice = (await his.expect("message", message={"kind": "notice", "data": {
            "event": "renamed", "title": "Kitchen garden"}}))["message"]  # fmt: skip
        assert notice["sender"] == alice.name


async def test_in_a_closed_room_nobody_writes_or_joins_and_its_members_read(
    server, alice, bob, charlie
):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as outside,
    ):
        room = await made(hers, bob)
        await his.expect("conversation", conversation={"id": room})
        await hers.send_text(room, "the last word")
        await done(hers, "close", room=room)
        for ws in (hers, his):
            await ws.expect("conversation", conversation={"id": room, "room": {"closed": True}})
            refused = await ws.refused("send", id="x", to=room, body="one more")
            assert refused["code"] == "forbidden"
        assert (await outside.refused("join", room=room))["code"] == "forbidden"
        assert "the last word" in await bodies(his, room)
        await done(hers, "close", room=room, closed=False)
        await his.expect("conversation", conversation={"id": room, "room": {"closed": False}})
        await his.send_text(room, "open again")


# ---- looking round ----------------------------------------------------------------------------


async def test_public_rooms_are_found_by_name_and_title_page_by_page(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        word = new_name()
        made_ = sorted([await made(hers, title=f"About {word}") for _ in range(3)])
        first = await his.request("rooms", query=word, limit=2)
        rest = await his.request("rooms", query=word, limit=2, after=first["rooms"][-1]["id"])
        assert (first["more"], rest["more"]) == (True, False)
        found = first["rooms"] + rest["rooms"]
        assert [room["id"] for room in found] == made_
        assert {(room["members"], room["joined"]) for room in found} == {(1, False)}


async def test_members_are_shown_with_their_presence_and_it_goes_on(server, alice, bob):
    async with server.connect(alice) as hers:
        room = await made(hers, bob)
        [_, shown] = (await hers.request("members", room=room))["members"]
        assert (shown["name"], shown["online"]) == (bob.name, False)
        async with server.connect(bob):
            await is_shown(hers, bob, online=True)


async def test_a_muted_room_says_so_to_oneself_alone(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await his.expect("conversation")
        answer = await done(his, "mute", room=room)
        assert answer["conversation"]["room"]["muted"] is True
        await hers.nothing("conversation", conversation={"room": {"muted": True}})
        answer = await done(his, "mute", room=room, muted=False)
        assert answer["conversation"]["room"]["muted"] is False


# ---- mentions ---------------------------------------------------------------------------------


async def test_who_is_called_by_name_sees_how_often_until_it_is_read(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await his.expect("conversation", conversation={"id": room})
        await hers.send_text(room, f"@{bob.name}, look, and @{charlie.name} is not here")
        message = await hers.send_text(room, f"(@{bob.name.upper()}.) mail@{bob.name}")
        await hers.send_text(room, f"no call: mail@{bob.name}")
        assert (await shown_to(his, room))["room"]["mentions"] == 2
        await his.send("read", conversation=room, seq=message["seq"])
        await his.barrier()
        shown = await shown_to(his, room)
        assert (shown["room"]["mentions"], shown["unread"]) == (0, 1)


async def test_who_comes_later_was_not_called(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers)
        await hers.send_text(room, f"is @{bob.name} here?")
        answer = await done(his, "join", room=room)
        assert answer["conversation"]["room"]["mentions"] == 0


async def shown_to(ws, room: str) -> dict:
    """How the room is shown in the list of conversations."""
    page = await ws.request("conversations")
    [shown] = [c for c in page["conversations"] if c["id"] == room]
    return shown


# ---- the lobby --------------------------------------------------------------------------------


def test_whoever_signs_up_is_in_the_lobby(server):
    def sign_up() -> list[tuple[str, str]]:
        account = Account.objects.create_user("dora-of-the-lobby", "correct horse battery")
        return list(Membership.objects.filter(account=account).values_list("conversation", "role"))

    assert server.database.call(sign_up) == [(LOBBY, "member")]
