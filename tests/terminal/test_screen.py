"""The program as a person has it: a real terminal, keys, and what is to be seen."""

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.models import Account, Token
from tests.browser.relay import Relay
from tests.client import new_id
from tests.server import Person, Server
from tests.terminal.tmux import Terminal, needs_tmux

pytestmark = needs_tmux
Start = Callable[..., Terminal]


async def test_two_talk_while_one_types(
    terminal: Start, server: Server, alice: Person, bob: Person
):
    screen = terminal(alice)
    screen.sees("Welcome", "online")
    async with server.connect(bob) as bobs:
        await bobs.send_text(alice.name, "are you there?")
        screen.sees(f"{bob.name[:10]}", "1 unread")
        screen.press("M-Down")
        screen.sees(f"{bob.name}: are you there?")
        screen.sees_no("unread")
        await bobs.expect("read", seq=1)
        screen.type("half a")
        await bobs.send_text(alice.name, "still?")
        screen.sees("still?", "> half a")
        screen.enter(" sentence")
        await bobs.expect("typing")
        await bobs.expect("message", message={"body": "half a sentence"})
        screen.sees(f"{alice.name}: half a sentence")
        await bobs.send(
            "read", conversation=":".join(["dm", *sorted([alice.name, bob.name])]), seq=3
        )
        screen.sees("half a sentence · read")
    screen.enter("/quit")
    assert screen.ended() == 0


async def test_commands(terminal: Start, server: Server, alice: Person, bob: Person):
    room = f"#r-{alice.name}"
    async with server.connect(bob) as bobs:  # who is there is known to who comes
        screen = terminal(alice)
        screen.sees("Welcome", "online")
        screen.enter(f"/make {room} The garden")
        screen.sees(f"The garden ({room})")
        screen.enter(f"/invite {bob.name}")
        await bobs.expect("conversation", conversation={"title": "The garden"})
        screen.enter(f"{bob.name}: hello")
        screen.sees(f"{alice.name}: hello")
        screen.sees_no("sending…")
        screen.enter("/edit hello again")
        screen.sees("hello again (edited)")
        screen.enter("/delete")
        screen.sees("(deleted)")
        screen.enter("/who")
        screen.sees(f"● {bob.name}")
        screen.enter("/rooms garden")
        screen.sees(f"✓ {room}"[:20])
        screen.enter(room)
        screen.sees(f"The garden ({room})", "added")
        screen.enter("/leave")
        screen.sees("You are no longer in this conversation.")
        screen.enter("/nonsense")
        screen.sees("There is no /nonsense")
        screen.enter("nobody-is-called-so: hello")
        screen.sees("Not sent to")
    screen.press("C-d")
    assert screen.ended() == 0


async def test_who_is_not_known_is_asked_about_before_others_read_it(
    terminal: Start, server: Server, alice: Person, bob: Person
):
    screen = terminal(alice, "--to", bob.name)
    screen.sees("online", "Nothing was written")
    screen.enter("milk: two bottles")
    screen.sees("“milk” is not known", "> milk: two bottles")
    screen.press("Enter")
    screen.sees(f"{alice.name}: milk: two bottles")


async def test_history_comes_by_scrolling(
    terminal: Start, server: Server, alice: Person, bob: Person
):
    async with server.connect(bob) as bobs:
        await bobs.send_texts(alice.name, [f"line {number}." for number in range(120)])
        screen = terminal(alice, "--to", bob.name)
        screen.sees("line 119.")
        for _ in range(7):
            screen.press("PageUp")
        screen.sees("older messages")
        screen.presses_until("PageUp", "line 0.")
        await bobs.send_text(alice.name, "news below")
        await bobs.expect("received", seq=121)
        screen.sees("line 0.")
        screen.press("Escape")
        screen.sees("line 119.", "news below")


async def test_a_draft_stays_where_it_was_begun(
    terminal: Start, server: Server, alice: Person, bob: Person, charlie: Person
):
    async with server.connect(bob) as bobs, server.connect(charlie) as charlies:
        await bobs.send_text(alice.name, "one")
        await charlies.send_text(alice.name, "two")
        screen = terminal(alice, "--to", bob.name)
        screen.sees(f"{bob.name}: one")
        screen.type("only for bob")
        screen.press("M-Up")
        screen.sees(f"{charlie.name}: two")
        screen.sees_no("only for bob")
        screen.press("M-Down")
        screen.sees(f"{bob.name}: one", "> only for bob")


async def test_what_is_written_offline_goes_out_later(
    terminal: Start, server: Server, alice: Person, bob: Person
):
    relay = Relay(lambda: server.port)
    screen = terminal(alice, "--to", bob.name, port=relay.port)
    screen.sees("online", "Nothing was written")
    relay.cut()
    screen.sees("offline, trying again")
    screen.enter("into the air")
    screen.sees("into the air · sending…", "1 waiting to be sent")
    screen.enter("/quit")
    screen.sees("1 not sent yet")
    relay.mend()
    async with server.connect(bob) as bobs:
        await bobs.send_text(alice.name, "meanwhile")
        await bobs.expect("message", message={"body": "into the air"})
        screen.sees("meanwhile", "into the air")
        screen.sees_no("sending…")
    relay.close()


async def test_stored_messages(terminal: Start, server: Server, alice: Person, bob: Person):
    async with server.connect(bob) as bobs:
        await bobs.send_text(alice.name, "while you were away")
    screen = terminal(alice)
    screen.sees("1 unread")
    screen.enter("/stored")
    screen.sees("while you were away")
    screen.press("Escape")
    screen.sees("Welcome")


COLOUR = r"\x1b\[(\d+;)*([34][0-8]|9[0-7])\b"
"""Of letters or behind them; 39 and 49 are the terminal's own."""
NASTY = [
    "\x1b]0;OWNED\x07title",
    "\x1b[2J\x1b[1;1Hmoved",
    "\x9b31mcsi \x90dcs\x9c",
    "\u202etfel ot thgir\u202c \u2066x\u2069",
    "a" + "\u0301" * 500,
    "wide 日本語のとても長い行 " * 8,
    "family 👨‍👩‍👧‍👦 flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿 heart ❤️",
    "\x08\x08\x08back \x7f del \r over",
    "tab\there\u2028sep\ufeff",
    "\x1b[201~paste\x1b[?1049l\x1bc",
]


@pytest.mark.parametrize("size", [(80, 24), (40, 20)])
async def test_what_others_write_does_nothing_to_the_terminal(
    terminal: Start, server: Server, alice: Person, size: tuple[int, int]
):
    mallory = server.person("mallory", title="\x1b]0;OWNED\x07\x1b[31m\u202eM")
    async with server.connect(mallory) as mallorys:
        screen = terminal(alice, "--to", mallory.name, size=size)
        screen.sees("online")
        for body in NASTY:
            await mallorys.send_text(alice.name, body)
        await mallorys.send_text(alice.name, "the end")
        shown = screen.sees("the end")
        assert "OWNED" not in screen.title
        assert shown.rstrip("\n").splitlines()[-1].rstrip().endswith(">")
        assert all(char.isprintable() for char in shown.replace("\n", ""))
        assert "\u202e" not in shown
    screen.press("C-d")
    assert screen.ended() == 0


async def test_without_colour_and_narrow(
    terminal: Start, server: Server, alice: Person, bob: Person
):
    async with server.connect(bob) as bobs:
        await bobs.send_text(alice.name, "hello " * 20)
        screen = terminal(alice, "--to", bob.name, size=(30, 12), NO_COLOR="1")
        shown = screen.sees("hello hello", "online")
        assert "│" not in shown
        assert re.search(COLOUR, screen.coloured) is None
        screen.resize(100, 30)
        screen.sees("│", "hello hello")


def test_the_password_is_asked_for_and_the_token_kept(
    terminal: Start, server: Server, tmp_path: Path
):
    person = server.person("alice", password="a good password")
    screen = terminal(person.name)
    screen.sees("Password of")
    screen.enter("a bad password")
    assert screen.ended() == 3
    screen = terminal(person.name)
    screen.sees("Password of")
    screen.enter("a good password")
    screen.sees("Welcome", "online")
    assert "good" not in screen.screen
    [file] = (tmp_path / "config").rglob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    screen.press("C-d")
    terminal(person.name).sees("Welcome", "online")
    assert terminal(person.name, "--forget").ended() == 0
    assert not file.exists()
    left = server.database.call(lambda: Token.objects.filter(account_id=person.name).count())
    assert left == 1  # the one that the test was given


def test_a_new_account(terminal: Start, server: Server, tmp_path: Path):
    name = f"new-{new_id()[:8]}"
    screen = terminal(name, "--register")
    screen.sees("A password for the new account")
    screen.enter("correct horse battery")
    screen.sees("The same again")
    screen.enter("correct horse battery")
    screen.sees("Welcome", "online", "Lobby")
    assert server.database.call(lambda: Account.objects.filter(pk=name).exists())
    [file] = (tmp_path / "config").rglob("*.json")
    assert json.loads(file.read_text())["number"] is not None


async def test_a_revoked_token_ends_it_with_one_line(
    terminal: Start, server: Server, alice: Person
):
    screen = terminal(alice)
    screen.sees("Welcome", "online")
    server.database.call(lambda: Token.objects.filter(account_id=alice.name).delete())
    assert screen.ended() == 3
    assert "Traceback" not in screen.sees("signed out")
