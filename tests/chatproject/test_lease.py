"""A lease is one process's, also where that dies, hangs, or loses the database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db.models import F

from chatproject.lease import SPARE, Holder
from chatproject.models import Lease
from tests.chaos.clocks import NO_FAKETIME, ahead, library
from tests.server import ENVIRONMENT
from tests.services.process import Process
from tests.waiting import until

THREADS = 10
SHORT = SPARE + 4
"""Seconds that a lease lasts here: more than a busy machine keeps a process waiting."""
WITHIN = 30.0
WORKER = f"""
import asyncio, signal, sys
import django
django.setup()
from chatproject.lease import Holder, while_held

async def work():
    print("begun", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print("ended", flush=True)

async def main():
    held = asyncio.create_task(while_held(Holder("work", {SHORT}), work, every=0.2))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, held.cancel)
    await asyncio.wait([held])

asyncio.run(main())
"""
TAKER = f"""
import time, django
django.setup()
from chatproject.lease import Holder
print(time.time() > {time.time()} + 3000, Holder("work").take())
"""


# ---- taking, renewing, releasing --------------------------------------------------------------


def run_out() -> None:
    Lease.objects.update(until=F("until") - timedelta(hours=1))


def test_it_is_one_holders_until_it_runs_out(database):
    alice, bob = Holder("work"), Holder("work")

    def takes():
        first = [alice.take(), bob.take(), alice.take(), bob.take()]
        run_out()
        return [*first, bob.take(), alice.take(), bob.take()]

    assert database.call(takes) == [True, False, True, False, True, False, True]


def test_who_holds_it_gives_up_before_it_runs_out(database):
    holder = Holder("work", lasts=10)
    assert holder.left == 0
    assert database.call(holder.take)
    assert 0 < holder.left < 10 - SPARE


def test_who_lost_it_does_not_hold_it(database):
    alice, bob = Holder("work"), Holder("work")

    def takes():
        alice.take()
        run_out()
        bob.take()
        alice.take()

    database.call(takes)
    assert alice.left == 0
    assert bob.left > 0


def test_a_released_one_is_free_at_once(database):
    alice, bob = Holder("work"), Holder("work")

    def takes():
        alice.take()
        bob.release()  # not his: nothing happens
        before = bob.take()
        alice.release()
        return before, bob.take()

    assert database.call(takes) == (False, True)
    assert alice.left == 0


def test_leases_of_different_names_know_nothing_of_each_other(database):
    assert database.call(lambda: [Holder("work").take(), Holder("other").take()]) == [True, True]


def test_of_many_one_wins(database):
    holders = [Holder("work") for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(3):
            taken = list(threads.map(lambda holder: database.call(holder.take), holders))
            assert taken.count(True) == 1
            database.call(run_out)


# ---- processes --------------------------------------------------------------------------------

of_many = pytest.mark.parametrize("environment", ["postgres"], indirect=True)
"""Where processes take turns they are on PostgreSQL."""


@pytest.fixture
def start(environment) -> Iterator[Callable[[], Process]]:
    """Starts a process that works while it holds the lease."""
    started: list[Process] = []

    def launch() -> Process:
        command = [sys.executable, "-c", WORKER]
        started.append(Process(command, {**ENVIRONMENT, **environment}))
        started[-1].launch()
        return started[-1]

    yield launch
    for process in started:
        process.kill()


def said(process: Process) -> list[str]:
    return [word for word in str(process.log).split() if word in ("begun", "ended")]


@of_many
async def test_whose_process_stops_hangs_or_dies_the_work_goes_to_another(start):
    first = start()
    await until(lambda: said(first) == ["begun"], WITHIN)
    second = start()
    assert first.terminate() == 0
    assert said(first) == ["begun", "ended"]
    await until(lambda: said(second) == ["begun"], WITHIN)

    third = start()
    second.freeze()
    await until(lambda: said(third) == ["begun"], WITHIN)
    second.thaw()
    await until(lambda: said(second) == ["begun", "ended"], WITHIN)
    assert said(third) == ["begun"]

    third.kill()
    assert said(second) == ["begun", "ended"]
    await until(lambda: said(second) == ["begun", "ended", "begun"], WITHIN)


@of_many
async def test_without_the_database_the_work_ends_in_time(start, postgres):
    first = start()
    await until(lambda: said(first) == ["begun"], WITHIN)
    before = time.monotonic()
    postgres.freeze()
    try:
        await until(lambda: said(first) == ["begun", "ended"], WITHIN)
        assert time.monotonic() - before < 2 * SHORT  # on a busy machine
    finally:
        postgres.thaw()
    await until(lambda: said(first) == ["begun", "ended", "begun"], WITHIN)


@pytest.mark.skipif(library() is None, reason=NO_FAKETIME)
@of_many
def test_the_times_are_the_databases(database, environment):
    """A process whose clock is an hour ahead takes nothing from one that holds the lease."""
    assert database.call(Holder("work", lasts=600).take)  # longer than it takes to start that one
    command = [sys.executable, "-c", TAKER]
    variables = {**os.environ, **ENVIRONMENT, **environment, **ahead(3600)}
    said = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "False"]
