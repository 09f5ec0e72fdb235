"""Frames that are none, and what they are answered with."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests import http

pytestmark = pytest.mark.embedded("a frame is judged by the process that it comes to")
KIB = 1024

NOT_FRAMES = {
    "nothing": "",
    "a word": "hello",
    "an array": '[{"type":"ping"}]',
    "a string": '"ping"',
    "a number": "1",
    "null": "null",
    "cut off": '{"type":"ping"',
    "two objects": '{"type":"ping"}{"type":"ping"}',
    "single quotes": "{'type':'ping'}",
    "deep": "[" * 20_000,
    "deep inside": '{"type":"ping","id":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}",
    "binary": b'{"type":"ping"}',
    "no UTF-16 half": '{"type":"ping","id":"\\ud800"',
    "over 64 KiB": json.dumps({"type": "ping", "id": "1", "padding": "x" * 64 * KIB}),
    "over 64 KiB of bytes": json.dumps(
        {"type": "ping", "padding": "🙂" * 17 * KIB}, ensure_ascii=False
    ),
    "nearly 1 MiB": json.dumps({"type": "ping", "padding": "x" * (KIB * KIB - 100)}),
}


@pytest.mark.parametrize("frame", NOT_FRAMES.values(), ids=NOT_FRAMES.keys())
async def test_what_is_no_frame_is_a_bad_frame(server, alice, frame):
    async with server.connect(alice) as ws:
        await ws.send_raw(frame)
        error = await ws.expect("error")
        assert error["code"] in ("bad_frame", "invalid")
        if frame != NOT_FRAMES["deep inside"]:  # an object, whose id is none
            assert error["code"] == "bad_frame"
        assert error["detail"]
        await ws.barrier()


async def test_a_frame_of_just_64_kib_is_read(server, alice):
    frame = json.dumps({"type": "sync", "id": "big", "since": {}})
    async with server.connect(alice) as ws:
        await ws.send_raw(frame + " " * (64 * KIB - len(frame)))
        await ws.expect("synced", id="big")
        await ws.send_raw(frame + " " * (64 * KIB + 1 - len(frame)))
        await ws.expect("error", code="bad_frame")


async def test_a_frame_beyond_1_mib_ends_the_connection(server, alice):
    """It is not even read to its end: the library says 1009, or hangs up (daphne's)."""
    async with server.connect(alice) as ws:
        try:
            await ws.send_raw("x" * (2 * KIB * KIB))
            code = await ws.closed()
        except ConnectionClosed:
            code = ws.socket.close_code
        assert code in (1009, 1006)
    async with server.connect(alice) as ws:
        await ws.barrier()


async def test_the_tenth_bad_frame_in_a_minute_ends_the_connection(server, alice):
    async with server.connect(alice) as ws:
        for number in range(9):
            await ws.send_raw("nonsense" if number % 2 else b"\x00")
            await ws.expect("error", code="bad_frame")
        await ws.barrier()
        await ws.send_raw("[]")
        assert await ws.closed() == 4400


async def test_other_errors_never_do(server, alice):
    async with server.connect(alice) as ws:
        for number in range(50):
            assert (await ws.refused("dance"))["code"] == "unknown_type"
            assert (await ws.refused("history", limit=number))["code"] == "invalid"
            error = await ws.refused("typing", conversation="dm:x:y")
            assert error["code"] == "not_found"
        await ws.barrier()


async def test_bad_frames_of_another_connection_do_not_count(server, alice):
    async with server.connect(alice) as one, server.connect(alice) as other:
        for ws in (one, other):
            for _ in range(9):
                await ws.send_raw("nonsense")
        for ws in (one, other):
            await ws.barrier()


@pytest.mark.parametrize(
    "type", ["dance", "", "SEND", "hello", "ack", "message", "error", "__class__", "send\0", "🙂"]
)
async def test_an_unknown_type_is_told_which_there_are(server, alice, type):
    async with server.connect(alice) as ws:
        error = await ws.refused(type)
        assert error["code"] == "unknown_type"
        assert "send" in error["detail"]


@pytest.mark.parametrize("frame", [{}, {"type": None}, {"type": 1}, {"type": ["send"]}])
async def test_a_type_that_is_none_is_invalid(server, alice, frame):
    async with server.connect(alice) as ws:
        await ws.send_raw(json.dumps({"id": "x", **frame}))
        error = await ws.expect("error", id="x")
        assert error["code"] == "invalid"
        assert "type" in error["detail"]


@pytest.mark.parametrize("type", ["ping", "sync", "history", "stored", "typing", "conversations"])
async def test_an_unknown_field_is_named(server, alice, type):
    async with server.connect(alice) as ws:
        error = await ws.refused(type, colour="red")
        assert error["code"] == "invalid"
        if type in ("ping", "stored", "conversations"):
            assert "colour" in error["detail"]


async def test_the_error_repeats_the_id(server, alice):
    async with server.connect(alice) as ws:
        await ws.send("dance", id="my id")
        assert (await ws.expect("error"))["id"] == "my id"


async def test_an_error_without_an_id_has_none(server, alice):
    async with server.connect(alice) as ws:
        await ws.send("dance")
        assert (await ws.expect("error")).get("id") is None


async def test_the_later_of_a_field_given_twice_does_not_slip_past_the_checks(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send_raw(
            f'{{"type":"send","id":"a","to":"{bob.name}","body":"x","body":"{"x" * 10_001}"}}'
        )
        await ws.expect("error", id="a", code="invalid")


async def test_no_error_repeats_what_was_private(server, alice, bob):
    """Details say what would be right; they do not carry bodies around."""
    async with server.connect(alice) as ws:
        error = await ws.refused("send", to=bob.name, body="secret " * 2_000)
        assert "secret" not in error["detail"]


async def test_a_frame_in_pieces_is_one_frame(server, alice, bob):
    async with server.connect(alice) as ws:
        frame = json.dumps({"type": "send", "id": "a", "to": bob.name, "body": "in pieces"})
        await ws.socket.send([frame[:5], frame[5:6], frame[6:]])
        await ws.expect("ack", id="a", message={"body": "in pieces"})


async def test_text_that_is_not_utf_8_ends_the_connection_alone(server, alice):
    async with server.connect(alice) as ws, server.connect(alice) as other:
        ws.socket.protocol.send_text(b'{"type":"ping","id":"\xff"}')
        ws.socket.transport.write(b"".join(ws.socket.protocol.data_to_send()))
        assert await ws.closed() in (1007, 1006)
        await other.barrier()


async def test_what_is_no_websocket_is_told_so(server):
    answer = await http.request(server, "GET", "/ws/chat/")
    assert 400 <= answer.status < 500
