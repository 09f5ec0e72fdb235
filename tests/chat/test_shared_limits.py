"""Rate limits that processes share over Redis: what one would give, wherever a person connects."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from chat.limits import TokenBuckets, shared_buckets
from chat.limits.settling import INTERVAL, TIMEOUT, Settler
from chat.limits.shared import SharedTokenBuckets
from tests.server import ENVIRONMENT, PROJECT
from tests.services.valkey import Valkey
from tests.waiting import until

RATE, BURST = 20.0, 100.0
SLOW = 0.01
"""A rate at which nothing comes back during a test."""
WITHIN = 30.0
THREADS = 8
TAKER = """
import sys, time
import django
django.setup()
from chat.paces import messages
seconds = float(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
begun = time.monotonic()
taken = 0
while time.monotonic() < begun + seconds:
    if messages.take("alice"):
        time.sleep(0.002)
    else:
        taken += 1
print(taken, begun, time.monotonic())
"""


@pytest.fixture
def service():
    """One that may be killed, and has nobody else's keys."""
    service = Valkey()
    service.start()
    yield service
    service.close()


@pytest.fixture
def client(service):
    with redis.Redis.from_url(service.url, decode_responses=True) as client:
        yield client


class Asked(Settler):
    """Settles when it is asked to, not by itself."""

    def wake(self) -> None:
        pass


@pytest.fixture
def process(service):
    """`process()`: the buckets of one more process, as far as they can tell."""

    def process(rate=SLOW, burst=BURST, name="messages", clock=time.monotonic):
        return SharedTokenBuckets(name, rate, burst, Settler(service.url), clock)

    return process


def drain(buckets: TokenBuckets, key: str = "alice") -> int:
    """Take until there is none left; how many there were."""
    return next(count for count in range(10_000) if buckets.take(key))


def level(client, key="limit:messages:alice"):
    """In Redis; None if it holds none."""
    found = client.hget(key, "tokens")
    return None if found is None else float(found)


async def knows(client, tokens):
    await until(lambda: level(client) == pytest.approx(tokens, abs=0.5), WITHIN)


async def test_what_one_takes_the_other_misses(process, client):
    one, other = process(), process()
    for _ in range(30):
        assert one.take("alice") == 0
    await knows(client, 70)
    assert other.take("alice") == 0
    await knows(client, 69)
    await until(lambda: other._tokens("alice", time.monotonic()) < 70, WITHIN)
    assert drain(other) == 69


async def test_what_one_takes_together_the_other_misses(process, client):
    one, other = process(), process()
    assert one.take("alice", 30) == 0
    assert one.take("alice", 71) > 0
    await knows(client, 70)
    assert other.take("alice", 20) == 0
    await knows(client, 50)


async def test_what_was_taken_at_once_everywhere_is_a_debt(process, client):
    """Each gives its burst before it hears of the others; then all wait until it is paid."""
    three = [process(rate=RATE) for _ in range(3)]
    assert [buckets.take("alice", int(BURST)) for buckets in three] == [0, 0, 0]
    await until(lambda: (level(client) or 0) < -150, WITHIN)
    await until(lambda: min([buckets.take("alice") for buckets in three]) > 2, WITHIN)


async def test_keys_and_families_are_apart(process, client):
    messages, typing = process(), process(name="typing")
    drain(messages)
    drain(typing, "bob")
    await until(lambda: len(client.keys()) == 2, WITHIN)
    assert sorted(client.keys()) == ["limit:messages:alice", "limit:typing:bob"]


async def test_a_full_bucket_is_not_kept(process, client):
    buckets = process(rate=5.0, burst=10.0)
    kept_for: list[int] = []

    def is_kept() -> bool:
        drain(buckets)  # again: it is full after two seconds, in which this process may stand still
        kept_for.append(client.pttl("limit:messages:alice"))
        return kept_for[-1] > 0

    await until(is_kept, WITHIN)
    assert kept_for[-1] <= 2_100
    await until(lambda: not client.keys(), WITHIN)


async def test_clocks_may_differ(process, client):
    """By hours, and by how fast they go: Redis's alone counts between processes."""
    early = process(clock=lambda: time.monotonic() - 7_200)
    late = process(clock=lambda: time.monotonic() + 7_200)
    for buckets in (early, late):
        for _ in range(20):
            assert buckets.take("alice") == 0
    await knows(client, 60)
    assert early.take("alice") == late.take("alice") == 0
    await knows(client, 58)


async def test_each_limits_by_itself_while_redis_is_away(process, service, client, caplog):
    one, other = process(), process()
    assert one.take("alice") == other.take("alice") == 0
    await knows(client, 98)
    service.kill()
    began = time.monotonic()
    given = drain(one)
    assert time.monotonic() - began < TIMEOUT, "nobody waits for Redis"
    assert given in (98, 99), "and nobody gets more than one process has"
    await until(lambda: f":{service.port}. Connection refused.): each" in caplog.text, WITHIN)
    service.start()
    await knows(client, 0)  # the new Redis learns what the process knows
    await until(lambda: "Redis is back" in caplog.text, WITHIN)
    other.take("alice")
    await until(lambda: other.take("alice") > 0, WITHIN)
    told = [line for line in caplog.messages if f":{service.port}." in line]
    assert len(told) == 1, "not each time that it is tried"


def test_redis_is_not_back_because_there_is_nothing_to_settle(service, caplog):
    clock, settler = [0.0], Asked(service.url)
    buckets = SharedTokenBuckets("messages", RATE, BURST, settler, lambda: clock[0])
    service.kill()
    for _ in range(3):
        buckets.take("alice")
        assert not settler._settle()
        clock[0] += BURST / RATE  # in which all has come back
        assert not settler._settle()
        assert not settler._settle(), "there is nothing more to settle"
    assert [line.split(" (")[0] for line in caplog.messages] == ["Redis is away"]


def test_what_was_paid_during_an_outage_is_no_debt(service, client):
    """Somebody who kept to the limit for a minute, while Redis knew nothing of it, is not punished
    afterwards."""
    clock, settler = [0.0], Asked(service.url)
    buckets = SharedTokenBuckets("messages", RATE, BURST, settler, lambda: clock[0])
    drain(buckets)
    assert settler._settle()
    for _ in range(int(60 * RATE)):
        clock[0] += 1.001 / RATE
        assert buckets.take("alice") == 0
    # The minute has passed in Redis, too, as another process has just noted there:
    client.hset("limit:messages:alice", mapping={"tokens": BURST, "at": time.time()})
    assert settler._settle()
    assert level(client) >= -RATE * INTERVAL


async def test_an_outage_fills_no_memory(process, service):
    clock = [0.0]
    buckets = process(rate=RATE, burst=10.0, clock=lambda: clock[0])
    service.kill()
    for number in range(1_000):
        buckets.take(f"address {number}")
    clock[0] += 10  # all are full again, and say nothing
    buckets.take("alice")
    await until(lambda: set(buckets._spent) <= {"alice"}, WITHIN)


def test_many_threads_take_no_more_than_there_is(process):
    buckets = process(burst=1_000.0)
    with ThreadPoolExecutor(THREADS) as threads:
        waits = list(threads.map(lambda _: buckets.take("alice"), range(4_000)))
    # What is just being taken while it is settled may count twice then, or not at all
    assert 1_000 - THREADS <= waits.count(0.0) <= 1_000 + THREADS


def test_it_begins_with_the_first_use_and_needs_no_loop(process, client):
    before = threading.enumerate()
    buckets = process()
    assert set(threading.enumerate()) <= set(before)
    buckets.take("alice")
    end = time.monotonic() + WITHIN
    while level(client) is None:
        assert time.monotonic() < end
    assert level(client) == pytest.approx(99, abs=0.1)


def test_taking_never_waits(process, service):
    service.freeze()
    buckets = process(burst=100_000.0)
    began = time.monotonic()
    for _ in range(10_000):
        buckets.take("alice")
    assert time.monotonic() - began < TIMEOUT, "0.02 s on a quiet machine"


def test_a_rate_of_zero_is_no_limit_and_tells_nobody(process, client):
    buckets = process(rate=0.0)
    assert [buckets.take("alice") for _ in range(1_000)] == [0.0] * 1_000
    assert not buckets._spent


def test_processes_share_what_one_would_give(service):
    """In 6 seconds: the burst, what came back, and a surplus of one burst a process at the most."""
    seconds = 6.0
    environment = {**ENVIRONMENT, "REDIS_URL": service.url, "RATE_LIMIT_MESSAGES": "20",
                   "RATE_LIMIT_BURST": "20"}  # fmt: skip
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, str(seconds)],
            cwd=PROJECT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    said = [map(float, program.communicate(timeout=60)[0].split()) for program in programs]
    taken, begun, ended = map(list, zip(*said, strict=True))
    in_all = max(ended) - min(begun)  # one of them may have stood still
    assert 0.7 * (20 + 20 * seconds) < sum(taken) < 1.3 * (20 + 20 * in_all)


def test_alone_a_process_knows_no_redis():
    program = "import django, sys; django.setup(); import chat.paces; "
    program += "print('redis' in sys.modules, 'chat.limits.shared' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT, env={**ENVIRONMENT}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said == "False False\n"


def test_the_settings_choose(settings, service):
    settings.REDIS_URL = ""
    assert type(shared_buckets("a", 1, 1)) is TokenBuckets
    settings.REDIS_URL = service.url
    assert type(shared_buckets("a", 1, 1)) is SharedTokenBuckets
