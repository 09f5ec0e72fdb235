"""What people type to an account that takes commands, and what it is taken for."""

import pytest

from chat.typed import SHOWN, nearest, parse, shown

DEVICE = "thermometer1"


@pytest.mark.parametrize(
    ("body", "command", "argument"),
    [
        ("subscribe", "subscribe", ""),
        ("  SubScribe \r\n", "subscribe", ""),
        ("\tsubscribe\u00a0", "subscribe", ""),
        ("/subscribe", "subscribe", ""),
        ("subscribe!", "subscribe", ""),
        ("thermometer1: subscribe", "subscribe", ""),
        ("Thermometer1:subscribe", "subscribe", ""),
        ("@thermometer1 : /subscribe", "subscribe", ""),
        ("thermometer1:\nsubscribe\n", "subscribe", ""),
        ("thermometer10: subscribe", "thermometer10:", "subscribe"),
        ("alert  ABOVE\n30 °C", "alert", "above 30 °c"),
        ("alert above 30 ℃", "alert", "above 30 °c"),
        ("ｎｏｗ", "now", ""),
        ("@Thermometer1 Subscribe", "subscribe", ""),
        ("@thermometer10 subscribe", "@thermometer10", "subscribe"),
        ("thermometer1 subscribe", "thermometer1", "subscribe"),
        ("@thermometer1", "", ""),
        ("thermometer1:", "", ""),
        ("/", "", ""),
        ("?", "", ""),
    ],
)
def test_a_command_is_found(body, command, argument):
    typed = parse(body, DEVICE)
    assert (typed.command, typed.argument) == (command, argument)


@pytest.mark.parametrize("body", ["now " + "x" * 300, "now" + " " * 5_000 + "x", "\ufdfa" * 9_000])
def test_what_is_long_is_no_command(body):
    typed = parse(body, DEVICE)
    assert (typed.command, typed.argument) == ("", "")
    assert typed.text.endswith("…")


def test_spaces_around_it_are_not_what_is_long():
    assert parse(" " * 5_000 + "now" + "\n" * 5_000, DEVICE).command == "now"


def test_an_account_with_signs_in_its_name_is_addressed_by_it_alone():
    assert parse("a.b: now", "a.b").command == "now"
    assert parse("axb: now", "a.b").command == "axb:"


def test_what_is_repeated_is_cut_where_it_is_long():
    assert shown("warm") == "“warm”"
    assert shown("x" * SHOWN) == f"“{'x' * SHOWN}”"
    assert shown("x" * (SHOWN + 1)) == f"“{'x' * (SHOWN - 1)}…”"


def test_what_was_probably_meant():
    assert nearest("agnry", ["happy", "angry"]) == "angry"
    assert nearest("xyzzy", ["happy", "angry"]) is None
    assert nearest("a" * 100_000, ["angry"]) is None
