"""A slot is one claimant's, whoever else asks at the same moment, on either database."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from chatproject.models import Claim
from chatproject.slots import EPOCH, REMEMBERED, claim, forget_old_claims, once_per_slot, slot_of
from tests.server import ENVIRONMENT, PROJECT

THREADS, PROCESSES, SLOTS = 20, 2, 50
WITHIN = 60
MINUTE = timedelta(minutes=1)

CLAIMANT = f"""
import django, sys
django.setup()
from chatproject.slots import claim
print("ready", flush=True)
sys.stdin.readline()
print([slot for slot in range({SLOTS}) if claim("tick", slot)])
"""


# ---- slots ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "slot"), [(0, 0), (59.9, 0), (60, 1), (-0.1, -1), (86_400, 1_440)]
)
def test_slots_follow_each_other_from_the_epoch(seconds, slot):
    assert slot_of(EPOCH + timedelta(seconds=seconds), MINUTE) == slot


def test_slots_may_begin_elsewhere():
    born = datetime(2026, 11, 22, 16, 0, 30, tzinfo=UTC)
    assert slot_of(born + 2 * MINUTE, MINUTE, epoch=born) == 2


# ---- claims -----------------------------------------------------------------------------------


def test_each_slot_of_each_task_is_claimed_once(database):
    def claims():
        return [claim(task, slot) for task, slot in [("a", 1), ("a", 1), ("a", 2), ("b", 1)]]

    assert database.call(claims) == [True, False, True, True]
    assert database.call(claims) == [False] * 4


def test_of_many_threads_one_wins(database):
    with ThreadPoolExecutor(THREADS) as threads:
        for slot in range(3):
            calls = [threads.submit(database.call, lambda s=slot: claim("tick", s))
                     for _ in range(THREADS)]  # fmt: skip
            assert Counter(call.result() for call in calls) == {True: 1, False: THREADS - 1}


def test_of_many_processes_one_wins(environment):
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMANT],
            cwd=PROJECT,
            env={**ENVIRONMENT, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    said = [program.communicate(timeout=WITHIN)[0] for program in programs]
    won = sorted(slot for line in said for slot in eval(line))
    assert won == list(range(SLOTS))


def test_a_claim_falls_with_its_transaction_and_breaks_none(database):
    def work():
        assert claim("tick", 1)
        with transaction.atomic():
            assert not claim("tick", 1)
            assert claim("tick", 2), "the transaction goes on"
            transaction.set_rollback(True)
        return claim("tick", 2)

    assert database.call(work) is True


def test_who_asks_while_a_claim_is_undecided_waits_for_it(database):
    """Neither may both win nor both lose, whether the first one commits or not."""
    with ThreadPoolExecutor(1) as thread:

        def work(commits):
            with transaction.atomic():
                assert claim("tick", int(commits))
                other = thread.submit(database.call, lambda: claim("tick", int(commits)))
                assert not other.done()
                transaction.set_rollback(not commits)
            return other.result(WITHIN)

        assert database.call(lambda: work(True)) is False
        assert database.call(lambda: work(False)) is True


def test_claims_are_forgotten_when_no_slot_can_be_theirs(database):
    def work():
        for slot, age in ((1, REMEMBERED - MINUTE), (2, REMEMBERED + MINUTE)):
            Claim.objects.create(task="tick", slot=slot, claimed_at=timezone.now() - age)
        forget_old_claims()
        return list(Claim.objects.values_list("slot", flat=True))

    assert database.call(work) == [1]


def test_a_claim_is_one_statement(django_assert_num_queries, db):
    with django_assert_num_queries(1):
        assert claim("tick", 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chatproject_claim")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("every", [timedelta(), -MINUTE, REMEMBERED + MINUTE])
def test_a_slot_that_would_be_forgotten_is_refused(every):
    with pytest.raises(ValueError, match="A slot is up to"):
        once_per_slot(every)
