"""From the store to the sockets: acks to the senders, frames to the members.

A hint only: whoever misses a frame finds the message in the store. Each message is encoded
once, however many receive it; membership is asked again here.
"""

import logging

from chat import handlers, permissions
from chat.backplane import backplane
from chat.backplane.news import Begun, Delivered, Told
from chat.conversation_ids import is_direct
from chat.hub import hub
from chat.partners import Partner
from chat.posts import Beginning, Post
from chat.presence import presence
from chat.protocol import (
    Ack,
    ConversationFrame,
    Message,
    MessageFrame,
    Resync,
    encode,
    error_frame,
    raw,
)
from chat.seqs import last_seqs
from chat.store import Tip

log = logging.getLogger(__name__)


def deliver(posts: list[Post]) -> None:
    """Tell everybody concerned what became of a batch.

    Never raises: who may have missed something is told to `resync`, and the path goes on.
    """
    for post in posts:
        try:
            _tell(post)
        except Exception as error:
            log.error("A message was not delivered: %s", type(error).__name__)
            frame = encode(Resync())
            hub.push(permissions.members_of(post.conversation), frame)
            backplane.tell(Told(post.conversation, "", frame))
        finally:
            if post.settled is not None and not post.settled.done():
                post.settled.set_result(None)


def _tell(post: Post) -> None:
    if post.message is not None:
        _deliver(post, post.message)
    elif post.error is not None and post.origin is not None:
        post.origin.push(error_frame(post.error, post.client_id))


def _deliver(post: Post, message: Message) -> None:
    encoded = raw(message)
    last_seqs.note(message.conversation, Tip(message.seq, message.id))
    if post.sent_at is not None:
        return
    if message.seq == 1 and post.begins is not None:
        _announce(post.begins)
    frame = encode(MessageFrame(encoded))
    members = permissions.receivers_of(message.conversation, message.seq)
    hub.push(members, frame, besides=post.origin)
    backplane.tell(Delivered(message.conversation, message.seq, message.id, frame))
    if post.origin is not None:
        post.origin.push(encode(Ack(post.client_id, encoded)))
    if is_direct(message.conversation):
        handlers.arrived(message, members)
    elif post.called:
        handlers.arrived(message, post.called)


def _announce(beginnings: dict[str, Beginning]) -> None:
    """Tell the members of a new conversation, each as they see it, and of each other."""
    for name, (conversation, partner) in beginnings.items():
        frame = encode(ConversationFrame(conversation))
        begin(name, frame, partner)
        seen = partner.last_seen.timestamp() if partner.last_seen else None
        backplane.tell(Begun(name, frame, partner.name, partner.title, partner.kind, seen))


def begin(account: str, frame: str, partner: Partner) -> None:
    """Tell the connections of `account` of a new conversation, and of its other side."""
    for connection in list(hub.of(account)):
        if partner.name != account:
            presence.introduce(connection, partner)
        connection.push(frame)
