"""Which readings an answer cites: those whose values stand in its words."""

import pytest

from bots.tools.citing import Given, cited, numbers_in


def given(value, seq=1, chief=False, device="boiler", at=""):
    at = at or f"2026-11-22T12:{seq:02}:00.000Z"
    reading = {"device": device, "unit": "°C", "value": value, "at": at, "seq": seq}
    return Given(reading, chief)


def seqs(text, *calls):
    return [reading["seq"] for reading in cited(text, calls)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is 21.4 °C.", 21.4),
        ("Es sind 21,4°C", 21.4),
        ("It is 21.4.", 21.4),
        ("**21.4**", 21.4),
        ("(21.40 °C)", 21.4),
        ("-3.2 °C", -3.2),
        ("It fell to −3.2 °C", -3.2),
        ("– 3,2 grados", -3.2),
        ("3.2 degrees below zero", -3.2),
        ("exactly 20 degrees", 20.0),
        ("from 20-25 °C", 25.0),
        ("from 20–25 °C", 20.0),
        ("1,234.5 W", 1234.5),
        ("1.234,5 W", 1234.5),
        ("1,234 W", 1234.0),
        ("1,234 W", 1.234),
        ("1,234,567 W", 1234567.0),
        ("0.0001", 0.0001),
        ("0 °C", 0.0),
        ("55%", 55.0),
        ("- 21.4 °C in the morning\n- 22", 21.4),
        ("now – 21.4 °C", 21.4),
    ],
)
def test_a_value_that_is_written_is_cited(text, value):
    assert seqs(text, [given(value), given(99.9, 2)]) == [1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It is 21.45 °C.", 21.4),
        ("It is 121.4 °C.", 21.4),
        ("-3.2 °C", 3.2),
        ("at 14:03 UTC", 14.0),
        ("at 14:03:07", 7.0),
        ("on 2026-11-22", 22.0),
        ("at 2026-11-22T05:10:00Z", 10.0),
        ("thermometer1 and CO2", 1.0),
        ("boiler-2", 2.0),
        ("version 1.2.3", 2.3),
        ("٢١", 21.0),
        ("", 0.0),
    ],
)
def test_another_number_is_not(text, value):
    assert seqs(text, [given(value), given(99.9, 2)]) == []


def test_only_what_stands_there_is_cited_in_the_order_of_time():
    call = [given(21, 1), given(19, 2), given(23, 3), given(17, 4)]
    assert seqs("Between 17 and 21, mostly 19", list(reversed(call))) == [1, 2, 4]


def test_a_citation_says_all_of_the_reading():
    (reading,) = cited("21.4", [[given(21.4)]])
    assert reading == {"device": "boiler", "seq": 1, "at": "2026-11-22T12:01:00.000Z",
                       "value": 21.4, "unit": "°C"}  # fmt: skip


def test_each_is_cited_once():
    assert seqs("21", [given(21), given(21, chief=True)], [given(21)]) == [1]
    assert len(cited("21", [[given(21), given(21, device="cellar")]])) == 2


def test_of_more_than_ten_those_that_stood_for_themselves_and_the_newest():
    call = [given(21, seq, chief=seq == 2) for seq in range(1, 31)]
    assert seqs("21", call) == [2, *range(22, 31)]


def test_without_a_value_it_is_what_stood_for_itself_in_the_last_call():
    before = [given(1, 1, chief=True)]
    call = [given(30, 5, chief=True), given(10, 3, chief=True), given(20, 4)]
    assert seqs("It was cold in the morning.", before, call, []) == [3, 5]


def test_where_much_stood_for_itself_none_of_it_is_meant():
    assert seqs("You have four devices.", [given(9, n, chief=True) for n in range(1, 5)]) == []


def test_where_nothing_was_given_nothing_is_cited():
    assert cited("21.4 °C", []) == []
    assert cited("21.4 °C", [[], []]) == []


def test_numbers_are_found_quickly_in_a_long_answer():
    assert numbers_in("1,234" * 20_000) is not None
    assert numbers_in("1" * 100_000 + "x")
