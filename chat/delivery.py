"""From the store to the sockets: acks to the senders, frames to the members.

A hint only: whoever misses a frame finds the message in the store. Each message is encoded
once, however many receive it; membership is asked again here.
"""

from chat import permissions
from chat.hub import hub
from chat.posts import Post
from chat.presence import presence
from chat.protocol import (
    Ack,
    Conversation,
    ConversationFrame,
    Message,
    MessageFrame,
    encode,
    error_frame,
    raw,
)
from chat.seqs import last_seqs


def deliver(posts: list[Post]) -> None:
    """Tell everybody concerned what became of a batch."""
    for post in posts:
        if post.opened is not None:
            _announce(post.opened)
        if post.message is not None:
            _deliver(post, post.message)
        elif post.error is not None and post.origin is not None:
            post.origin.push(error_frame(post.error, post.client_id))


def _deliver(post: Post, message: Message) -> None:
    encoded = raw(message)
    last_seqs.note(message.conversation, message.seq)
    frame = encode(MessageFrame(encoded))
    hub.push(permissions.members_of(message.conversation), frame, besides=post.origin)
    if post.origin is not None:
        post.origin.push(encode(Ack(post.client_id, encoded)))


def _announce(opened: dict[str, Conversation]) -> None:
    """Tell the members of a new conversation, each as they see it."""
    for name, conversation in opened.items():
        frame = encode(ConversationFrame(conversation))
        for connection in list(hub.of(name)):
            presence.watch(connection, [other for other in opened if other != name])
            connection.push(frame)
