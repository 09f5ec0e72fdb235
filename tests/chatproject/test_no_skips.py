"""The rule of tests/no_skips.py, on a test run of its own."""

import os
import subprocess
import sys

import pytest

from tests.server import PROJECT

SKIPPING = {
    "a test": "import pytest\ndef test_it(): pytest.skip('no browser')\n",
    "a mark": "import pytest\n@pytest.mark.skip(reason='no browser')\ndef test_it(): pass\n",
    "a module": "import pytest\npytest.skip('no browser', allow_module_level=True)\n",
    "an import": "import pytest\npytest.importorskip('no_browser')\ndef test_it(): pass\n",
    "a known failure": "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n",
}
NOTHING_COLLECTED = 5  # pytest's exit code


def pytest_run(folder, ci):
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "tests.no_skips"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", folder, folder],
        cwd=PROJECT,
        env={**os.environ, "CI": ci},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("how", SKIPPING)
def test_a_skipped_test_fails_in_ci(how, tmp_path):
    (tmp_path / "test_that_skips.py").write_text(SKIPPING[how])
    result = pytest_run(tmp_path, ci="true")
    assert result.returncode not in (0, NOTHING_COLLECTED), result.stdout
    assert "Not run, and CI is set" in result.stdout


def test_a_skipped_test_is_allowed_at_home(tmp_path):
    (tmp_path / "test_that_skips.py").write_text(SKIPPING["a test"])
    assert pytest_run(tmp_path, ci="").returncode == 0


def test_a_test_that_runs_passes_in_ci(tmp_path):
    (tmp_path / "test_that_runs.py").write_text("def test_it(): pass\n")
    assert pytest_run(tmp_path, ci="true").returncode == 0
