"""Values and lengths of time that people type, and what is said to what is no command."""

from datetime import timedelta

import pytest

from chat.protocol import Invalid
from chat.typed import parse, shown
from devices.commands.helping import unknown
from devices.commands.quantities import length_of, value_of
from devices.commands.registry import COMMANDS, listing

DEVICE = "thermometer1"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", 30.0),
        ("30.5", 30.5),
        ("30,5", 30.5),
        (".5", 0.5),
        ("30.", 30.0),
        ("+3", 3.0),
        ("-3", -3.0),
        ("−3", -3.0),
        ("- 3", -3.0),
        ("-0", 0.0),
        ("30 °c", 30.0),
        ("30°c", 30.0),
        ("30c", 30.0),
        ("1000000000", 1e9),
        ("-1000000000", -1e9),
    ],
)
def test_a_value_is_read(text, value):
    found = value_of(text, "°C")
    assert (found, str(found)) == (value, str(value))  # 0.0 is not -0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("warm", "“warm” is not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("--3", "not a number"),
        ("30 °f", "The unit here is °C, not “°f”"),
        ("30 degrees", "The unit here is °C"),
        ("1e400", "The unit here is °C"),
        ("1.000.000", "The unit here is °C"),
        ("1000000001", "from -1000000000 °C to 1000000000 °C"),
        ("-1000000001", "from -1000000000 °C"),
        ("9" * 5_000, "from -1000000000 °C"),
    ],
)
def test_what_is_no_value_is_explained(text, said):
    with pytest.raises(Invalid, match=said):
        value_of(text, "°C")


@pytest.mark.parametrize("unit", ["%", "hPa", "µg/m³", "°C"])
def test_every_unit_may_be_written_behind_its_value(unit):
    assert value_of(parse(f"alert above 3 {unit}", DEVICE).argument.split(" ", 1)[1], unit) == 3.0


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2h", timedelta(hours=2)),
        ("2 h", timedelta(hours=2)),
        ("2 hours", timedelta(hours=2)),
        ("30m", timedelta(minutes=30)),
        ("30 min", timedelta(minutes=30)),
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("1 hour 30 minutes", timedelta(hours=1, minutes=30)),
        ("1.5h", timedelta(hours=1, minutes=30)),
        ("1,5 h", timedelta(hours=1, minutes=30)),
        ("1d", timedelta(days=1)),
        ("1d 2h 3m", timedelta(days=1, hours=2, minutes=3)),
        ("30d", timedelta(days=30)),
        ("1m", timedelta(minutes=1)),
    ],
)
def test_a_length_of_time_is_read(text, length):
    assert length_of(text) == length


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2", "“2” is not a length of time"),
        ("h", "not a length"),
        ("-2h", "not a length"),
        ("30m1h", "not a length"),
        ("1h1h", "not a length"),
        ("2 weeks", "not a length"),
        ("0h", "not a length"),
        ("0.5m", "1 minute at least"),
        ("31d", "30 days at most"),
        ("999999d", "30 days at most"),
        ("9999999d", "not a length"),
    ],
)
def test_what_is_no_length_of_time_is_explained(text, said):
    with pytest.raises(Invalid, match=said):
        length_of(text)


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("subscrbe", "subscribe"),
        ("SUBSCRIBE!1", "subscribe"),
        ("unsubscrbe", "unsubscribe"),
        ("un subscribe", "unsubscribe"),
        ("stauts", "status"),
        ("rebot", "reboot"),
        ("rang", "range"),
        ("snoze 2h", "snooze"),
        ("allert above 30", "alert"),
        ("halp", "help"),
    ],
)
def test_the_nearest_command_is_suggested(body, meant):
    said = unknown(parse(body, DEVICE)).body
    assert said.splitlines()[0].endswith(f"Did you mean “{meant}”?")
    assert said.endswith(listing())


@pytest.mark.parametrize("body", ["xyzzy", "how are you today", "42", "x" * 10_000])
def test_to_anything_else_all_commands_are_said(body):
    first, _, rest = unknown(parse(body, DEVICE)).body.partition("\n")
    assert first == f"There is no command {shown(body)}. The commands are:"
    assert rest == listing()


def test_each_command_has_a_line_of_its_own_in_the_help():
    lines = listing().splitlines()
    for name in COMMANDS:
        assert [line for line in lines if line.split(":")[0].split(" ")[0] == name], name
    typed = [line.partition(":")[0] for line in lines]
    assert len(typed) == len(set(typed))
