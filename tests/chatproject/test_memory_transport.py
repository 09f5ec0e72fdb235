"""The embedded worker's broker: a task begins when it comes, and nothing wakes up for nothing."""

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from chatproject import broker, celery  # noqa: F401 - it names the transport
from chatproject.memory_transport import WakingChannel

LONG = 60.0
SOON = 20.0
"""Seconds: far less than LONG, and enough for a busy machine."""


@pytest.fixture
def queues() -> Iterator[tuple[SimpleQueue, SimpleQueue]]:
    """Both ends of one queue, each with a connection of its own, as worker and web have."""
    with Connection(broker.url("")) as a, Connection(broker.url("")) as b:
        name = f"test-{time.monotonic_ns()}"
        yield a.SimpleQueue(name), b.SimpleQueue(name)


def test_who_waits_is_woken(queues):
    putting, getting = queues
    begun = threading.Event()

    def put() -> None:
        begun.wait(SOON)
        putting.put("hello")

    thread = threading.Thread(target=put)
    thread.start()
    begun.set()
    before = time.monotonic()
    assert getting.get(timeout=LONG).payload == "hello"
    assert time.monotonic() - before < SOON
    thread.join()


def test_what_was_put_before_is_there(queues):
    putting, getting = queues
    for number in range(3):
        putting.put(number)
    assert [getting.get(timeout=SOON).payload for _ in range(3)] == [0, 1, 2]


def test_nothing_comes_of_nothing_and_costs_nothing(queues):
    _, getting = queues
    used = time.thread_time()
    with pytest.raises(getting.Empty):
        getting.get(timeout=1)
    assert time.thread_time() - used < 0.1


@pytest.fixture
def hurried_threads(monkeypatch) -> Iterator[None]:
    """Threads take turns after a microsecond, in place of 5 ms; all their queues are forgotten."""
    monkeypatch.setattr(WakingChannel, "queues", {})
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_what_several_put_into_queues_that_nobody_made_before_is_all_there(hurried_threads):
    """As the worker and the server do, both, while they start."""
    names = [f"test-{number}" for number in range(2000)]
    together = threading.Barrier(4)

    def put_into_all(who: int) -> None:
        with Connection(broker.url("")) as connection:
            channel = connection.channel()
            together.wait(SOON)
            for name in names:
                channel.queue_declare(name)
                channel.basic_publish(channel.prepare_message(str(who)), "", name)

    with ThreadPoolExecutor(together.parties) as threads:
        list(threads.map(put_into_all, range(together.parties)))
    with Connection(broker.url("")) as connection:
        channel = connection.channel()
        sizes = [channel.queue_declare(name).message_count for name in names]
    assert sizes == [together.parties] * len(names)
