"""The scripts: POSIX shell without a known mistake, which leaves its place to its program."""

import os
from pathlib import Path

import pytest

from tests.deploy.programs import DEPLOY, program, run, scripts

LONG_LIVED = ("web", "worker", "beat", "migrate", "redis/start")


@pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_it_has_no_known_mistake(path: Path) -> None:
    found = run([program("shellcheck"), "--shell=sh", "--enable=quote-safe-variables", str(path)])
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", scripts(), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_it_can_be_run_and_stops_at_the_first_failure(path: Path) -> None:
    assert os.access(path, os.X_OK)
    assert "\nset -eu\n" in path.read_text()


@pytest.mark.parametrize("name", LONG_LIVED)
def test_the_program_takes_the_scripts_place(name: str) -> None:
    """Else the shell would get the container's SIGTERM, and keep it to itself."""
    statements = (DEPLOY / name).read_text().replace("\\\n", " ").splitlines()
    assert statements[-1].startswith("exec ")


def test_what_healthy_does_not_know_it_refuses() -> None:
    refused = run([str(DEPLOY / "healthy"), "cook"])
    assert refused.returncode == 2
    assert refused.stderr == "healthy knows web, worker and beat, not cook.\n"
