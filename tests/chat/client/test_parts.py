"""The library's parts by themselves: holes, pauses, addresses, tokens on the disk."""

import random
import stat
import subprocess
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.client import arguments, saved
from chat.client.address import Address
from chat.client.backoff import MOST, Backoff
from chat.client.names import conversation_of, name_of
from chat.client.reach import Reach
from chat.client.saved import Saved
from chat.protocol import Message
from tests.server import PROJECT


def message(seq: int, body: str = "", **more) -> Message:
    at = "2026-11-22T13:18:01.513Z"
    return Message(str(seq), "dm:alice:bob", seq, "bob", "text", body, None, at, **more)


@given(st.integers(0, 5), st.integers(1, 30), st.randoms(use_true_random=False))
def test_each_goes_on_once_and_in_order(end: int, number: int, chance: random.Random):
    reach = Reach(end)
    coming = [*range(1, end + number + 1)] * 2
    chance.shuffle(coming)
    given_on = [found.seq for seq in coming for found in reach.take(message(seq))]
    assert given_on == [*range(end + 1, end + number + 1)]
    assert not reach.lacks


def test_a_hole_is_known_and_can_be_left():
    reach = Reach(1)
    assert reach.take(message(4)) == []
    assert reach.lacks
    assert [found.seq for found in reach.leap()] == [4]
    assert not reach.lacks


def test_a_change_is_one_once():
    reach = Reach(3)
    edited = message(2, "new", edited_at="2026-11-22T13:18:02.513Z")
    assert not reach.is_change(message(2))
    assert reach.is_change(edited)
    assert not reach.is_change(edited)
    reach.hear_of(3)
    assert reach.lacks
    reach.reached(3)
    assert not reach.lacks


def test_pauses_grow_and_differ():
    pauses = [[backoff.next() for _ in range(12)] for backoff in (Backoff(), Backoff())]
    assert pauses[0] != pauses[1]
    assert all(0.25 <= pause <= MOST for each in pauses for pause in each)
    assert min(pauses[0][8:]) >= MOST / 2


@pytest.mark.parametrize(
    ("text", "socket"),
    [
        ("http://localhost:8000", "ws://localhost:8000/ws/chat/"),
        ("localhost:8000/", "ws://localhost:8000/ws/chat/"),
        ("chat.example.org", "wss://chat.example.org/ws/chat/"),
        ("https://Example.org/chat/", "wss://example.org/chat/ws/chat/"),
        ("http://[::1]:8000", "ws://[::1]:8000/ws/chat/"),
    ],
)
def test_addresses(text: str, socket: str):
    assert Address.parse(text).socket == socket


@pytest.mark.parametrize(
    "text", ["", "ftp://x", "http://", "http://x:99999", "http://a:b@x", "http://x?y"]
)
def test_what_is_no_address(text: str):
    with pytest.raises(ValueError, match="like http"):
        Address.parse(text)


@pytest.mark.parametrize(
    "server",
    [
        "http://localhost:8000", "http://127.0.0.2", "http://[::1]:8000", "http://chat.localhost",
        "https://chat.example.org", "chat.example.org", "http://chat.example.org --insecure",
        "http://192.168.1.5 --insecure",
    ],
)  # fmt: skip
def test_what_may_carry_a_password(server: str, capsys):
    arguments.parse(["--server", *server.split(), "alice"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("server", ["http://chat.example.org", "http://chat", "http://8.8.8.8"])
def test_no_password_goes_where_all_can_read_it(server: str, capsys):
    with pytest.raises(SystemExit):
        arguments.parse(["--server", server, "alice"])
    assert f"{server} is not encrypted" in capsys.readouterr().err


def test_in_a_network_of_ones_own_it_is_warned_of(capsys):
    assert arguments.parse(["--server", "http://192.168.1.5:8000", "alice"]).name == "alice"
    assert "http://192.168.1.5:8000 is not encrypted" in capsys.readouterr().err


def test_what_is_written_to():
    assert conversation_of("alice", "Bob") == "dm:alice:bob"
    assert conversation_of("bob", "alice") == "dm:alice:bob"
    assert conversation_of("bob", "#Lobby") == "room:lobby"
    assert conversation_of("bob", "dm:bob:zoe") == "dm:bob:zoe"
    for to in ("bob", "#lobby", "alice"):
        assert name_of("alice", conversation_of("alice", to)) == to


def test_tokens_are_kept_for_their_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    here, there = Address.parse("http://localhost:8000"), Address.parse("https://example.org")
    assert saved.load(here, "alice") is None
    saved.save(here, "alice", Saved("secret", 3))
    saved.save(there, "alice", Saved("other"))
    assert (saved.load(here, "alice"), saved.load(there, "alice")) == (
        Saved("secret", 3),
        Saved("other"),
    )
    for path in (tmp_path / "config").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    saved.forget(here, "alice")
    assert saved.load(here, "alice") is None


def test_it_needs_nothing_of_the_server():
    program = (
        "import sys, chat.client.__main__, chat.client.terminal.app;"
        "print({'django', 'channels', 'chatproject'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_it_is_installed_with_what_the_server_has():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    pins = (PROJECT / "requirements.txt").read_text().splitlines()
    assert [pin for pin in project["project"]["dependencies"] if pin not in pins] == []
    packages = {
        ".".join(path.parent.relative_to(PROJECT).parts)
        for path in (PROJECT / "chat" / "client").rglob("__init__.py")
    }
    assert set(project["tool"]["setuptools"]["packages"]) == {"chat", *packages}
