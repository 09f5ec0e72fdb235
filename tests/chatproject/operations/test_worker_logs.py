"""Celery's workers and beat log as the web processes do, a task's lines with its name and id."""

import json
import sys
from pathlib import Path

import pytest

from tests.server import ENVIRONMENT
from tests.services.process import Process
from tests.waiting import until

WITHIN = 60.0
TASK = "chatproject.tasks.purge_expired_sessions"
LAST_DATABASE = 902


@pytest.fixture
def start(valkey, folder: Path):
    """`start("worker")`: Celery with these words, its log as JSON; ended with the test."""
    started: list[Process] = []

    def start(*words: str) -> Process:
        environment = {
            **ENVIRONMENT,
            "DATA_DIR": str(folder),
            "REDIS_URL": valkey.database(LAST_DATABASE),
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "info",
        }
        command = [sys.executable, "-m", "celery", "-A", "chatproject", "--quiet", *words]
        started.append(Process(command, environment))
        started[-1].launch()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        print(process.log)  # noqa: T201  # shown where the test fails


def lines(process: Process) -> list[dict]:
    """The log's lines that are complete, without the worker's banner, which is for people."""
    found = str(process.log).rpartition("\n")[0].splitlines()
    first = next((number for number, line in enumerate(found) if line.startswith("{")), len(found))
    return [json.loads(line) for line in found[first:]]


def of_the_task(process: Process) -> list[dict]:
    return [line for line in lines(process) if line.get("task") == TASK]


async def test_each_line_is_json_and_a_tasks_lines_have_its_id(start):
    worker, beat = start("worker"), start("beat")
    await until(lambda: any("ready" in line["message"] for line in lines(worker)), WITHIN)
    await until(lambda: any("Starting" in line["message"] for line in lines(beat)), WITHIN)
    send = "from chatproject.tasks import purge_expired_sessions as task; task.delay()"
    start_task = Process(
        [sys.executable, "manage.py", "shell", "-v0", "-c", send], worker.environment
    )
    start_task.launch()
    assert start_task.popen.wait(WITHIN) == 0
    await until(lambda: of_the_task(worker), WITHIN)
    done = of_the_task(worker)[0]
    assert (done["logger"], done["level"]) == ("celery.app.trace", "info")
    assert done["task_id"] in done["message"]
