"""The benchmark of many processes: real ones on PostgreSQL, Valkey and SecantusDB, for moments."""

import asyncio
import json

import pytest

from bench import backing
from bench.__main__ import measure
from bench.cases.distributed import CASES
from bench.cases.distributed.subjects import EMBEDDED, ONE
from bench.machine import Cores
from bench.sizes import TRIAL
from tests.bench.test_bench import run
from tests.services.fixtures import NO_POSTGRES
from tests.services.postgres import bin_folder

TRIED = ["distributed.latency", "distributed.mongo"]
"""Each kind of installation once; all cases would take a tenth of the whole suite's time."""


@pytest.mark.skipif(bin_folder() is None, reason=NO_POSTGRES)
def test_it_measures_many_processes():
    done = run("--trial", "--only", ",".join(TRIED), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    found = json.loads(done.stdout)
    assert found["failures"] == found["left_out"] == []
    rows = found["rows"]
    assert list(dict.fromkeys(row["case"] for row in rows)) == TRIED
    assert set(TRIED) <= CASES.keys()
    assert {row["to"] for row in rows} == {ONE, EMBEDDED, "pymongo"}
    for row in rows:
        if "CPU" not in row["what"] and row["unit"] != "per batch":  # may be too little to count
            assert row["product"] > 0, row
            assert row["ratio"] == row["product"] / row["beside"]
    assert {(row["case"], row["target"]) for row in rows if row["target"]} == {
        ("distributed.latency", "≤ 3"),
    }
    parts = [row["what"].split(", ")[-1] for row in rows if "CPU per message" in row["what"]]
    assert parts == ["web processes", "PostgreSQL", "Valkey", "in all"]


def test_without_postgresql_it_is_left_out(monkeypatch, capsys):
    monkeypatch.setattr(backing, "bin_folder", lambda: None)
    assert asyncio.run(measure(TRIAL, Cores(), ["distributed.busy"], as_json=False)) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == (
        "Left out: distributed.busy: PostgreSQL is not installed here; "
        "on Debian: apt install postgresql"
    )


def test_a_case_is_found_by_the_beginning_of_its_name():
    done = run("--only", "distribute")
    assert done.returncode == 2
    assert "no case distribute;" in done.stderr
    assert "distributed.latency" in done.stderr
