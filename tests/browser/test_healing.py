"""Frames get lost, come twice, or were never heard of: the page shows what the store holds."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.elsewhere import heard, says
from tests.browser.stock import chatter, stock
from tests.browser.visitor import Visitor, arrive
from tests.browser.wire import Frame, Wire
from tests.server import Person, Server, dm

Talk = tuple[Visitor, Wire, Person, Person]
"""Alice's page, the wire to it, Alice and Bob, who have talked before."""


def begin(browser: Browser, server: Server) -> Talk:
    alice, bob = server.person("alice"), server.person("bob")
    stock(server, alice, bob, chatter(alice, bob, 3))
    a = arrive(browser, server, alice)
    wire = Wire(a)
    a.visit().entry(bob.name).click()
    expect(a.bodies).to_have_count(3)
    return a, wire, alice, bob


@pytest.fixture(scope="module")
def long_talk(browser, shared_server) -> Iterator[Talk]:
    """One page for all tests after which it is as good as before."""
    talk = begin(browser, shared_server)
    yield talk
    talk[0].context.close()
    assert talk[0].errors == []


@pytest.fixture
def talk(long_talk, server) -> Talk:
    a, wire, _, bob = long_talk
    wire.drop = lambda frame: False
    wire.refuse = lambda frame: None
    wire.sent.clear()
    a.wait_online()
    a.entry(bob.name).click()
    return long_talk


@pytest.fixture
def new_talk(browser, visitors, server) -> Talk:
    talk = begin(browser, server)
    visitors.append(talk[0])
    return talk


def ends(a: Visitor, *texts: str) -> None:
    """Wait until the log's last messages are these."""
    a.waits_until(lambda: a.bodies.all_text_contents()[-len(texts) :] == list(texts))


def overheard(wire: Wire) -> list[Frame]:
    """The messages that the server sends from now on."""
    frames: list[Frame] = []

    def note(frame: Frame) -> bool:
        if frame["type"] == "message":
            frames.append(frame)
        return False

    wire.drop = note
    return frames


def test_a_lost_message_is_asked_for_when_the_next_one_comes(talk, server):
    a, wire, alice, bob = talk
    wire.lose("message", 2, lambda: says(server, bob, alice, "lost one", "lost two"))
    says(server, bob, alice, "heard")
    ends(a, "lost one", "lost two", "heard")


def test_resync_brings_what_was_missed(talk, server):
    a, wire, alice, bob = talk
    wire.lose("message", 1, lambda: says(server, bob, alice, "missed"))
    wire.tell(type="resync")
    expect(a.bodies.last).to_have_text("missed")


def test_what_comes_twice_is_shown_once(talk, server):
    a, wire, alice, bob = talk
    frames = overheard(wire)
    says(server, bob, alice, "before", "twice")
    ends(a, "before", "twice")
    for frame in list(frames):
        wire.tell(**frame)
    says(server, bob, alice, "after")
    ends(a, "before", "twice", "after")


def test_what_it_does_not_know_it_ignores(talk, server):
    a, wire, alice, bob = talk
    wire.tell(type="confetti", colours=["red"])
    wire.tell(type="error", code="invalid", detail="not about any request")
    wire.tell(type="typing", conversation="room:nowhere", user="nobody", mood="calm")
    says(server, bob, alice, "still here")
    expect(a.bodies.last).to_have_text("still here")


def test_a_message_of_an_unknown_conversation_is_shown(talk, server, charlie):
    a, wire, alice, _ = talk
    wire.drop = lambda frame: frame["type"] == "conversation"
    says(server, charlie, alice, "out of the blue")
    expect(a.entry(charlie.name)).to_contain_text("out of the blue")
    a.entry(charlie.name).click()
    a.sees("out of the blue")


def test_an_edited_or_deleted_message_is_drawn_anew(talk, server):
    a, wire, alice, bob = talk
    frames = overheard(wire)
    says(server, bob, alice, "before")
    expect(a.bodies.last).to_have_text("before")
    message = frames[0]["message"]
    wire.tell(type="message", message={**message, "body": "after"})
    expect(a.bodies.last).to_have_text("after")
    wire.tell(type="message", message={**message, "kind": "deleted", "body": ""})
    expect(a.bodies.last).to_have_text("This message was deleted.")


def test_a_store_that_does_not_answer_is_asked_again(talk, server):
    a, wire, alice, bob = talk
    refused: list[Frame] = []

    def unavailable_once(frame):
        if frame["type"] != "send" or refused:
            return None
        refused.append(frame)
        return {"type": "error", "id": frame["id"], "code": "unavailable", "detail": "Later."}

    wire.refuse = unavailable_once
    a.write("first")
    a.write("second")
    a.waits_until(lambda: len(wire.of("send")) == 3)
    expect(a.marks.last).to_have_text("Sent")
    assert heard(server, bob, alice)[-2:] == ["first", "second"]
    sends = wire.of("send")
    assert [frame["body"] for frame in sends] == ["first", "first", "second"]
    assert sends[0]["id"] == sends[1]["id"]


def test_too_many_pages_wait_for_a_person(talk):
    a, wire, *_ = talk
    wire.page.close(code=4429, reason="too many")
    expect(a.bar).to_contain_text("open in too many places")
    a.page.get_by_role("button", name="Try now").click()
    a.wait_online()


@pytest.mark.parametrize("code", [1001, 4400, 4408])
def test_other_closings_are_followed_by_a_new_connection(talk, server, code):
    a, wire, alice, bob = talk
    a.page.evaluate(SAID)
    wire.page.close(code=code, reason="")
    a.waits_until(lambda: any("Connection lost" in each for each in a.page.evaluate("said")))
    a.wait_online()
    says(server, bob, alice, f"back after {code}")
    expect(a.bodies.last).to_have_text(f"back after {code}")


SAID = """() => {
    const row = document.querySelector('#status-said');
    window.said = [];
    new MutationObserver(() => said.push(row.textContent)).observe(row, { childList: true });
}"""
"""Notes what the status row says: a connection may come back before anybody looks."""

TYPES = """box => {
    for (const letter of 'some') {
        box.value += letter;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
}"""
"""In no time, so that no stalled machine makes it two bouts of typing."""

PACE = 0.2
"""Seconds between two frames that tell of one cursor."""


def test_typing_and_cursors_are_told_seldom(new_talk):
    a, wire, alice, bob = new_talk
    a.box.evaluate(TYPES)
    a.waits_until(lambda: wire.of("typing"))
    assert [frame["conversation"] for frame in wire.of("typing")] == [dm(alice, bob)]
    before, began = len(wire.sent), time.monotonic()
    for seq in range(4, 24):
        wire.tell(type="message", message=invented(seq, alice, bob))
    expect(a.bodies).to_have_count(23)
    for kind in ("received", "read"):
        a.waits_until(lambda kind=kind: wire.of(kind) and wire.of(kind)[-1]["seq"] == 23)
        seqs = [frame["seq"] for frame in wire.sent[before:] if frame["type"] == kind]
        assert seqs == sorted(set(seqs))
        assert len(seqs) <= 2 + (time.monotonic() - began) / PACE


def invented(seq: int, alice, bob) -> dict:
    return {
        "id": f"invented-{seq}", "conversation": dm(alice, bob), "seq": seq, "sender": bob.name,
        "kind": "text", "body": f"burst {seq}", "data": None, "sent_at": "2026-11-22T12:00:00.000Z",
    }  # fmt: skip
