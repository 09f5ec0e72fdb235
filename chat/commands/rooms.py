"""The frames about rooms: each is carried out as anywhere else (`chat/rooms/`)."""

from collections.abc import Callable

from msgspec import UNSET

from chat import paces, threads
from chat.commands.registry import query
from chat.connection import Connection
from chat.cursors import cursors
from chat.overview import overview_of
from chat.presence import presence
from chat.protocol import (
    Appoint,
    CloseRoom,
    Create,
    Invite,
    Join,
    Leave,
    Members,
    Mute,
    Ok,
    Remove,
    Rename,
    RoomRequest,
    Rooms,
    RoomsPage,
)
from chat.rooms import changing, listing, making, membership
from chat.rooms.showing import shown_members


async def _act(connection: Connection, frame: RoomRequest, act: Callable[..., str], *more: object
               ) -> Ok:  # fmt: skip
    """Carry it out, and answer with the conversation as it is now, where one is still in it."""
    paces.take_act(connection.account)
    conversation = await threads.act(act, connection.account, frame.room, *more)
    known = cursors.of(connection.account)
    found = await threads.read(overview_of, connection.account, conversation, known)
    cursors.freshen(connection.account, found.conversations)
    shown = found.conversations[0] if found.conversations else UNSET
    return Ok(frame.id, conversation=shown)


@query(Create)
async def create(connection: Connection, frame: Create) -> Ok:
    return await _act(connection, frame, making.create, frame.title, frame.private)


@query(Join)
async def join(connection: Connection, frame: Join) -> Ok:
    return await _act(connection, frame, membership.join)


@query(Leave)
async def leave(connection: Connection, frame: Leave) -> Ok:
    return await _act(connection, frame, membership.leave)


@query(Invite)
async def invite(connection: Connection, frame: Invite) -> Ok:
    return await _act(connection, frame, membership.invite, frame.user)


@query(Remove)
async def remove(connection: Connection, frame: Remove) -> Ok:
    return await _act(connection, frame, membership.remove, frame.user)


@query(Appoint)
async def appoint(connection: Connection, frame: Appoint) -> Ok:
    return await _act(connection, frame, membership.appoint, frame.user, frame.role)


@query(Rename)
async def rename(connection: Connection, frame: Rename) -> Ok:
    return await _act(connection, frame, changing.rename, frame.title)


@query(CloseRoom)
async def close(connection: Connection, frame: CloseRoom) -> Ok:
    return await _act(connection, frame, changing.close, frame.closed)


@query(Mute)
async def mute(connection: Connection, frame: Mute) -> Ok:
    return await _act(connection, frame, membership.mute, frame.muted)


@query(Rooms)
async def rooms(connection: Connection, frame: Rooms) -> RoomsPage:
    account = connection.account
    paces.take_lookup(account)
    found = await threads.read_in_turn(
        account, listing.rooms, account, frame.query, frame.after, frame.limit
    )
    return RoomsPage(frame.id, found.rooms, found.more)


@query(Members)
async def members(connection: Connection, frame: Members) -> Ok:
    """Who asks is told from now on how those shown come and go."""
    account = connection.account
    found = await threads.read_in_turn(
        account, listing.members, account, frame.room, frame.after, frame.limit
    )
    presence.view(connection, [partner.name for partner, _ in found.members])
    return Ok(frame.id, members=shown_members(found.members), more=found.more)
