"""A data folder belongs to one embedded server at a time, or to servers with REDIS_URL."""

import multiprocessing

import pytest
from django.core.management.base import CommandError

from chatproject.serving import lock

WITHIN = 30
spawn = multiprocessing.get_context("spawn")


def hold(folder, held):
    """The other process: holds the folder until it is killed."""
    with lock.held(folder):
        held.set()
        spawn.Event().wait()


@pytest.fixture
def other(tmp_path):
    held = spawn.Event()
    process = spawn.Process(target=hold, args=(tmp_path, held))
    process.start()
    assert held.wait(WITHIN)
    yield process
    process.kill()
    process.join()


def test_a_held_folder_is_refused_by_name_and_process(other, tmp_path):
    with pytest.raises(CommandError) as refused, lock.held(tmp_path):
        pytest.fail("two hold it")
    assert str(tmp_path) in str(refused.value)
    assert f"process {other.pid}" in str(refused.value)


def test_death_frees_it(other, tmp_path):
    other.kill()
    other.join()
    with lock.held(tmp_path):
        pass


def test_it_is_free_after_use(tmp_path):
    for _ in range(2):
        with lock.held(tmp_path):
            pass


def test_another_folder_is_another_lock(other, tmp_path):
    (tmp_path / "another").mkdir()
    with lock.held(tmp_path / "another"):
        pass


def test_servers_with_redis_share_it(tmp_path):
    with lock.shared(tmp_path), lock.shared(tmp_path):
        pass
    with lock.held(tmp_path):
        pass


def test_an_embedded_one_does_not_join_them(tmp_path):
    with lock.shared(tmp_path), pytest.raises(CommandError) as refused, lock.held(tmp_path):
        pytest.fail("two use it that cannot hear each other")
    assert "one with REDIS_URL" in str(refused.value)


def test_they_do_not_join_an_embedded_one(other, tmp_path):
    with pytest.raises(CommandError) as refused, lock.shared(tmp_path):
        pytest.fail("two use it that cannot hear each other")
    assert f"process {other.pid}" in str(refused.value)
