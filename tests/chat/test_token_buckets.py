"""Token buckets: a burst, then a rate, for each key by itself, from any thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chat.limits import TokenBuckets
from chat.limits import buckets as module


class Clock:
    """Time that passes when the test says so, in seconds."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def buckets(clock):
    return TokenBuckets(rate=2, burst=5, clock=clock)


def drain(buckets: TokenBuckets, key: str) -> int:
    """Take until there is none left; how many there were."""
    return next(count for count in range(1_000) if buckets.take(key))


def test_a_burst_and_no_more(buckets):
    assert drain(buckets, "alice") == 5


def test_it_says_when_the_next_token_comes(buckets, clock):
    drain(buckets, "alice")
    wait = buckets.take("alice")
    assert wait == pytest.approx(0.5)
    clock.now += wait
    assert buckets.take("alice") == 0
    assert buckets.take("alice") > 0


def test_tokens_come_back_at_the_rate(buckets, clock):
    drain(buckets, "alice")
    clock.now += 1.5
    assert drain(buckets, "alice") == 3


def test_a_bucket_never_holds_more_than_the_burst(buckets, clock):
    drain(buckets, "alice")
    clock.now += 3_600
    assert drain(buckets, "alice") == 5


def test_a_refusal_costs_nothing(buckets, clock):
    drain(buckets, "alice")
    for _ in range(100):
        buckets.take("alice")
    clock.now += 0.5
    assert buckets.take("alice") == 0


def test_many_are_taken_together_or_not_at_all(buckets, clock):
    assert buckets.take("alice", 4) == 0
    for _ in range(100):
        assert buckets.take("alice", 3) == pytest.approx(1.0)
    clock.now += 0.5
    assert drain(buckets, "alice") == 2


def test_who_waits_as_long_as_it_says_has_many(buckets, clock):
    drain(buckets, "alice")
    wait = buckets.take("alice", 4)
    assert wait == pytest.approx(2.0)
    clock.now += wait
    assert buckets.take("alice", 4) == 0
    assert buckets.take("alice") == pytest.approx(0.5)


def test_more_than_the_burst_is_given_when_the_bucket_is_full_and_is_a_debt(buckets, clock):
    buckets.take("alice")
    wait = buckets.take("alice", 8)
    assert wait == pytest.approx(0.5)
    clock.now += wait
    assert buckets.take("alice", 8) == 0
    assert buckets.take("alice") == pytest.approx((8 - 5 + 1) / 2)


def test_without_a_limit_any_number_is_given(clock):
    assert TokenBuckets(rate=0, burst=1, clock=clock).take("alice", 1_000) == 0


def test_each_key_has_a_bucket_of_its_own(buckets):
    drain(buckets, "alice")
    assert drain(buckets, "bob") == 5


def test_a_rate_of_zero_is_no_limit(clock):
    buckets = TokenBuckets(rate=0, burst=1, clock=clock)
    assert [buckets.take("alice") for _ in range(100)] == [0.0] * 100


def test_full_buckets_are_forgotten_and_others_kept(buckets, clock, monkeypatch):
    monkeypatch.setattr(module, "PRUNE_ABOVE", 10)
    for number in range(10):
        buckets.take(f"old {number}")
    clock.now += 10
    drain(buckets, "alice")
    assert len(buckets._buckets) == 1
    assert buckets.take("alice") > 0


def test_many_threads_get_no_more_than_there_is(clock):
    buckets = TokenBuckets(rate=1, burst=1_000, clock=clock)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: buckets.take("alice"), range(4_000)))
    assert waits.count(0.0) == 1_000


def test_many_threads_that_take_many_get_no_more_than_there_is(clock):
    buckets = TokenBuckets(rate=1, burst=1_000, clock=clock)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: buckets.take("alice", 7), range(1_000)))
    assert waits.count(0.0) == 1_000 // 7
