"""The embedded Celery worker and beat; that a server has them is in test_hosting.py."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.database import Database
from tests.server import ENVIRONMENT, PROJECT
from tests.waiting import until

WITHIN = 30.0

BEAT = """
import django, sys
from datetime import timedelta
django.setup()
from django.contrib.sessions.backends.db import SessionStore
from chatproject.celery import app
from chatproject.serving.background import worker_and_beat
from chatproject.slots import once_per_slot
@once_per_slot(timedelta(seconds=1))
def purge():
    SessionStore.clear_expired()
with worker_and_beat(app):
    print("running", flush=True)
    sys.stdin.read()
"""

LONG_TASK = """
import django, time, threading
django.setup()
from chatproject.celery import app
from chatproject.serving.background import worker_and_beat
started = threading.Event()
@app.task
def sleep():
    started.set()
    time.sleep(120)
with worker_and_beat(app):
    sleep.delay()
    assert started.wait(30)
print("ending", flush=True)
"""

CALAMITIES = """
import django, threading
django.setup()
from chatproject.celery import app
from chatproject.serving.background import CONCURRENCY, worker_and_beat
done = threading.Event()
@app.task
def leave():
    raise SystemExit(3)
@app.task
def fail():
    raise ValueError("as meant")
@app.task
def work():
    done.set()
with worker_and_beat(app):
    for _ in range(2 * CONCURRENCY):
        leave.delay()
        fail.delay()
    work.delay()
    assert done.wait(30), "the threads are gone"
print("done", flush=True)
"""


def script(text, folder, **options):
    return subprocess.Popen(
        [sys.executable, "-c", text],
        cwd=PROJECT,
        env={**ENVIRONMENT, "DATA_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.fixture
def database(folder, django_db_blocker):
    return Database(folder, django_db_blocker)


def add_sessions():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(hours=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(hours=1))


def keys():
    return set(Session.objects.values_list("session_key", flat=True))


async def test_beat_purges_them_again_and_again(folder, database):
    program = script(BEAT, folder)
    assert program.stdout is not None
    try:
        assert program.stdout.readline() == "running\n"
        for _ in range(2):
            database.call(lambda: Session.objects.all().delete())
            database.call(add_sessions)
            await until(lambda: database.call(keys) == {"new"}, WITHIN)
    finally:
        program.communicate("", timeout=WITHIN)
    assert program.returncode == 0


def test_a_running_task_does_not_hold_up_the_exit(folder):
    program = script(LONG_TASK, folder)
    assert program.stdout is not None
    assert program.stdout.readline() == "ending\n"
    began = time.monotonic()
    assert program.wait(WITHIN) == 0
    assert time.monotonic() - began < WITHIN, "0.1 s on a quiet machine; the task sleeps for 120"


def test_tasks_that_fail_or_leave_do_not_cost_the_threads(folder):
    program = script(CALAMITIES, folder, stderr=subprocess.PIPE)
    said, _ = program.communicate(timeout=WITHIN + 30)
    assert (program.returncode, said) == (0, "done\n")


def test_other_commands_start_no_worker(folder):
    watch = (
        "import threading;"
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'check']);"
        "run(['manage.py', 'migrate', '-v0']);"
        "run(['manage.py', 'shell', '-c', 'import chat']);"
        "print([thread.name for thread in threading.enumerate()])"
    )
    result = subprocess.run(
        [sys.executable, "-c", watch],
        cwd=PROJECT,
        env={**ENVIRONMENT, "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "['MainThread']"
