"""What nobody may fetch any more is removed, and what was left behind, too."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from chat.accounts import endings
from chat.models import Account, Download
from chat.transfer import downloads, files
from chat.transfer.making import make_all

pytestmark = pytest.mark.django_db(databases=["default", "messages"])


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.DOWNLOAD_DIR = tmp_path
    return tmp_path


@pytest.fixture
def download(folder, db, monkeypatch) -> Download:
    """Alice's, ready."""
    Account.objects.create_user("alice")
    found = Download.objects.create(account_id="alice")
    with files.making(found.pk) as file:
        file.write(b"PK")
    downloads.finish(found)
    return found


def test_a_file_is_for_the_chats_own_user_alone(folder, download):
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_it_stays_while_it_may_be_fetched(folder, download):
    downloads.remove_expired()
    assert [path.name for path in folder.iterdir()] == [f"{download.pk}.zip"]
    assert downloads.fetch("alice", downloads.token_of(download)) == download


def test_it_goes_when_its_time_is_over(folder, download):
    Download.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert downloads.fetch("alice", downloads.token_of(download)) is None
    downloads.remove_expired()
    assert list(folder.iterdir()) == []
    assert not Download.objects.exists()


def test_it_goes_with_the_account(folder, download):
    endings.delete(Account.objects.get(pk="alice"))
    downloads.remove_expired()
    assert list(folder.iterdir()) == []


def test_what_was_left_behind_goes_and_what_is_not_ours_stays(folder, download):
    old = time.time() - 2 * files.LEFT_BEHIND_AFTER
    for name in ("998.zip", "999.part", "notes.zip", "997.txt"):
        (folder / name).touch()
        os.utime(folder / name, (old, old))
    (folder / "1000.part").touch()  # it may be that of one who has just begun
    downloads.remove_expired()
    left = {path.name for path in folder.iterdir()}
    assert left == {f"{download.pk}.zip", "notes.zip", "997.txt", "1000.part"}


def test_a_full_disk_fails_it_and_says_so(folder, db, monkeypatch, caplog):
    Account.objects.create_user("alice")
    download = downloads.ask("alice")
    monkeypatch.setattr(files, "making", full)
    make_all()
    download.refresh_from_db()
    assert download.state == Download.State.FAILED
    assert "No space left" in caplog.text


def full(number: int) -> None:
    raise OSError(28, "No space left on device")
