"""The image: what goes into it, and how."""

import re
from fnmatch import fnmatch

from tests.deploy.programs import program, run
from tests.services.process import PROJECT

DOCKERFILE = (PROJECT / "Dockerfile").read_text()
NEEDED = {"manage.py", "requirements.txt", "constraints.txt", "LICENSE", "chat", "chatproject",
          "deploy", "static", "templates"}  # fmt: skip


def test_hadolint_finds_nothing() -> None:
    found = run([program("hadolint"), "Dockerfile"])
    assert found.returncode == 0, found.stdout


def test_its_base_is_pinned() -> None:
    assert re.search(r"^ARG PYTHON=3\.\d+\.\d+-slim-\w+$", DOCKERFILE, re.M)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)) == {"python:${PYTHON}"}


def test_its_python_is_one_that_the_project_is_for() -> None:
    [minor] = re.findall(r"^ARG PYTHON=3\.(\d+)", DOCKERFILE, re.M)
    assert f"3.{minor}" in (PROJECT / ".ci/make-venv").read_text()


def test_it_gets_what_it_needs_and_nothing_else() -> None:
    lines = (PROJECT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert {line[1:] for line in patterns if line.startswith("!")} == NEEDED
    assert all((PROJECT / name).exists() for name in NEEDED)
    assert not any(fnmatch(".env", line[1:]) for line in patterns if line.startswith("!"))


def test_the_result_has_no_tools_and_runs_as_nobody_special() -> None:
    result = DOCKERFILE.split("\nFROM ")[-1]
    assert not re.search(r"apt-get|pip |gcc", result)
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", result, re.M)
    assert re.search(r'^CMD \["', result, re.M)
    assert "HEALTHCHECK" in result
