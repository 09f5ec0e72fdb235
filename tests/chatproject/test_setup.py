"""What a person types after cloning."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.server import PROJECT

MAKE_VENV = [str(PROJECT / ".ci" / "make-venv")]


def run(*words, **options):
    return subprocess.run(
        words, capture_output=True, text=True, timeout=120, check=False, cwd=PROJECT, **options
    )


def test_help_names_every_target():
    listed = run("make", "help").stdout
    for target in ("run", "serve", "install", "test", "lint", "bench"):
        assert f"make {target}" in listed


@pytest.mark.parametrize("python", ["/bin/false", "/nowhere/python3"])
def test_no_python_that_fits_is_said_in_one_line(python, tmp_path):
    result = run(*MAKE_VENV, str(tmp_path / "venv"), python)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "Python 3.11, 3.12 or 3.13" in result.stderr


def test_an_environment_whose_python_has_gone_is_made_anew_and_then_left_alone(tmp_path):
    """One that is not there at all was made before these tests could begin."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(tmp_path / "gone")
    assert run(*MAKE_VENV, str(venv), os.path.realpath(sys.executable)).returncode == 0
    assert run(str(venv / "bin" / "python"), "-c", "import pip").returncode == 0
    made = (venv / "pyvenv.cfg").stat().st_mtime_ns
    assert run(*MAKE_VENV, str(venv), "/bin/false").returncode == 0
    assert (venv / "pyvenv.cfg").stat().st_mtime_ns == made


def test_installing_again_does_nothing(tmp_path):
    """The stamp is younger than the requirements: make has nothing to do."""
    for name in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "installed").touch()
    result = run("make", "-C", str(tmp_path), "--no-print-directory", "install")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    (tmp_path / "requirements.txt").write_text("Django==5.2\n")
    wanted = run("make", "-C", str(tmp_path), "-n", "install")
    assert "-m pip install" in wanted.stdout
