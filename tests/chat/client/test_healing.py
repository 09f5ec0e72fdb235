"""What a client does about frames that never came: against a server that follows a script."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from chat.client import ChatClient, Message, connection
from tests.chat.client.using import taken
from tests.client import WITHIN

Frame = dict[str, Any]
Talk = tuple[ChatClient, AsyncIterator[Message]]
AT = "2026-11-22T13:18:01.513Z"
CONVERSATION = "dm:alice:bob"


def message(seq: int) -> Frame:
    return {"id": f"m{seq}", "conversation": CONVERSATION, "seq": seq, "sender": "bob",
            "kind": "text", "body": str(seq), "data": None, "sent_at": AT}  # fmt: skip


def conversation(last_seq: int) -> Frame:
    return {"id": CONVERSATION, "title": "Bob", "first_seq": 1, "last_seq": last_seq,
            "last_at": AT, "received_seq": 1, "read_seq": 1, "unread": 0}  # fmt: skip


class Script:
    """One connection's server: says frames, and waits for those of the client."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket

    async def say(self, type: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": type, **fields}))

    async def hear(self, type: str) -> Frame:
        """The next frame of this type."""
        while (frame := json.loads(await self._socket.recv()))["type"] != type:
            pass
        return dict(frame)

    async def answer_sync(self, *seqs: int, more: bool = False) -> Frame:
        """Hear `sync`, and say these messages; gives what was asked."""
        asked = await self.hear("sync")
        await self.say("messages", messages=[message(seq) for seq in seqs])
        await self.say("synced", id=asked["id"], more=[CONVERSATION] if more else [], changes={})
        return asked


@asynccontextmanager
async def scripted(play: Callable[[Script], Any]) -> AsyncIterator[Talk]:
    """A client that listens, of a server that says hello and then does as `play` says, which must
    succeed."""
    listens = asyncio.Event()
    played: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def handle(socket: ServerConnection) -> None:
        script = Script(socket)
        hello = {"user": "alice", "conversations": [conversation(1)], "people": []}
        await script.say("hello", version=1, limits={}, **hello)
        try:
            await listens.wait()
            await play(script)
        except Exception as error:
            played.set_exception(error)
        if not played.done():
            played.set_result(None)
        await socket.wait_closed()

    async with serve(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with ChatClient(f"http://127.0.0.1:{port}", "alice", token="any") as chat:
            messages = chat.messages()
            listens.set()
            yield chat, messages
            await played


async def test_what_is_not_answered_is_sent_again_on_another_connection(monkeypatch):
    monkeypatch.setattr(connection, "REQUEST", 0.2)
    sent: list[Frame] = []

    async def play(script: Script) -> None:
        sent.append(await script.hear("send"))
        if len(sent) > 1:
            await script.say("ack", id=sent[0]["id"], message=message(2))

    async with scripted(play) as (chat, _):
        async with asyncio.timeout(WITHIN):
            assert (await chat.send("bob", "hello")).seq == 2
    assert len(sent) > 1  # once more for each time that the answer took too long
    assert all(again == sent[0] for again in sent)


async def test_a_hole_is_filled_before_what_lies_behind_it():
    async def play(script: Script) -> None:
        await script.say("message", message=message(4))
        assert (await script.answer_sync(2, more=True))["since"] == {CONVERSATION: 1}
        assert (await script.answer_sync(3, 4))["since"] == {CONVERSATION: 2}
        await script.say("message", message=message(3))
        await script.say("message", message=message(5))

    async with scripted(play) as (_, messages):
        assert await taken(messages, 4) == ["2", "3", "4", "5"]


async def test_a_hole_that_opens_while_another_is_filled_is_filled_too():
    async def play(script: Script) -> None:
        await script.say("message", message=message(3))
        asked = await script.hear("sync")
        await script.say("messages", messages=[message(2)])
        await script.say("message", message=message(5))
        await script.say("synced", id=asked["id"], more=[], changes={})
        assert (await script.answer_sync(4, 5))["since"] == {CONVERSATION: 3}

    async with scripted(play) as (_, messages):
        assert await taken(messages, 4) == ["2", "3", "4", "5"]


async def test_a_hole_that_nothing_fills_keeps_nothing_back():
    async def play(script: Script) -> None:
        await script.say("message", message=message(3))
        await script.answer_sync(3)

    async with scripted(play) as (_, messages):
        assert await taken(messages, 1) == ["3"]


async def test_resync_asks_what_is_new():
    async def play(script: Script) -> None:
        await script.say("resync")
        asked = await script.hear("conversations")
        await script.say(
            "conversations", id=asked["id"], conversations=[conversation(3)], more=False
        )
        assert (await script.answer_sync(2, 3))["since"] == {CONVERSATION: 1}

    async with scripted(play) as (_, messages):
        assert await taken(messages, 2) == ["2", "3"]


async def test_frames_that_are_not_known_or_not_right_are_left_out():
    async def play(script: Script) -> None:
        await script.say("weather", rain=True)
        await script.say("message", message={"seq": "two"})
        await script.say("presence")
        await script.say("message", message=message(2) | {"colour": "red"})

    async with scripted(play) as (_, messages):
        assert await taken(messages, 1) == ["2"]


async def test_what_the_store_did_not_confirm_is_sent_again_under_its_id():
    ids: list[str] = []

    async def play(script: Script) -> None:
        for code in ("unavailable", "rate_limited"):
            asked = await script.hear("send")
            ids.append(asked["id"])
            refusal = {"code": code, "detail": "later", "retry_after": 0.01}
            await script.say("error", id=asked["id"], **refusal)
        asked = await script.hear("send")
        ids.append(asked["id"])
        await script.say("ack", id=asked["id"], message=message(2) | {"sender": "alice"})

    async with scripted(play) as (chat, _):
        assert (await chat.send("bob", "hello")).seq == 2
    assert len(set(ids)) == 1
