"""The programs that read or run what lies in deploy/, from PyPI's packages beside this Python."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.process import PROJECT
from tests.settings import NEUTRAL

DEPLOY = PROJECT / "deploy"
WITHIN = 60
Result = subprocess.CompletedProcess[str]


def program(name: str) -> str:
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        pytest.skip(f"There is no {name} here; requirements-dev.txt has it for most systems.")
    return str(found)


def compose() -> str:
    """Docker Compose itself: PyPI's wrapper around it would hide its exit code."""
    spec = importlib.util.find_spec("compose")
    for folder in (spec and spec.submodule_search_locations) or ():
        if (found := Path(folder, "docker-compose")).exists():
            return str(found)
    pytest.skip("There is no Docker Compose here; requirements-dev.txt has it for Linux on x86-64.")


def in_path() -> str:
    """PATH, in which the scripts find this Python and Celery, as in the image."""
    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def run(command: list[str], **environment: str) -> Result:
    """A short-lived program in the project's folder, on no setting but those given."""
    return subprocess.run(
        command,
        cwd=PROJECT,
        env={**os.environ, **NEUTRAL, "PATH": in_path(), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


def succeed(command: list[str], **environment: str) -> str:
    """What it prints; fails, with what it says, where it fails."""
    done = run(command, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def scripts() -> list[Path]:
    """All that is run: whatever in deploy/ begins as a shell script."""
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    return sorted(path for path in files if path.read_bytes().startswith(b"#!/bin/sh"))
