"""`send`: a message on its way to the store. The ack follows when it is durable."""

from django.conf import settings

from chat.commands.registry import command
from chat.connection import Connection
from chat.contacts import contacts
from chat.conversation_ids import addressed, dm_partner
from chat.limits import shared_buckets
from chat.opening import nobody
from chat.path import writer
from chat.permissions import is_member, require_writer
from chat.posts import Post
from chat.protocol import NotFound, RateLimited, Send

messages = shared_buckets("messages", settings.RATE_LIMIT_MESSAGES, settings.RATE_LIMIT_BURST)


@command(Send)
def send(connection: Connection, frame: Send) -> None:
    if wait := messages.take(connection.account):
        raise RateLimited("Too many messages; wait a little.", retry_after=round(wait, 3))
    conversation = addressed(frame.to, connection.account)
    _require_writer(connection.account, conversation, frame.to)
    writer.submit(
        Post(
            sender=connection.account,
            client_id=frame.id,
            conversation=conversation,
            body=frame.body,
            origin=connection,
        )
    )


def _require_writer(account: str, conversation: str, to: str) -> None:
    """Raise NotFound in terms of the `to` that was asked for, or Forbidden."""
    if not is_member(account, conversation):
        raise NotFound(f"There is nobody and no conversation called “{to[:80]}”.")
    require_writer(account, conversation)
    other = dm_partner(conversation, account)
    if contacts.is_hidden(other, account):
        raise nobody(other)
