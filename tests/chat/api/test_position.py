"""What an event's id says."""

from base64 import urlsafe_b64encode

import msgspec
import pytest

from chat.events import position as positions
from chat.events.position import AGE, LONGEST, Position
from chat.ids import beginning
from chat.protocol import MAX_SEQ, Invalid, Message

NOW = 1_800_000_000_000
HOUR = 3_600_000


def message(conversation: str, at: int) -> Message:
    id_ = f"{beginning(at)}-7000-8000-000000000000"
    return Message(id_, conversation, 1, "a", "text", "", None, "2026-11-23T00:00:00.000Z")


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


def test_who_breaks_off_while_much_is_missing_gets_further_each_time(clock):
    """Though it was in more conversations than a position can name."""
    told, later = Position(NOW - 10 * HOUR), Position(NOW - 10 * HOUR)
    for position in (told, later):
        position.begin()
    clock[0] += HOUR
    for number in range(1_000):
        told.tell(message(f"room:room-{number}", at=NOW - 10 * HOUR + number * 10_000))
    again = Position.read(str(told))
    assert again.at == NOW - 10 * HOUR + 9_990_000 - 1
    assert "room:room-999" in again.seqs.last
    later.tell(message("room:room-1", at=NOW + HOUR))
    assert Position.read(str(later)).at == NOW - AGE  # changes are told up to the beginning


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
