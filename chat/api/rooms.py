"""Rooms: found, made, joined and left, governed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Router

from chat import paces, running
from chat.api.answers import Done, MembersPage, RoomsPage
from chat.api.asked import asked
from chat.api.doors import person
from chat.api.loop import in_turn
from chat.api.told import told
from chat.cursors import cursors
from chat.http_api import answer_json
from chat.overview import overview_of
from chat.protocol import (
    Appoint,
    CloseRoom,
    Create,
    Invite,
    Join,
    Leave,
    Members,
    Mute,
    Remove,
    Rename,
    Rooms,
)
from chat.rooms import changing, listing, making, membership
from chat.rooms.showing import shown_members
from chat.threads import read

router = Router(tags=["rooms"])
ROOM, MEMBER = ["room"], ["room", "user"]


@router.get("/rooms", **told("GET", RoomsPage, asks=Rooms))
def rooms(request: HttpRequest) -> HttpResponse:
    """Rooms that one may see whose name or title contains `query`, by name; ask on with the last
    id as `after`."""
    frame = asked(request, Rooms)
    account = person(request)
    paces.take_lookup(account)
    found = in_turn(listing.rooms, account, frame.query, frame.after, frame.limit)
    return answer_json(RoomsPage(*found))


@router.post("/rooms", **told("POST", Done, 201, asks=Create, refuses=["conflict"]))
def create(request: HttpRequest) -> HttpResponse:
    """Make a room, of which one is the owner."""
    frame = asked(request, Create)
    return _act(request, frame.room, making.create, frame.title, frame.private, status=201)


@router.post(
    "/rooms/{room}/join", **told("POST", Done, asks=Join, path=ROOM, refuses=["not_found"])
)
def join(request: HttpRequest, room: str) -> HttpResponse:
    """Come into a public room."""
    return _act(request, asked(request, Join, room=room).room, membership.join)


@router.post(
    "/rooms/{room}/leave", **told("POST", Done, asks=Leave, path=ROOM, refuses=["not_found"])
)
def leave(request: HttpRequest, room: str) -> HttpResponse:
    return _act(request, asked(request, Leave, room=room).room, membership.leave)


@router.get(
    "/rooms/{room}/members",
    **told("GET", MembersPage, asks=Members, path=ROOM, refuses=["not_found"]),
)
def members(request: HttpRequest, room: str) -> HttpResponse:
    """Who is in a room that one is in, by name; ask on with the last name as `after`."""
    frame = asked(request, Members, room=room)
    found = in_turn(listing.members, person(request), frame.room, frame.after, frame.limit)
    shown = running.call(shown_members, found.members)
    return answer_json(MembersPage(found.room, shown, found.more))


@router.post(
    "/rooms/{room}/members",
    **told("POST", Done, asks=Invite, path=ROOM, refuses=["not_found"]),
)
def invite(request: HttpRequest, room: str) -> HttpResponse:
    """Bring somebody in."""
    frame = asked(request, Invite, room=room)
    return _act(request, frame.room, membership.invite, frame.user)


@router.put(
    "/rooms/{room}/members/{user}",
    **told("PUT", Done, asks=Appoint, path=MEMBER, refuses=["not_found"]),
)
def appoint(request: HttpRequest, room: str, user: str) -> HttpResponse:
    """Make a member a moderator, a mere member again, or the owner."""
    frame = asked(request, Appoint, room=room, user=user)
    return _act(request, frame.room, membership.appoint, frame.user, frame.role)


@router.delete("/rooms/{room}/members/{user}", **told("DELETE", Done, refuses=["not_found"]))
def remove(request: HttpRequest, room: str, user: str) -> HttpResponse:
    """Take somebody out, who comes back by invitation alone."""
    frame = asked(request, Remove, room=room, user=user)
    return _act(request, frame.room, membership.remove, frame.user)


@router.put(
    "/rooms/{room}/title", **told("PUT", Done, asks=Rename, path=ROOM, refuses=["not_found"])
)
def rename(request: HttpRequest, room: str) -> HttpResponse:
    frame = asked(request, Rename, room=room)
    return _act(request, frame.room, changing.rename, frame.title)


@router.put(
    "/rooms/{room}/closed", **told("PUT", Done, asks=CloseRoom, path=ROOM, refuses=["not_found"])
)
def close(request: HttpRequest, room: str) -> HttpResponse:
    """Close a room, in which nobody writes from then on, or open it again."""
    frame = asked(request, CloseRoom, room=room)
    return _act(request, frame.room, changing.close, frame.closed)


@router.put("/rooms/{room}/muted", **told("PUT", Done, asks=Mute, path=ROOM, refuses=["not_found"]))
def mute(request: HttpRequest, room: str) -> HttpResponse:
    """Be called by what is new there no more, or again."""
    frame = asked(request, Mute, room=room)
    return _act(request, frame.room, membership.mute, frame.muted)


def _act(request: HttpRequest, room: str, act: Callable[..., str], *more: object,
         status: int = 200) -> HttpResponse:  # fmt: skip
    """Carry it out, and answer with the conversation as it is now, where one is still in it."""
    account = person(request)
    paces.take_act(account)
    conversation = act(account, room, *more)
    return answer_json(running.wait_for(_done(account, conversation)), status)


async def _done(account: str, conversation: str) -> Done:
    found = await read(overview_of, account, conversation, cursors.of(account))
    cursors.freshen(account, found.conversations)
    return Done(*found.conversations)
