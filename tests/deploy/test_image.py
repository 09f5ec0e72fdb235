"""The image: what goes into it, and how."""

import re
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.deploy.programs import program, run
from tests.deploy.stack import Script, await_healthy
from tests.server import drop_dac_override
from tests.services.ports import free_port
from tests.services.process import PROJECT

DOCKERFILE = (PROJECT / "Dockerfile").read_text()
NEEDED = {"manage.py", "requirements.txt", "constraints.txt", "LICENSE", "bots", "chat",
          "chatproject", "deploy", "devices", "static", "templates"}  # fmt: skip


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


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Path]:
    """What .dockerignore lets into the image, and nobody may write."""
    folder = tmp_path / "srv"
    folder.mkdir()
    for name in NEEDED:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & 0o555)
    yield folder
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def test_what_is_in_it_is_enough_and_need_not_be_written(inside: Path, tmp_path: Path) -> None:
    """As `docker run` starts the image alone: embedded, its data in a folder of its own."""
    settings = {
        "DATA_DIR": str(tmp_path / "data"),
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    web = Script("web", settings, cwd=inside)
    web.before_exec = drop_dac_override  # modes shall bind us even if we are root
    web.launch()
    try:
        await_healthy(web)
        assert web.terminate() == 0
    finally:
        web.kill()
