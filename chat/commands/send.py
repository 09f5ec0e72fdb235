"""`send`: a message on its way to the store. The ack follows when it is durable."""

from chat import paces, sending
from chat.commands.registry import command
from chat.connection import Connection
from chat.conversation_ids import addressed
from chat.path import writer
from chat.posts import Post
from chat.protocol import Send


@command(Send)
def send(connection: Connection, frame: Send) -> None:
    paces.take_message(connection.account)
    conversation = addressed(frame.to, connection.account)
    sending.require_here(connection.account, conversation, frame.to)
    writer.submit(
        Post(
            sender=connection.account,
            client_id=frame.id,
            conversation=conversation,
            body=frame.body,
            origin=connection,
        )
    )
