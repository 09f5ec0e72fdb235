"""Up to where a stream has told what there is, by the databases."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from chat.events import missed
from chat.events import position as positions
from chat.events.missed import Start
from chat.events.position import Position
from chat.ids import time_of
from chat.models import Account, Change, Membership
from tests.chat.search.talk import opened, say

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

DIRECT = "dm:alice:bob"
ROOM = "room:garden"
HOUR = 3_600_000
PATIENCE = 100
"""Messages; a position names fewer rooms."""


@pytest.fixture(autouse=True)
def accounts(db):
    Account.objects.bulk_create(Account(name=name) for name in ("alice", "bob", "charlie"))


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def change(conversation: str, *seqs: int, at: int) -> None:
    for seq in seqs:
        number = Change.objects.filter(conversation=conversation).count() + 1
        Change.objects.create(conversation_id=conversation, number=number, seq=seq, at=moment(at))


def test_what_was_there_by_that_time_is_told():
    opened(DIRECT)
    now = time_of(say(DIRECT, "one", "two")[-1].id)
    change(DIRECT, 1, at=now - 1)
    change(DIRECT, 2, at=now + 1)
    assert missed.start("bob", DIRECT, now) == Start(2, 1)
    assert missed.start("bob", DIRECT, now - HOUR) == Start(0, 0)
    assert missed.start("bob", DIRECT, now + HOUR) == Start(2, 2)


def test_what_was_said_before_one_joined_is_nobodys_news():
    opened(ROOM, "alice")
    before = say(ROOM, "one", "two")
    opened(ROOM, "bob")
    at = time_of(before[-1].id)
    mine = Membership.objects.filter(account="bob")
    mine.update(received_seq=2, joined_at=moment(at + 60_000))
    change(ROOM, 1, at=at)
    assert missed.start("bob", ROOM, at - HOUR) == Start(2, 1)
    assert missed.behind("bob", at - HOUR, {}) == {ROOM: 2}
    mine.update(joined_at=moment(at - 60_000))  # both were said since, and received elsewhere
    assert missed.start("bob", ROOM, at - HOUR).seq == 0


def test_a_long_hole_is_read_bit_by_bit_and_to_its_end(monkeypatch):
    monkeypatch.setattr(missed, "FILLED", 2)
    monkeypatch.setattr(missed, "LOOKED", 2)
    opened(DIRECT)
    now = time_of(say(DIRECT, *"abcde")[-1].id)
    change(DIRECT, 1, 2, 9, 9, 3, 4, at=now)
    assert [m.seq for m in missed.between("bob", DIRECT, 1, 5)] == [2, 3]
    assert [m.seq for m in missed.between("bob", DIRECT, 3, 5)] == [4]
    assert missed.between("bob", DIRECT, 4, 5) == []
    found = missed.changes_between("bob", DIRECT, 2, 6)
    assert [(c.number, c.message.seq) for c in found] == [(5, 3)]
    assert missed.changes_between("bob", DIRECT, 5, 6) == []


def test_an_outsider_is_told_nothing():
    opened(DIRECT)
    now = time_of(say(DIRECT, "one", "two")[-1].id)
    change(DIRECT, 1, at=now)
    assert missed.start("charlie", DIRECT, 0) == Start(0, 0)
    assert missed.between("charlie", DIRECT, 0, 3) == []
    assert missed.changes_between("charlie", DIRECT, 0, 2) == []


def test_who_breaks_off_again_and_again_is_told_all_in_the_end(monkeypatch):
    """Of far more conversations than a position can name, with breaks after a few messages."""
    rooms = [opened(f"room:{number:032d}", "bob") for number in range(300)]
    said = [say(room, "hello")[0] for room in rooms][-1]
    told: Counter[str] = Counter()
    now = time_of(said.id) + HOUR
    monkeypatch.setattr(positions, "_now", lambda: now)
    last_id = str(Position(1))
    for _ in range(len(rooms) // PATIENCE):
        position = Position.read(last_id)
        position.begin()
        since = missed.behind("bob", position.at, position.seqs.last)
        for message in missed.newer("bob", since)[:PATIENCE]:
            position.tell(message)
            told[message.conversation] += 1
        last_id = str(position)
    assert told == dict.fromkeys(rooms, 1)
