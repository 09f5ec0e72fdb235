"""`edit` and `delete`: what one said, said otherwise, or taken back."""

from chat import amending, threads
from chat.commands.registry import query
from chat.connection import Connection
from chat.limits import shared_buckets
from chat.protocol import Delete, Edit, Ok, RateLimited

amendments = shared_buckets("amendments", rate=2, burst=60)


@query(Edit)
async def edit(connection: Connection, frame: Edit) -> Ok:
    _take(connection)
    await threads.act(amending.edit, connection.account, frame.message, frame.body)
    return Ok(frame.id)


@query(Delete)
async def delete(connection: Connection, frame: Delete) -> Ok:
    _take(connection)
    await threads.act(amending.delete, connection.account, frame.message)
    return Ok(frame.id)


def _take(connection: Connection) -> None:
    if wait := amendments.take(connection.account):
        raise RateLimited("Too many changes; wait a little.", retry_after=round(wait, 3))
