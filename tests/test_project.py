"""The project as a whole: nothing forgotten in it."""

import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

PROJECT = Path(__file__).resolve().parent.parent
LEFTOVERS = {
    ".py": re.compile(r"\bbreakpoint\(\)|\bpdb\b|# (TODO|FIXME|XXX)\b"),
    ".js": re.compile(r"\bdebugger\b|console\.log\(|// (TODO|FIXME|XXX)\b"),
    ".html": re.compile(r"<script(?![^>]*\bsrc=)|\bon(click|load|error)=|\bstyle=", re.IGNORECASE),
}


def tracked(suffix: str, *folders: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *folders], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return [PROJECT / name for name in listed.stdout.splitlines() if name.endswith(suffix)]


@pytest.mark.django_db(databases=["default", "messages"])
def test_no_migration_is_missing():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"Models were changed without a migration:\n{said.getvalue()}")


@pytest.mark.parametrize("suffix", LEFTOVERS)
def test_nothing_is_left_over(suffix):
    """No debugger, inline script or unfinished note in what is served and run."""
    pattern = LEFTOVERS[suffix]
    found = [
        f"{path.relative_to(PROJECT)}: {match.group().strip()}"
        for path in tracked(suffix, "chat", "chatproject", "static", "templates", "manage.py")
        if path.exists()
        for match in pattern.finditer(path.read_text())
    ]
    assert found == []
