"""`edit` and `delete`: what one said, said otherwise, or taken back."""

from chat import amending, paces, threads
from chat.commands.registry import query
from chat.connection import Connection
from chat.protocol import Delete, Edit, Ok


@query(Edit)
async def edit(connection: Connection, frame: Edit) -> Ok:
    paces.take_amendment(connection.account)
    await threads.act(amending.edit, connection.account, frame.message, frame.body)
    return Ok(frame.id)


@query(Delete)
async def delete(connection: Connection, frame: Delete) -> Ok:
    paces.take_amendment(connection.account)
    await threads.act(amending.delete, connection.account, frame.message)
    return Ok(frame.id)
