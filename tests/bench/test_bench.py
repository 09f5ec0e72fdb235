"""The benchmark runs, measures all servers, and says what it found. No figure is judged here."""

import asyncio
import json
import subprocess
import sys

import pytest

from bench import backing
from bench.__main__ import measure
from bench.cases.distributed.subjects import EMBEDDED, ONE
from bench.machine import Cores
from bench.server import PROJECT
from bench.sizes import TRIAL
from tests.services.fixtures import NO_POSTGRES
from tests.services.postgres import bin_folder

ALONE = ["throughput", "drain", "page", "feeds", "answers", "history"]
TOGETHER = ["distributed.latency", "distributed.mongo"]
"""Each kind of installation once; all cases would take a tenth of the whole suite's time."""
WITHIN = 500


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )


@pytest.fixture(scope="module")
def trial():
    """One for all: each run makes its own seeds."""
    cases = [*ALONE, *(TOGETHER if bin_folder() else [])]
    done = run("--trial", "--only", ",".join(cases), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    found = json.loads(done.stdout)
    assert found["failures"] == found["left_out"] == []
    assert list(dict.fromkeys(row["case"] for row in found["rows"])) == cases
    return done, found


@pytest.fixture
def rows(trial):
    """`rows("page", …)`: what these cases found."""
    _, found = trial
    return lambda *cases: [row for row in found["rows"] if row["case"] in cases]


def test_it_measures_the_product_beside_the_limit(trial, rows):
    found = rows("throughput", "drain", "page", "history")
    assert all(row["product"] > 0 for row in found)
    assert len(rows("history")) == 4
    rate = found[0]
    assert rate["ratio"] == rate["product"] / rate["beside"]
    assert rate["met"] is (rate["ratio"] >= 0.4)
    assert "throughput: product" in trial[0].stderr  # progress


def test_it_measures_what_subscribers_cost_who_are_away(rows):
    *times, stored = rows("feeds")
    assert all(row["beside"] and row["to"] == "no others" for row in times)
    assert (stored["product"], stored["met"]) == (1, True)


def test_it_measures_answers_while_others_talk(rows):
    found = rows("answers")
    first = [row for row in found if "to the first words" in row["what"]]
    assert {row["to"] for row in first} == {"the model"}
    assert all(row["product"] > row["beside"] >= 300 for row in first), "it waits for the model"
    added = [row for row in found if "added" in row["what"]]
    assert [row["target"] for row in added] == ["≤ 60", None, None, None]
    assert all(row["product"] > 0 for row in added)


@pytest.mark.skipif(bin_folder() is None, reason=NO_POSTGRES)
def test_it_measures_many_processes(rows):
    found = rows(*TOGETHER)
    assert {row["to"] for row in found} == {ONE, EMBEDDED, "pymongo"}
    for row in found:
        if "CPU" not in row["what"] and row["unit"] != "per batch":  # may be too little to count
            assert row["product"] > 0, row
            assert row["ratio"] == row["product"] / row["beside"]
    assert {(row["case"], row["target"]) for row in found if row["target"]} == {
        ("distributed.latency", "≤ 3"),
    }
    parts = [row["what"].split(", ")[-1] for row in found if "CPU per message" in row["what"]]
    assert parts == ["web processes", "PostgreSQL", "Valkey", "in all"]


def test_without_postgresql_they_are_left_out(monkeypatch, capsys):
    monkeypatch.setattr(backing, "bin_folder", lambda: None)
    assert asyncio.run(measure(TRIAL, Cores(), ["distributed.busy"], as_json=False)) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("The embedded product under")
    assert [line.count("|") for line in said if line.startswith("|")] == [10, 10], "the table"
    assert said[-1] == (
        "Left out: distributed.busy: PostgreSQL is not installed here; "
        "on Debian: apt install postgresql"
    )


def test_it_names_the_cases_when_asked_for_an_unknown_one():
    """One is found by its whole name, or several by what is before the dot."""
    done = run("--only", "distribute,speed")
    assert done.returncode == 2
    assert "no case distribute, speed;" in done.stderr
    assert "throughput" in done.stderr
    assert "distributed.latency" in done.stderr
