"""Frames as types: what is decoded, how it is refused, how times are written."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chat import protocol
from chat.protocol import BadFrame, Invalid, UnknownType, decode, format_time, id_of, parse_time


def test_a_frame_is_decoded_to_its_type():
    frame = decode('{"type":"send","id":"1","to":"bob","body":"hello"}')
    assert frame == protocol.Send(id="1", to="bob", body="hello")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", BadFrame),
        ("[]", BadFrame),
        ('{"type":"ping"', BadFrame),
        ('{"type":"dance"}', UnknownType),
        ("{}", Invalid),
        ('{"type":"send","id":"1","to":"bob"}', Invalid),
        ('{"type":"send","id":"1","to":"bob","body":" "}', Invalid),
        ('{"type":"ping","more":1}', Invalid),
        ('{"type":"history","conversation":"dm:a:b","limit":0}', Invalid),
        ('{"type":"read","conversation":"dm:a:b","seq":9007199254740992}', Invalid),
    ],
)
def test_what_is_wrong_has_its_own_error(text, error):
    with pytest.raises(error) as raised:
        decode(text)
    assert raised.value.detail


@pytest.mark.parametrize(
    ("field", "value"), [("to", 1), ("body", None), ("id", []), ("body", "x" * 10_001)]
)
def test_an_invalid_field_is_named(field, value):
    frame = {"type": "send", "id": "1", "to": "bob", "body": "hello", field: value}
    with pytest.raises(Invalid, match=field):
        decode(json.dumps(frame))


def test_the_limit_of_a_frame_counts_bytes():
    room = protocol.MAX_CLIENT_FRAME - len(json.dumps({"type": "ping", "id": ""}))
    with pytest.raises(Invalid):
        decode(json.dumps({"type": "ping", "id": "x" * room}))  # the id, not the frame
    with pytest.raises(BadFrame):
        decode(json.dumps({"type": "ping", "id": "x" * (room - 1) + "é"}, ensure_ascii=False))


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ('{"type":"dance","id":"1"}', "1"),
        ('{"id":"1"', None),
        ('{"id":1}', None),
        ('{"id":"' + "x" * 65 + '"}', None),
        ("[]", None),
        ("", None),
    ],
)
def test_the_id_to_answer_a_refused_frame_by(text, id):
    assert id_of(text) == id


def test_times_are_utc_with_milliseconds():
    moment = datetime(2026, 11, 22, 10, 30, 0, 125_999, tzinfo=timezone(timedelta(hours=1)))
    assert format_time(moment) == "2026-11-22T09:30:00.125Z"
    assert format_time(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000Z"


def test_a_time_is_read_as_it_is_written():
    moment = datetime(2026, 11, 22, 9, 30, 0, 125_000, tzinfo=UTC)
    assert parse_time(format_time(moment)) == moment
    assert parse_time("2026-11-22T10:30:00.125+01:00") == moment


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-11-22", "2026-11-22T09:30:00", "1700000000", "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_time_is_invalid(text):
    with pytest.raises(Invalid):
        parse_time(text)


def test_an_error_leaves_out_what_is_not_there():
    frame = json.loads(protocol.error_frame(Invalid("Wrong."), None))
    assert frame == {"type": "error", "code": "invalid", "detail": "Wrong."}
    frame = json.loads(protocol.error_frame(protocol.RateLimited("Wait.", retry_after=0.5), "1"))
    assert (frame["id"], frame["retry_after"]) == ("1", 0.5)


def test_text_that_is_no_unicode_is_refused_by_its_id():
    """So that a client learns which message it was, and does not send it for ever."""
    text = '{"type":"send","id":"7","to":"bob","body":"\\ud800"}'
    with pytest.raises(Invalid, match="surrogate"):
        decode(text)
    assert id_of(text) == "7"
    assert id_of('{"type":"ping","id":"\\ud800"}') is None


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T09:30:00Z", "2026-11-22t09:30:00.5z", "2026-11-22 10:30:00+01:00"],
)
def test_a_time_is_rfc_3339(text):
    assert parse_time(text).replace(microsecond=0) == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-W47-7T10:00:00Z", "20261122T100000Z", "2026-11-22T10:00Z", "2026-11-22T10:00:00+00",
     "2026-11-22T10:00:00+00:99", "2026-11-22T10:00:00", "2026-11-22T10:00:00,5Z"],
)  # fmt: skip
def test_what_python_takes_besides_is_none(text):
    with pytest.raises(Invalid):
        parse_time(text)
