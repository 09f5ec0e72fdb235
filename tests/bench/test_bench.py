"""The benchmark runs, measures both servers, and says what it found. No figure is judged here."""

import json
import subprocess
import sys

from bench.server import PROJECT


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_it_measures_the_product_beside_the_limit():
    done = run("--trial", "--only", "throughput,drain,page", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    found = json.loads(done.stdout)
    assert found["failures"] == []
    assert {row["case"] for row in found["rows"]} == {"throughput", "drain", "page"}
    assert all(row["product"] > 0 for row in found["rows"])
    rate = found["rows"][0]
    assert rate["ratio"] == rate["product"] / rate["beside"]
    assert rate["met"] is (rate["ratio"] >= 0.4)
    assert "throughput: product" in done.stderr  # progress


def test_it_measures_what_subscribers_cost_who_are_away():
    done = run("--trial", "--only", "feeds", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    found = json.loads(done.stdout)
    assert found["failures"] == []
    *times, stored = found["rows"]
    assert all(row["beside"] and row["to"] == "no others" for row in times)
    assert (stored["product"], stored["met"]) == (1, True)


def test_it_measures_answers_while_others_talk():
    done = run("--trial", "--only", "answers", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    found = json.loads(done.stdout)
    assert found["failures"] == []
    first = [row for row in found["rows"] if "to the first words" in row["what"]]
    assert {row["to"] for row in first} == {"the model"}
    assert all(row["product"] > row["beside"] >= 300 for row in first), "it waits for the model"
    added = [row for row in found["rows"] if "added" in row["what"]]
    assert [row["target"] for row in added] == ["≤ 60", None, None, None]
    assert all(row["product"] > 0 for row in added)


def test_it_prints_a_table():
    done = run("--trial", "--only", "history")
    assert done.returncode == 0, done.stderr + done.stdout
    table = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(table) == 2 + 4
    assert len({line.count("|") for line in table}) == 1
    assert len({len(line) for line in table}) == 1


def test_it_names_the_cases_when_asked_for_an_unknown_one():
    done = run("--only", "speed")
    assert done.returncode == 2
    assert "no case speed" in done.stderr
    assert "throughput" in done.stderr
