"""`sync`: what is newer than a client has, paced by how fast it reads."""

from chat import reading
from chat.commands.registry import query
from chat.connection import Connection
from chat.frames import in_frames
from chat.permissions import require_member, still_theirs
from chat.protocol import Messages, Sync, Synced, encode
from chat.threads import read_in_turn


@query(Sync)
async def sync(connection: Connection, frame: Sync) -> Synced:
    account = connection.account
    for conversation in frame.since.keys() | frame.changes.keys():
        require_member(account, conversation)
    messages, changes, more = await read_in_turn(account, reading.newer, account, frame)
    for group in in_frames(still_theirs(account, messages)):
        connection.push(encode(Messages(group)))
        await connection.drained()
    return Synced(frame.id, more, changes)
