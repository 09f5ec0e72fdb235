"""The key that signs sessions: given, or made once and kept, or refused."""

import stat
from pathlib import Path

import pytest

from chatproject import secret_key
from tests.chatproject.refused import refusal

GIVEN = "a key that is long enough to be given"


@pytest.fixture(autouse=True)
def given(monkeypatch):
    """`given(key)` sets SECRET_KEY; it is empty at first."""
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.setenv("SECRET_KEY_FILE", "")
    return lambda key: monkeypatch.setenv("SECRET_KEY", key)


def read(folder, one_machine=True):
    return secret_key.read(folder, one_machine)


def test_it_is_made_once(tmp_path):
    first = read(tmp_path)
    kept = tmp_path / "secret_key"
    assert read(tmp_path) == first == kept.read_text()
    assert len(first) >= secret_key.SHORTEST
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [kept], "nothing else is left behind"


def test_two_first_starts_agree(monkeypatch, tmp_path):
    """The other process made it between our look and our attempt."""
    first = read(tmp_path)
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert read(tmp_path) == first


def test_a_damaged_one_is_refused(tmp_path):
    (tmp_path / "secret_key").write_text("hunter2")
    line = refusal(lambda: read(tmp_path))
    assert str(tmp_path / "secret_key") in line
    assert "hunter2" not in line


def test_a_short_one_is_refused_unseen(given, tmp_path):
    given("hunter2")
    assert "hunter2" not in refusal(lambda: read(tmp_path))


@pytest.mark.parametrize("one_machine", [True, False])
def test_the_given_one_counts_and_none_is_made(given, tmp_path, one_machine):
    given(GIVEN)
    assert read(tmp_path, one_machine) == GIVEN
    assert list(tmp_path.iterdir()) == []


def test_several_machines_never_make_one_each(tmp_path):
    line = refusal(lambda: read(tmp_path, one_machine=False))
    assert "SECRET_KEY_FILE" in line
    assert "on every machine" in line
    assert list(tmp_path.iterdir()) == []


def test_several_machines_use_the_one_that_was_kept(tmp_path):
    kept = read(tmp_path)
    assert read(tmp_path, one_machine=False) == kept
