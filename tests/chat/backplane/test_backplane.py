"""What web processes tell each other, over a real Redis-protocol server that may go away."""

import asyncio
import logging
import time

import pytest
from redis.asyncio import Redis

from chat.backplane import peers, publisher, roll, shared, subscriber
from chat.backplane.alone import Backplane
from chat.backplane.news import Came, Delivered, Hinted, Left, Moved
from chat.backplane.shared import channel_of
from tests.client import WITHIN
from tests.services.fixtures import running
from tests.services.valkey import Valkey
from tests.waiting import until, until_awaited

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def quick(monkeypatch):
    """Leases as in production, but shorter."""
    monkeypatch.setattr(roll, "LEASE", 1.0)
    monkeypatch.setattr(peers, "LEASE", 1.0)
    monkeypatch.setattr(shared, "BEAT", 0.1)
    monkeypatch.setattr(subscriber, "SILENT_AFTER", 0.5)
    monkeypatch.setattr(publisher, "WITHIN", 0.3)


@pytest.fixture
def listening(quick, monkeypatch):
    """But Redis does not seem silent on a machine that stalls: what is said meanwhile would be
    missed."""
    monkeypatch.setattr(subscriber, "SILENT_AFTER", WITHIN)
    monkeypatch.setattr(subscriber, "ANSWERS_WITHIN", WITHIN)
    monkeypatch.setattr(publisher, "WITHIN", WITHIN)
    monkeypatch.setattr(shared, "JOIN_WITHIN", WITHIN)
    monkeypatch.setattr(shared, "LEAVE_WITHIN", WITHIN)


@pytest.fixture
def patient(listening, monkeypatch):
    """Nor do the others seem dead."""
    monkeypatch.setattr(roll, "LEASE", WITHIN)
    monkeypatch.setattr(peers, "LEASE", WITHIN)


@pytest.fixture
def own_valkey():
    yield from running(Valkey())


def message(seq: int, conversation: str = "dm:alice:bob") -> Delivered:
    return Delivered(conversation, seq, f"id {seq}", f"frame {seq} “é”")


@pytest.mark.usefixtures("patient")
async def test_what_is_soon_said_again_does_not_push_out_what_is_not(process):
    a, b = await process(), await process()
    told = [message(seq) for seq in range(1, publisher.MAX_BEFORE_HINT + 1)]
    hints = [Hinted("dm:alice:openai", "openai", f"text {n}") for n in range(publisher.MAX_WAITING)]
    a.backplane.tell(hints[0])
    for item in [*told, *hints[1:], message(0)]:
        a.backplane.tell(item)
    await b.hears(hints[0], *told, message(0))


@pytest.mark.usefixtures("patient")
async def test_the_others_hear_it_in_order_and_the_teller_does_not(process):
    a, b, c = await process(), await process(), await process()
    told = [message(seq) for seq in range(1, 2001)]
    for item in told:
        a.backplane.tell(item)
    await b.hears(*told)
    await c.hears(*told)
    assert a.inbox.items == []
    assert b.inbox.misses == c.inbox.misses == 0


@pytest.mark.usefixtures("patient")
async def test_each_teller_is_heard_in_its_own_order(process):
    a, b, c = await process(), await process(), await process()
    for seq in range(200):
        a.backplane.tell(message(seq, "dm:alice:bob"))
        b.backplane.tell(message(seq, "dm:bob:charlie"))
        await asyncio.sleep(0)
    await until(lambda: len(c.inbox.items) == 400)
    for conversation in ("dm:alice:bob", "dm:bob:charlie"):
        seqs = [i.seq for i in c.inbox.items if i.conversation == conversation]
        assert seqs == list(range(200))


async def test_who_joins_learns_who_is_there(process):
    a = await process("alice", "bob")
    await until(lambda: a.backplane.figures()["published"])
    b = await process()
    await b.sees(a, "alice", "bob")


async def test_who_joins_is_seen_by_the_others(process):
    a = await process()
    b = await process("bob")
    await a.sees(b, "bob")


@pytest.mark.usefixtures("patient")
async def test_who_came_and_left_meanwhile_is_on_the_roll(process):
    a, b = await process("alice"), await process()
    a.backplane.tell(Came("bob", "Bob", "person"))
    a.backplane.tell(Left("alice", 1.5))
    await b.hears(Came("bob", "Bob", "person"), Left("alice", 1.5))
    c = await process()
    await c.sees(a, "bob")


@pytest.mark.usefixtures("patient")
async def test_a_process_that_leaves_takes_its_people_along(process):
    a, b = await process("alice"), await process()
    await b.sees(a, "alice")
    await a.backplane.leave()
    await b.sees(a)
    assert b.inbox.misses == 0, "it said all it had to say"


@pytest.mark.usefixtures("listening")
async def test_a_process_that_dies_takes_its_people_along_and_something_may_be_missed(process):
    a, b = await process("alice"), await process()
    await b.sees(a, "alice")
    a.die()
    await b.sees(a)
    assert b.inbox.misses == 1
    c = await process()
    assert a.name not in c.inbox.people, "its roll has expired"


@pytest.mark.usefixtures("listening")
async def test_one_that_stood_still_for_longer_than_its_lease_is_found_again(process):
    a, b = await process("alice"), await process()
    await b.sees(a, "alice")
    a.die()
    await b.sees(a)

    def is_found() -> bool:
        a.backplane._publisher.beat()  # again: it dies of the next silence
        return b.inbox.people[a.name] == {"alice"}

    await until(is_found)


@pytest.mark.usefixtures("listening")
async def test_who_stood_still_itself_buries_nobody(process, monkeypatch):
    monkeypatch.setattr(shared, "OVERSLEPT", 0.5)
    a, b = await process("alice"), await process()
    await b.sees(a, "alice")
    time.sleep(2 * peers.LEASE)  # noqa: ASYNC251 (everything stands still)
    heard = b.backplane.figures()["received"]
    await until(lambda: b.backplane.figures()["received"] > heard + 3)
    assert b.inbox.people[a.name] == {"alice"}
    assert b.inbox.misses == 0


@pytest.mark.usefixtures("patient")
async def test_what_is_dropped_is_noticed(process):
    a, b = await process(), await process()
    a.backplane.tell(message(1))
    await b.hears(message(1))
    for seq in range(publisher.MAX_WAITING + 1):
        a.backplane.tell(message(seq))  # in one go: nothing can be sent meanwhile
    await until(lambda: b.inbox.misses == 1)
    assert a.backplane.figures()["lost"] == publisher.MAX_WAITING
    a.backplane.tell(message(2))
    await b.hears(message(2))
    assert b.inbox.misses == 1, "it is said once"


@pytest.mark.usefixtures("patient")
async def test_large_frames_are_bounded_as_well(process, monkeypatch):
    monkeypatch.setattr(publisher, "MAX_WAITING_TEXT", 1_000)
    a, b = await process(), await process()
    for seq in range(1, 12):
        a.backplane.tell(Delivered("dm:alice:bob", seq, f"id {seq}", "x" * 100))
    await until(lambda: b.inbox.misses == 1)
    assert a.backplane.figures()["lost"] == 10


async def test_one_that_was_buried_says_what_it_could_not_tell_meanwhile(
    process, own_valkey, monkeypatch
):
    """Its next envelope is the first of somebody new: no gap would show."""
    a, b = await process("alice", url=own_valkey.url), await process(url=own_valkey.url)
    await b.sees(a, "alice")
    original = a.backplane._publisher._redis.publish

    async def unreachable(*args):
        raise ConnectionError

    monkeypatch.setattr(a.backplane._publisher._redis, "publish", unreachable)
    await b.sees(a)
    before = b.inbox.misses
    a.backplane.tell(message(1))
    await until(lambda: a.backplane.figures()["lost"])
    monkeypatch.setattr(a.backplane._publisher._redis, "publish", original)
    await until(lambda: b.inbox.misses > before)
    await b.sees(a, "alice")


@pytest.mark.usefixtures("listening")
async def test_a_roll_that_redis_lost_is_written_anew(process, redis_url):
    a = await process("alice")
    await until(lambda: a.backplane.figures()["published"])
    redis = Redis.from_url(redis_url)
    await redis.flushdb()
    a.inbox.here.append(Came("bob", "Bob", "person"))
    a.backplane.tell(Came("bob", "Bob", "person"))  # it alone would be the roll now
    await until_awaited(lambda: redis.sismember("chat:webs", a.name))
    await redis.aclose()
    b = await process()
    await b.sees(a, "alice", "bob")


async def test_a_roll_of_another_version_stops_nobody(process, redis_url):
    redis = Redis.from_url(redis_url)
    await redis.sadd("chat:webs", "0123456789abcdef")
    await redis.hset("chat:web:0123456789abcdef", mapping={"": "", "alice": b"\xc1", "bob": "?"})
    await redis.aclose()
    a, b = await process("alice"), await process()
    await b.sees(a, "alice")
    assert b.inbox.people["0123456789abcdef"] == set()


async def test_a_subscriber_outlives_whatever_goes_wrong(process, monkeypatch):
    a, b = await process(), await process()
    monkeypatch.setattr(b.inbox, "receive", None)  # not even callable
    a.backplane.tell(message(1))
    await until(lambda: b.inbox.misses)
    monkeypatch.undo()
    a.backplane.tell(message(2))
    await b.hears(message(2))


async def test_redis_answers_no_question_although_the_line_stands(process, monkeypatch):
    monkeypatch.setattr(subscriber, "ANSWERS_WITHIN", 0.2)
    a, b = await process("alice"), await process()
    await b.sees(a, "alice")

    async def never(process):
        await asyncio.Event().wait()

    monkeypatch.setattr(b.backplane._subscriber._roll, "read", never)
    a.backplane._publisher.restate()
    await until(lambda: not b.backplane.figures()["connected"])
    monkeypatch.undo()
    await until(lambda: b.inbox.misses)
    await b.sees(a, "alice")


@pytest.mark.usefixtures("patient")
async def test_a_subscription_that_breaks_is_taken_up_again(process, redis_url):
    a, b = await process("alice"), await process("bob")
    await b.sees(a, "alice")
    redis = Redis.from_url(redis_url)
    await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    await redis.aclose()
    await until(lambda: a.inbox.misses and b.inbox.misses)
    a.backplane.tell(message(1))
    await b.hears(message(1))


@pytest.mark.usefixtures("patient")
async def test_redis_dies_and_comes_back_empty(process, own_valkey):
    a, b = await process("alice", url=own_valkey.url), await process("bob", url=own_valkey.url)
    await b.sees(a, "alice")
    own_valkey.kill()
    await until(lambda: not b.backplane.figures()["connected"])
    a.backplane.tell(message(1))  # this one is lost, and nobody waits
    await asyncio.to_thread(own_valkey.start)
    await until(lambda: a.inbox.misses and b.inbox.misses)
    a.backplane.tell(Came("charlie", "Charlie", "person"))
    a.inbox.here.append(Came("charlie", "Charlie", "person"))
    a.backplane.tell(message(2))
    await until(lambda: message(2) in b.inbox.items)
    c = await process(url=own_valkey.url)
    await c.sees(a, "alice", "charlie")
    await c.sees(b, "bob")


async def test_redis_hangs_and_goes_on(process, own_valkey):
    a, b = await process("alice", url=own_valkey.url), await process("bob", url=own_valkey.url)
    await b.sees(a, "alice")
    own_valkey.freeze()
    a.backplane.tell(message(1))
    await until(lambda: not b.backplane.figures()["connected"])
    own_valkey.thaw()
    await until(lambda: b.inbox.misses)
    await b.sees(a, "alice")

    def is_heard() -> bool:
        a.backplane.tell(message(2))  # again: it is lost where this process stands still
        return message(2) in b.inbox.items

    await until(is_heard)


async def test_redis_is_away_when_the_first_comes(process, own_valkey):
    own_valkey.kill()
    a = await process("alice", url=own_valkey.url)
    a.backplane.tell(message(1))
    await asyncio.to_thread(own_valkey.start)
    await until(lambda: a.inbox.misses)
    b = await process(url=own_valkey.url)
    await b.sees(a, "alice")


@pytest.mark.usefixtures("patient")
async def test_another_database_is_another_chat(process, valkey):
    a, elsewhere = await process("alice"), await process(url=valkey.database(499))
    b = await process()
    a.backplane.tell(message(1))
    await b.hears(message(1))
    assert elsewhere.inbox.items == []
    assert a.name not in elsewhere.inbox.people


@pytest.mark.usefixtures("patient")
async def test_what_another_version_says_is_passed_over(process, redis_url, caplog):
    a, b = await process(), await process()
    redis = Redis.from_url(redis_url)
    for nonsense in (
        b"",
        b"0123456789abcdef",
        b"0123456789abcdef\x92\x01\x91\x92\xa1?\x01",
        b"\xff" * 40,
    ):
        await redis.publish(channel_of(redis_url), nonsense)
    await redis.aclose()
    a.backplane.tell(Moved("alice", "dm:alice:bob", 2, 1))
    with caplog.at_level(logging.ERROR):
        await b.hears(Moved("alice", "dm:alice:bob", 2, 1))
    assert b.inbox.items == [Moved("alice", "dm:alice:bob", 2, 1)]


async def test_alone_there_is_nobody_to_tell():
    alone = Backplane()
    alone.tell(message(1))
    await alone.leave()
    assert alone.figures() == {}
