"""Celery's workers and beats as processes of their own, over a real Redis that comes and goes."""

import sys
import time
from collections import Counter

import pytest
from celery import Celery

from chatproject.broker import OVER_REDIS
from tests.server import ENVIRONMENT
from tests.services.process import Process
from tests.services.valkey import Valkey
from tests.waiting import until

WITHIN = 60.0
QUICK = 10.0
"""Seconds for what needs no time-out to pass first."""
STOPS = 15.0
"""Seconds for a stop: a worker gives itself nine, and a busy machine may stand still besides."""
SLOTS = 3
STARTED = {"worker": "ready", "beat": "beat: Starting"}
SECRET = "what somebody wrote"


@pytest.fixture
def valkey():
    """One that may be killed."""
    service = Valkey()
    service.start()
    yield service
    service.close()


@pytest.fixture
def ticks(tmp_path):
    """The lines that the tasks wrote, without their processes."""
    file = tmp_path / "ticks"
    file.touch()
    return lambda: [line.rpartition(" ")[0] for line in file.read_text().splitlines()]


@pytest.fixture
def start(valkey, folder, tmp_path):
    """`start("worker")` or `start("beat")`: the process, ended with the test."""
    started: list[Process] = []
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o500)
    environment = {**ENVIRONMENT, "DATA_DIR": str(folder), "REDIS_URL": valkey.url,
                   "LOG_LEVEL": "info", "TICKS": str(tmp_path / "ticks")}  # fmt: skip

    def start(*words):
        name = ("--hostname", f"worker{len(started)}@tests") if words[0] == "worker" else ()
        command = [sys.executable, "-m", "celery", "-A", "tests.chatproject.ticks", *words, *name]
        started.append(Process(command, environment))
        started[-1].launch()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        print(process.log)  # noqa: T201  # shown where the test fails


@pytest.fixture
def send(valkey):
    """`send("text", seconds)`: a task on its way to whichever worker is free."""
    app = Celery(broker=valkey.url, set_as_current=False)
    yield lambda text, seconds=0.0: app.send_task("note", [text, seconds], queue="chat")
    app.close()


async def test_a_periodic_task_runs_once_per_slot(start, ticks):
    """Of two beats and two workers."""
    for program in ("worker", "worker", "beat", "beat"):
        start(program)
    await until(lambda: are_in_a_row(slots(ticks())), WITHIN)
    assert set(slots(ticks()).values()) == {1}


def slots(lines: list[str]) -> Counter[int]:
    return Counter(int(line.split()[1]) for line in lines)


def are_in_a_row(found: Counter[int]) -> bool:
    """Whether SLOTS of them are, of which none was skipped."""
    return any(all(first + more in found for more in range(SLOTS)) for first in found)


async def test_a_worker_goes_on_when_redis_is_back_or_answers_again(start, ticks, send, valkey):
    worker = start("worker")
    send("before")
    await until(lambda: "ended before" in ticks(), WITHIN)
    valkey.kill()
    await until(lambda: "Connection to broker lost" in str(worker.log), WITHIN)
    valkey.start()
    send("after")
    await until(lambda: "ended after" in ticks(), WITHIN)

    valkey.freeze()
    thaw_at = time.monotonic() + 2 * OVER_REDIS["socket_timeout"]
    await until(lambda: time.monotonic() > thaw_at, WITHIN)
    valkey.thaw()
    send(SECRET)
    await until(lambda: f"ended {SECRET}" in ticks(), WITHIN)
    assert Counter(ticks()).most_common(1)[0][1] == 1, "none ran twice"
    await until(lambda: str(worker.log).count("succeeded") == 3, WITHIN)
    assert SECRET not in str(worker.log), "no log tells what a task was given"


@pytest.mark.parametrize("seconds", [1.0, 600.0])
async def test_a_worker_goes_on_that_held_a_task_meanwhile(start, ticks, send, valkey, seconds):
    """One that ends while there is no broker to tell, or one that goes on."""
    worker = start("worker")
    send("held", seconds)
    await until(lambda: "began held" in ticks(), WITHIN)
    valkey.kill()
    await until(lambda: "Connection to broker lost" in str(worker.log), WITHIN)
    valkey.start()
    send("after")
    await until(lambda: "ended after" in ticks(), WITHIN)


async def test_a_beat_goes_on_when_redis_is_back(start, ticks, valkey):
    start("worker")
    beat = start("beat")
    await until(ticks, WITHIN)
    valkey.kill()
    length = len(beat.log)
    await until(lambda: "rror" in beat.log.since(length), WITHIN)
    valkey.start()
    before = len(ticks())
    await until(lambda: len(ticks()) > before, WITHIN)


async def test_tasks_run_beside_each_other_and_the_next_is_taken_at_once(start, ticks, send):
    start("worker", "--concurrency", "2")
    send("first")
    await until(lambda: "ended first" in ticks(), WITHIN)
    began = time.monotonic()
    for number in range(20):
        send(f"task {number}", 0.05)
    await until(lambda: "ended task 19" in ticks(), WITHIN)
    assert time.monotonic() - began < QUICK, "0.6 s on a quiet machine"
    for number in range(2):
        send(f"slow {number}", 600)
    await until(lambda: {"began slow 0", "began slow 1"} <= set(ticks()), WITHIN)


async def test_a_stop_lets_a_short_task_finish_and_hands_on_a_long_one(start, ticks, send):
    worker = start("worker")
    send("short", 2.0)
    await until(lambda: "began short" in ticks(), WITHIN)
    assert worker.terminate() == 0
    assert ticks() == ["began short", "ended short"]
    first = start("worker")
    send("long", 600.0)
    await until(lambda: "began long" in ticks(), WITHIN)
    assert ticks().count("began short") == 1
    start("worker")
    began = time.monotonic()
    first.terminate()
    assert time.monotonic() - began < STOPS
    await until(lambda: ticks().count("began long") == 2, WITHIN)


@pytest.mark.parametrize("program", ["worker", "beat"])
async def test_a_stop_is_quick_while_redis_is_away(start, ticks, valkey, program):
    process = start(program)
    await until(lambda: STARTED[program] in str(process.log), WITHIN)
    valkey.kill()
    await until(lambda: "rror" in str(process.log), WITHIN)
    began = time.monotonic()
    process.terminate()
    assert time.monotonic() - began < STOPS


@pytest.mark.parametrize("program", ["worker", "beat"])
async def test_a_stop_is_quick_while_redis_hangs(start, ticks, valkey, send, program):
    process = start(program)
    await until(lambda: STARTED[program] in str(process.log), WITHIN)
    if program == "worker":
        send("held", 600.0)
        await until(lambda: "began held" in ticks(), WITHIN)
    valkey.freeze()
    began = time.monotonic()
    process.terminate()
    assert time.monotonic() - began < STOPS
