"""Short-lived programs of the project, run as a person would run them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.server import ENVIRONMENT, PROJECT

WITHIN = 60
Result = subprocess.CompletedProcess[str]


def run(command: list[str], data_dir: Path, **environment: str) -> Result:
    """`python -m` and so on: the command's words after `python`."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={**os.environ, **ENVIRONMENT, "DATA_DIR": str(data_dir), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


def manage(*words: str, data_dir: Path, **environment: str) -> Result:
    return run(["manage.py", *words], data_dir, **environment)


def assert_refused(result: Result, *said: str) -> None:
    """One line on stderr that says so, and exit code 1."""
    assert result.returncode == 1, result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr
    for text in said:
        assert text in result.stderr
