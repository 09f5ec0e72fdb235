"""What an event's id says, and what a stream makes of frames that come in another order."""

import asyncio
import json
from base64 import urlsafe_b64encode

import msgspec
import pytest

from chat.events import position as positions
from chat.events.position import AGE, LONGEST, Position
from chat.events.stream import Stream
from chat.protocol import MAX_SEQ, Invalid, Message, MessageFrame, Resync, encode, raw

NOW = 1_800_000_000_000


@pytest.fixture
def clock(monkeypatch):
    """The time, as a list of one, in milliseconds."""
    now = [NOW]
    monkeypatch.setattr(positions, "_now", lambda: now[0])
    return now


def test_it_names_what_was_told_lately_and_says_so_of_the_rest_by_time(clock):
    here = Position()
    here.seqs.note("dm:a:b", 7)
    clock[0] += AGE // 2
    here.seqs.note("dm:a:c", 2)
    both = Position.read(str(here))
    assert (both.at, both.seqs.last) == (clock[0] - AGE, {"dm:a:b": 7, "dm:a:c": 2})
    clock[0] += AGE // 2 + 1
    later = Position.read(str(here))
    assert (later.at, later.seqs.last) == (clock[0] - AGE, {"dm:a:c": 2})


def test_while_something_is_missing_the_time_stands_still(clock):
    again = Position.read(str(Position()))
    clock[0] += 10 * AGE
    again.seqs.note("dm:a:b", 1)
    assert again.is_behind
    assert Position.read(str(again)).at == NOW - AGE
    again.catch_up()
    assert Position.read(str(again)).at == clock[0] - AGE


def test_what_is_from_a_time_to_come_is_named_until_then(clock):
    here = Position()
    here.seqs.note("dm:a:b", 7, at=NOW + 3 * AGE)
    clock[0] += 3 * AGE
    assert Position.read(str(here)).seqs.last == {"dm:a:b": 7}


def test_it_stays_short_however_much_goes_on(clock):
    here = Position()
    for number in range(10_000):
        here.seqs.note(f"room:room-{number}", number)
        here.changes.note(f"room:{number:032d}", MAX_SEQ)
    assert len(str(here)) <= LONGEST
    again = Position.read(str(here))
    assert list(again.seqs.last)[-2:] == ["room:room-9998", "room:room-9999"]
    assert list(again.changes.last)[-1] == f"room:{9999:032d}"


def test_names_are_dropped_in_the_same_order_by_who_goes_on(clock):
    here = Position()
    for number in range(10_000):
        here.seqs.note(f"room:room-{number}", number)
    again = Position.read(str(here))
    again.seqs.note("room:newest", 1)
    assert "room:room-9999" in Position.read(str(again)).seqs.last


@pytest.mark.parametrize("text", ["x", "é", "A" * 40, "k88", "//////"])
def test_what_is_none_is_refused(text):
    with pytest.raises(Invalid):
        Position.read(text)


@pytest.mark.parametrize(
    "seqs",
    [
        {"dm:a:b": 2**63},
        {"dm:a:b": MAX_SEQ + 1},
        {"dm:a:b": -1},
        {"dm:a:\0": 1},
        {"dm:b:a": 1},
        {"x": 1},
        {f"room:{number:032d}": 1 for number in range(200)},
    ],
)
@pytest.mark.parametrize("place", [1, 2])
def test_what_this_server_never_wrote_is_refused(seqs, place):
    written = [NOW // 2, {}, {}]
    written[place] = seqs
    with pytest.raises(Invalid, match="as it came"):
        Position.read(urlsafe_b64encode(msgspec.msgpack.encode(written)).decode())


# ---- streams ----------------------------------------------------------------------------------


def message(seq: int) -> Message:
    id_ = f"01900000-0000-7000-8000-{seq:012d}"
    return Message(id_, "dm:a:b", seq, "a", "text", f"{seq}", None, "2026-11-23T00:00:00.000Z")


class Told(Stream):
    """A stream over a store that has the messages 1 to 5."""

    def __init__(self) -> None:
        self.written: list[tuple[str, int]] = []
        super().__init__("b", Position(), self.write, asyncio.Event())

    async def write(self, event):
        lines = dict(line.split(": ", 1) for line in event["body"].decode().splitlines() if line)
        frame = json.loads(lines["data"])
        self.written.append((lines["event"], frame.get("message", {}).get("seq", 0)))

    def _read(self, query, *args):  # type: ignore[override]
        return getattr(self, query.__name__)(*args)

    async def between(self, conversation, told, seq):
        return [message(n) for n in range(told + 1, seq)]

    async def behind(self, at, told):
        return dict(told)

    async def newer(self, since):
        return [message(n) for n in range(since["dm:a:b"] + 1, 6)]

    async def changes(self, at, last):
        return []

    async def live(self, *seqs: int) -> None:
        for seq in seqs:
            frame = encode(MessageFrame(raw(message(seq))))
            await self.take({"type": "websocket.send", "text": frame})

    @property
    def seqs(self) -> list[int]:
        return [seq for _, seq in self.written]


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


async def test_whatever_goes_wrong_ends_it_so_that_the_client_comes_back():
    stream = Told()

    async def between(*_):
        raise OverflowError

    stream.between = between
    await stream.live(1, 3)
    assert [kind for kind, _ in stream.written] == ["message", "closed"]
    await stream.live(4)
    assert len(stream.written) == 2
