"""What could not be delivered does not stop the path, and nobody is left believing to have it."""

import asyncio
import json

import pytest

from chat import delivery
from chat.connection import Connection
from chat.hub import hub
from chat.identity import TOKEN, Credential, Identity
from chat.posts import Post
from chat.protocol import Message
from chat.seqs import last_seqs


@pytest.fixture
async def bob():
    """A connection of Bob's in this process, and the frames it was sent."""
    frames = []

    async def send(event):
        frames.append(json.loads(event["text"]))

    identity = Identity("bob", "Bob", "person", Credential(TOKEN, "digest"), "")
    connection = Connection(identity, send, on_close=lambda _: None, on_abort=lambda: None)
    connection.open('{"type":"hello"}')
    hub.add(connection)
    yield connection, frames
    hub.remove(connection)
    last_seqs.forget()


def post(seq, kind="text"):
    message = Message(f"id-{seq}", "dm:alice:bob", seq, "alice", kind, "hi", None, "now")
    return Post(sender="alice", client_id=str(seq), conversation="dm:alice:bob", body="hi",
                message=message)  # fmt: skip


async def test_a_message_that_cannot_be_delivered_makes_a_resync_and_the_rest_goes_on(bob, caplog):
    connection, frames = bob
    not_json = object()
    async with asyncio.timeout(10):
        delivery.deliver([post(1), post(2, kind=not_json), post(3)])
        await connection.drained()
    assert [frame["type"] for frame in frames] == ["hello", "message", "resync", "message"]
    assert [frame["message"]["seq"] for frame in frames[1::2]] == [1, 3]
    assert "hi" not in caplog.text
