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


@pytest.fixture
def folder(tmp_path):
    """One file for each way of skipping, and one with a test that runs."""
    for how, text in SKIPPING.items():
        (tmp_path / f"test_{how.replace(' ', '_')}.py").write_text(text)
    (tmp_path / "test_that_runs.py").write_text("def test_it(): pass\n")
    return tmp_path


def pytest_run(folder, ci):
    """Without the plugins that are installed: they take longer to load than all the rest."""
    command = [sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "tests.no_skips"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "-rA", "--continue-on-collection-errors",
         "--rootdir", folder, folder],
        cwd=PROJECT,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip


def test_a_skipped_test_fails_in_ci_and_one_that_runs_passes(folder):
    result = pytest_run(folder, ci="true")
    assert result.returncode == 1, result.stdout
    assert result.stdout.count("Not run, and CI is set") >= len(SKIPPING)
    *_, summary = result.stdout.splitlines()
    assert "1 passed" in summary
    assert "skipped" not in summary
    for how in SKIPPING:
        name = f"test_{how.replace(' ', '_')}.py"
        lines = [line for line in result.stdout.splitlines() if name in line]
        assert any(line.startswith(("FAILED ", "ERROR ")) for line in lines), lines


def test_a_skipped_test_is_allowed_at_home(folder):
    result = pytest_run(folder, ci="")
    assert result.returncode == 0, result.stdout
    assert "1 passed, 4 skipped, 1 xfailed" in result.stdout
