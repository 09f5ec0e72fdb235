"""What a stream makes of frames that come in another order, or not at all."""

import asyncio
import json

from chat import permissions
from chat.connection import Connection
from chat.events.missed import Missed, Start
from chat.events.position import Position
from chat.events.stream import Stream
from chat.identity import TOKEN, Credential, Identity
from chat.protocol import (
    ChangedFrame,
    Conversation,
    ConversationFrame,
    LeftFrame,
    Message,
    MessageFrame,
    Resync,
    encode,
    raw,
)

DIRECT = "dm:a:b"


def message(seq: int, conversation: str = DIRECT) -> Message:
    id_ = f"01900000-0000-7000-8000-{seq:012d}"
    return Message(id_, conversation, seq, "a", "text", f"{seq}", None, "2026-11-23T00:00:00.000Z")


class Told(Stream):
    """A stream over a store that has the messages 1 to 5 and the changes 1 to 5, and gives two at
    once; of a conversation, nothing up to `seq` and `change` is to be told."""

    def __init__(self, seq: int = 0, change: int = 0) -> None:
        self.written: list[tuple[str, int]] = []
        self.missed: list[Missed] = []
        self.since = Start(seq, change)
        super().__init__("b", Position(), self.write, asyncio.Event())

    async def write(self, event):
        lines = dict(line.split(": ", 1) for line in event["body"].decode().splitlines() if line)
        frame = json.loads(lines["data"])
        seq = frame.get("message", {}).get("seq", 0)
        self.written.append((lines["event"], frame.get("number", seq)))

    def _read(self, query, *args):  # type: ignore[override]
        return getattr(self, query.__name__)(*args)

    async def start(self, conversation, at):
        return self.since

    async def between(self, conversation, told, seq):
        return [message(n, conversation) for n in range(told + 1, seq)][:2]

    async def changes_between(self, conversation, told, number):
        return [Missed(n, n, message(1, conversation)) for n in range(told + 1, number)][:2]

    async def behind(self, at, told):
        return dict(told)

    async def newer(self, since):
        return [message(n) for n in range(since[DIRECT] + 1, 6)]

    async def changes(self, at, last):
        return [change for change in self.missed if change.key > last]

    async def frames(self, *frames) -> None:
        for frame in frames:
            await self.take({"type": "websocket.send", "text": encode(frame)})

    async def live(self, *seqs: int) -> None:
        await self.frames(*(MessageFrame(raw(message(seq))) for seq in seqs))

    async def changed(self, *numbers: int) -> None:
        await self.frames(*(ChangedFrame(raw(message(1)), number) for number in numbers))

    @property
    def seqs(self) -> list[int]:
        return [seq for _, seq in self.written]


def shown(last_seq: int, changes: int = 0) -> ConversationFrame:
    now = "2026-11-23T00:00:00.000Z"
    return ConversationFrame(Conversation(DIRECT, "A", 1, last_seq, now, 0, 0, 0, changes=changes))


async def test_what_overtook_others_waits_for_them():
    stream = Told()
    await stream.live(1, 4, 2, 3, 5)
    assert stream.seqs == [1, 2, 3, 4, 5]


async def test_what_comes_twice_is_told_once():
    stream = Told()
    await stream.live(1, 1, 2, 2, 1)
    assert stream.seqs == [1, 2]


async def test_what_may_have_been_missed_is_looked_up():
    stream = Told()
    await stream.live(1, 2)
    await stream.take({"type": "websocket.send", "text": encode(Resync())})
    assert stream.seqs == [1, 2, 3, 4, 5]
    await stream.live(5)
    assert stream.seqs == [1, 2, 3, 4, 5]


async def test_after_it_is_closed_nothing_is_written():
    stream = Told()
    await stream.take({"type": "websocket.close", "code": 4408})
    await stream.live(1)
    assert stream.written == [("closed", 0)]


async def test_whatever_goes_wrong_ends_it_so_that_the_client_comes_back(monkeypatch):
    stream = Told()

    async def between(*_):
        raise OverflowError

    monkeypatch.setattr(stream, "between", between)
    await stream.live(1, 3)
    assert [kind for kind, _ in stream.written] == ["message", "closed"]
    await stream.live(4)
    assert len(stream.written) == 2


async def test_a_change_that_overtook_others_waits_for_them():
    stream = Told()
    await stream.changed(5, 1, 4, 2, 3)
    assert stream.written == [("changed", number) for number in range(1, 6)]


async def test_of_a_conversation_that_came_up_later_nothing_is_lost_and_nothing_old_told():
    stream = Told(seq=2, change=3)
    await stream.live(5, 4, 2)
    await stream.changed(5, 4, 3)
    assert stream.written == [
        ("message", 3), ("message", 4), ("message", 5), ("changed", 4), ("changed", 5)
    ]  # fmt: skip


async def test_what_happened_before_one_heard_of_a_conversation_follows_it():
    stream = Told(seq=3, change=1)
    await stream.frames(shown(last_seq=5, changes=2))
    told = [("conversation", 0), ("message", 4), ("message", 5), ("changed", 2)]
    assert stream.written == told
    await stream.live(4, 5)
    await stream.frames(shown(last_seq=5, changes=2))
    assert stream.written == [*told, ("conversation", 0)]


async def test_who_comes_back_begins_anew():
    stream = Told()
    await stream.live(1, 2)
    await stream.changed(1)
    await stream.frames(LeftFrame(DIRECT))
    await stream.live(1)
    await stream.changed(1)
    assert stream.seqs == [1, 2, 1, 0, 1, 1]


async def test_changes_are_not_told_of_a_room_that_was_left_meanwhile(monkeypatch):
    theirs = {"room:one", "room:two"}
    monkeypatch.setattr(permissions, "is_member", lambda account, room: room in theirs)
    stream = Told()
    stream.missed = [Missed(n, n, message(n, room)) for n, room in enumerate(sorted(theirs), 1)]
    await stream.live(5)
    theirs.remove("room:one")
    await stream.frames(Resync())
    assert stream.written[5:] == [("changed", 2)]


async def test_changes_made_while_messages_are_told_are_told_behind_these():
    """Their frames wait so long that a position may no more stand before them."""
    stream = Told()
    await stream.live(1)
    stream.missed = [Missed(1, 1, message(1))]
    newer = stream.newer

    async def newer_and_changing(since):
        stream.missed = [Missed(n, n, message(1)) for n in (1, 2)]
        return await newer(since)

    stream.newer = newer_and_changing  # type: ignore[method-assign]
    await stream.frames(Resync())
    assert stream.written[1:] == [
        ("changed", 1), *(("message", seq) for seq in range(2, 6)), ("changed", 2)
    ]  # fmt: skip


async def test_each_event_of_many_from_one_frame_is_progress():
    stream, seen = Told(), []
    stream.on_progress = lambda: seen.append(len(stream.written))
    await stream.live(5)
    assert seen == [1, 2, 3, 4, 5]


async def test_who_reads_what_one_long_catch_up_tells_has_not_stalled(monkeypatch):
    loop, ahead = asyncio.get_running_loop(), 0.0
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + ahead)
    stream, stalled = Told(), []

    async def newer(since):
        nonlocal ahead
        ahead += 60.0
        stalled.append(connection.stalled(30))
        await stream.live(since[DIRECT] + 1)
        stalled.append(connection.stalled(30))
        return []

    monkeypatch.setattr(stream, "newer", newer)
    identity = Identity("b", "B", "person", Credential(TOKEN, "digest"), "")
    connection = Connection(identity, stream.take, lambda _: None, lambda: None)
    stream.on_progress = connection.progressed
    await stream.live(1)
    connection.open(encode(Resync()))
    await connection.drained()
    assert stalled == [True, False]
