"""Frames get lost, come twice, or were never heard of: the page shows what the store holds."""

import pytest
from playwright.sync_api import expect

from tests.browser.stock import chatter, stock
from tests.browser.visitor import Visitor
from tests.browser.wire import Frame, Wire
from tests.server import dm


@pytest.fixture
def talk(visitor, server, alice, bob) -> tuple[Visitor, Wire, Visitor]:
    """Alice, the wire to her page, and Bob; the two have talked before."""
    stock(server, alice, bob, chatter(alice, bob, 3))
    a = visitor(alice)
    wire = Wire(a)
    a.visit()
    b = visitor(bob).visit()
    for page, other in ((a, bob), (b, alice)):
        page.entry(other.name).click()
        expect(page.bodies).to_have_count(3)
    return a, wire, b


def is_message(frame) -> bool:
    return frame["type"] == "message"


def overheard(wire: Wire) -> list[Frame]:
    """The messages that the server sends from now on."""
    frames: list[Frame] = []

    def note(frame: Frame) -> bool:
        if is_message(frame):
            frames.append(frame)
        return False

    wire.drop = note
    return frames


def test_a_lost_message_is_asked_for_when_the_next_one_comes(talk):
    a, wire, b = talk
    wire.drop = is_message
    b.write("lost one")
    b.write("lost two")
    expect(b.marks.last).to_have_text("Sent")
    wire.drop = lambda frame: False
    b.write("heard")
    expect(a.bodies).to_have_count(6)
    assert a.bodies.all_text_contents()[3:] == ["lost one", "lost two", "heard"]


def test_resync_brings_what_was_missed(talk):
    a, wire, b = talk
    wire.drop = is_message
    b.write("missed")
    expect(b.marks.last).to_have_text("Sent")
    wire.drop = lambda frame: False
    wire.tell(type="resync")
    expect(a.bodies.last).to_have_text("missed")


def test_what_comes_twice_is_shown_once(talk, alice, bob):
    a, wire, b = talk
    frames = overheard(wire)
    b.write("twice")
    expect(a.bodies.last).to_have_text("twice")
    for frame in frames:
        wire.tell(**frame)
    b.write("after")
    expect(a.bodies.last).to_have_text("after")
    expect(a.bodies).to_have_count(5)


def test_what_it_does_not_know_it_ignores(talk, alice, bob):
    a, wire, b = talk
    wire.tell(type="confetti", colours=["red"])
    wire.tell(type="error", code="invalid", detail="not about any request")
    wire.tell(type="typing", conversation="room:nowhere", user="nobody", mood="calm")
    b.write("still here")
    expect(a.bodies.last).to_have_text("still here")


def test_a_message_of_an_unknown_conversation_is_shown(talk, visitor, server, charlie, alice):
    a, wire, _ = talk
    wire.drop = lambda frame: frame["type"] == "conversation"
    c = visitor(charlie).visit()
    c.open(alice)
    c.write("out of the blue")
    expect(a.entry(charlie.name)).to_contain_text("out of the blue")
    a.entry(charlie.name).click()
    a.sees("out of the blue")


def test_an_edited_or_deleted_message_is_drawn_anew(talk, alice, bob):
    a, wire, b = talk
    frames = overheard(wire)
    b.write("before")
    expect(a.bodies.last).to_have_text("before")
    message = frames[0]["message"]
    wire.tell(type="message", message={**message, "body": "after"})
    expect(a.bodies.last).to_have_text("after")
    wire.tell(type="message", message={**message, "kind": "deleted", "body": ""})
    expect(a.bodies.last).to_have_text("This message was deleted.")


def test_a_store_that_does_not_answer_is_asked_again(talk):
    a, wire, b = talk
    refused: list[Frame] = []

    def unavailable_once(frame):
        if frame["type"] != "send" or refused:
            return None
        refused.append(frame)
        return {"type": "error", "id": frame["id"], "code": "unavailable", "detail": "Later."}

    wire.refuse = unavailable_once
    a.write("first")
    a.write("second")
    b_texts = ["first", "second"]
    expect(b.bodies).to_have_count(5)
    assert b.bodies.all_text_contents()[3:] == b_texts
    sends = wire.of("send")
    assert [frame["body"] for frame in sends] == ["first", "first", "second"]
    assert sends[0]["id"] == sends[1]["id"]


def test_too_many_pages_wait_for_a_person(talk):
    a, wire, _ = talk
    wire.page.close(code=4429, reason="too many")
    expect(a.bar).to_contain_text("open in too many places")
    a.page.get_by_role("button", name="Try now").click()
    a.wait_online()


@pytest.mark.parametrize("code", [1001, 4400, 4408])
def test_other_closings_are_followed_by_a_new_connection(talk, code):
    a, wire, b = talk
    wire.page.close(code=code, reason="")
    expect(a.bar).to_contain_text("Connection lost")
    a.wait_online()
    b.write("back again")
    expect(a.bodies.last).to_have_text("back again")


def test_cursors_are_told_once_for_many_messages(talk, alice, bob):
    a, wire, _ = talk
    before = len(wire.sent)
    for seq in range(4, 24):
        wire.tell(type="message", message=invented(seq, alice, bob))
    expect(a.bodies).to_have_count(23)
    for kind in ("received", "read"):
        a.waits_until(lambda kind=kind: wire.of(kind) and wire.of(kind)[-1]["seq"] == 23)
        seqs = [frame["seq"] for frame in wire.sent[before:] if frame["type"] == kind]
        assert seqs == sorted(set(seqs))
        assert len(seqs) <= 5


def invented(seq: int, alice, bob) -> dict:
    return {
        "id": f"invented-{seq}", "conversation": dm(alice, bob), "seq": seq, "sender": bob.name,
        "kind": "text", "body": f"burst {seq}", "data": None, "sent_at": "2026-11-22T12:00:00.000Z",
    }  # fmt: skip


def test_typing_is_told_at_most_every_three_seconds(talk, alice, bob):
    a, wire, _ = talk
    a.box.press_sequentially("some")
    a.waits_until(lambda: wire.of("typing"))
    assert [frame["conversation"] for frame in wire.of("typing")] == [dm(alice, bob)]
