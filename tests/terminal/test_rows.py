"""What the screen is made of, without one: wrapping, cleaning, parsing, rows."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from chat.client import ChatClient, Delta, Message, NewMessage
from chat.client.events import Left
from chat.client.safe import MARKS, clean, clean_line
from chat.client.terminal.answers import LASTS, Answers
from chat.client.terminal.commands import COMMANDS
from chat.client.terminal.desk import Desk
from chat.client.terminal.rows import message_rows, upwards
from chat.client.terminal.wrapping import cut, pad, wrap
from chat.client.typed import Command, Go, Say, parse

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
HOSTILE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(TEXTS)
def test_nothing_that_is_shown_controls_a_terminal(text: str):
    shown = clean(text)
    assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & HOSTILE
    assert not any(unicodedata.bidirectional(char) in ("RLO", "LRO", "RLI") for char in shown)
    assert "\n" not in clean_line(text)


def test_what_is_harmless_stays():
    for text in ("plain", "Grüße, 日本語, ไทย", "می‌خواهم", "two\nlines", "क्षि"):
        assert clean(text) == text


def test_marks_do_not_pile_up():
    assert clean("a" + "\u0301" * 100) == "a" + "\u0301" * MARKS


@given(TEXTS, st.integers(2, 60), st.integers(2, 60))
def test_rows_fit_and_lose_nothing(text: str, first: int, width: int):
    rows = wrap(clean(text), first, width)
    assert all(get_cwidth(row) <= (width if at else first) for at, row in enumerate(rows))
    assert "".join("".join(rows).split()) == "".join(clean(text).split())


@example("日本", 2)
@given(TEXTS, st.integers(0, 40))
def test_a_cell_has_its_width(text: str, width: int):
    assert get_cwidth(cut(clean_line(text), width)) <= width
    assert get_cwidth(pad(clean_line(text), width)) == width


@given(TEXTS, st.sampled_from(["text", "notice", "alert", "deleted"]), st.integers(30, 120))
def test_a_messages_rows_fit(body: str, kind: str, width: int):
    key = ("bob", kind, body, "2026-11-22T13:18:01.513Z", True)
    for row in message_rows(key, False, False, " · received", width):
        assert sum(get_cwidth(text) for _, text in row) <= width


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bob: hello", Say("bob", "hello")),
        ("@Bob: hello there", Say("bob", "hello there")),
        ("#Lobby: hello", Say("#lobby", "hello")),
        ("dm:alice:bob: hello", Say("dm:alice:bob", "hello")),
        ("#lobby", Go("#lobby")),
        ("bob:", Go("bob")),
        ("@bob", Go("bob")),
        ("hello", Say(None, "hello")),
        ("http://example.org", Say(None, "http://example.org")),
        ("at 10:30 then", Say(None, "at 10:30 then")),
        ("/search two words", Command("search", "two words")),
        ("//etc/hosts", Say(None, "/etc/hosts")),
        ("bob: two\nlines", Say("bob", "two\nlines")),
    ],
)
def test_what_is_typed_means(text: str, meant: object):
    assert parse(text) == meant


def test_a_name_that_nobody_has_is_none():
    assert parse("note: milk", lambda name: name == "bob") == Say(None, "note: milk")


# ---- the desk -----------------------------------------------------------------------------------


def shown(desk: Desk) -> list[str]:
    return ["".join(text for _, text in row) for row in upwards(desk, 60)][::-1]


async def test_an_answer_grows_and_gives_way_to_the_message():
    desk = Desk(ChatClient("http://localhost:8000", "alice", token="none"), lambda: None)
    await desk.go("openai")
    for text in ("It is", "It is warm"):
        desk.hear(Delta("dm:alice:openai", "openai", "1", text))
        assert shown(desk)[-1].endswith(f"openai: {text}▌")
    at = "2026-11-22T13:18:01.513Z"
    answer = Message("x", "dm:alice:openai", 1, "openai", "text", "It is warm.", None, at)
    desk.hear(NewMessage(answer))
    assert shown(desk)[-1].endswith("openai: It is warm.")


async def test_an_answer_that_is_never_finished_goes():
    desk = Desk(ChatClient("http://localhost:8000", "alice", token="none"), lambda: None)
    await desk.go("#garden")
    half = Delta("room:garden", "openai", "1", "It is")
    at = "2026-11-22T13:18:01.513Z"

    def told(event: str, **data: str) -> bool:
        """Whether the answer is still there after a notice."""
        desk.hear(half)
        data = {"event": event, **data}
        desk.hear(NewMessage(Message("x", "room:garden", 1, "bob", "notice", "…", data, at)))
        return desk.answers.of("room:garden") is not None

    assert told("removed", user="charlie")
    assert told("renamed", title="Garden")
    assert not told("removed", user="openai")
    assert not told("closed")
    desk.hear(half)
    desk.hear(Left("room:garden"))
    assert desk.answers.of("room:garden") is None


def test_an_answer_that_grows_no_more_goes():
    now = 100.0
    answers = Answers(lambda: now)
    half = Delta("room:garden", "openai", "1", "It is")
    answers.grow(half)
    now += LASTS - 1
    assert answers.of("room:garden") == half
    now += 1
    assert answers.of("room:garden") is None


def test_every_command_says_what_it_takes_and_does():
    assert {"stored", "who", "rooms", "join", "leave", "make", "invite", "search", "edit",
            "delete", "help", "quit"} <= COMMANDS.keys()  # fmt: skip
    assert all(does for _, does, _ in COMMANDS.values())
