"""Editing and deleting what was said, in the page, and hearing of it from wherever it was done."""

import re
from functools import partial

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.elsewhere import deletes, edits, elsewhere
from tests.browser.stock import chatter, stock
from tests.browser.test_looks import too_small
from tests.browser.visitor import PHONE, Visitor
from tests.browser.wire import Wire
from tests.chat.rooming import made
from tests.server import dm
from tests.waiting import until_awaited

DELETED = "This message was deleted."
LONG_PRESS = """
    (row) => {
      const target = row.querySelector('.bubble');
      const touch = new Touch({ identifier: 1, target, clientX: 60, clientY: 300 });
      target.dispatchEvent(new TouchEvent('touchstart', { touches: [touch], bubbles: true }));
    }
"""

NOTED = """
    (item) => {
      window.noted = [];
      new MutationObserver(() => noted.push(item.textContent)).observe(item, { childList: true });
    }
"""
"""What it says, however short: a busy machine may look too late."""


@pytest.fixture
def talk(visitor, alice, bob) -> tuple[Visitor, Visitor]:
    """Alice and Bob look at their conversation, in which Alice has said “first” and “second”."""
    a, b = visitor(alice).visit(), visitor(bob).visit()
    a.open(bob)
    a.write("first")
    a.write("second")
    b.entry(alice.name).click()
    for page in (a, b):
        page.sees("first", "second")
    expect(a.marks.last).to_have_text("Read")
    return a, b


def row(page: Visitor, text: str) -> Locator:
    return page.page.locator("#log .row").filter(has_text=text)


def menu(page: Visitor, text: str) -> Locator:
    """Point at a message and open its menu."""
    row(page, text).hover()
    page.page.get_by_role("button", name="Actions for this message").click()
    return page.page.get_by_role("menu")


def choose(page: Visitor, text: str, action: str) -> None:
    menu(page, text).get_by_role("menuitem", name=action).click()


def editor(page: Visitor) -> Locator:
    return page.page.get_by_label("Edit the message")


def confirm(page: Visitor, answer: str) -> None:
    page.page.get_by_role("dialog").get_by_role("button", name=answer, exact=True).click()


def test_a_message_is_edited_and_deleted_in_its_place(talk):
    a, b = talk
    a.box.fill("half a thought")
    choose(a, "first", "Edit")
    expect(editor(a)).to_have_value("first")
    expect(editor(a)).to_be_focused()
    editor(a).fill("not this")
    editor(a).press("Escape")
    expect(editor(a)).to_have_count(0)
    expect(row(a, "first")).to_be_focused()
    choose(a, "first", "Edit")
    editor(a).fill("the first")
    editor(a).press("Enter")
    for page in (a, b):
        page.sees("the first", "second")
        expect(row(page, "the first").locator(".mark")).to_contain_text("edited")
        expect(row(page, "second").locator(".mark")).not_to_contain_text("edited")
    expect(b.page.locator("#log .aside").first).to_have_text(re.compile(r"edited \d"))
    expect(a.box).to_have_value("half a thought")
    is_deleted_for_everybody(a, b)
    is_deleted_where_it_is_emptied(a, b)


def is_deleted_for_everybody(a: Visitor, b: Visitor) -> None:
    choose(a, "second", "Delete")
    confirm(a, "Cancel")
    a.sees("the first", "second")
    choose(a, "second", "Delete")
    confirm(a, "Delete")
    for page in (a, b):
        page.sees("the first", DELETED)
    expect(b.entry(a.person.name)).to_contain_text(DELETED)
    expect(row(a, DELETED)).to_be_focused()
    expect(menu(a, DELETED).get_by_role("menuitem")).to_have_text(["Copy link"])
    a.page.keyboard.press("Escape")


def is_deleted_where_it_is_emptied(a: Visitor, b: Visitor) -> None:
    """And not made too long."""
    choose(a, "the first", "Edit")
    editor(a).fill("x" * 10_001)
    editor(a).press("Enter")
    expect(a.bar).to_contain_text("at most 10000 characters")
    editor(a).fill(" ")
    editor(a).press("Enter")
    confirm(a, "Delete")
    for page in (a, b):
        page.sees(DELETED, DELETED)
    expect(editor(a)).to_have_count(0)


def only_copies(a: Visitor, b: Visitor) -> None:
    """Of what others said."""
    b.context.grant_permissions(["clipboard-read", "clipboard-write"])
    items = menu(b, "first").get_by_role("menuitem")
    expect(items).to_have_text(["Copy text", "Copy link"])
    items.first.evaluate(NOTED)
    items.first.click()
    expect(items).to_have_count(0)
    assert b.page.evaluate("noted") == ["Copied"]
    clipboard = "navigator.clipboard.readText()"
    assert b.page.evaluate(clipboard) == "first"
    choose(b, "second", "Copy link")
    expect(items).to_have_count(0)
    link = b.page.evaluate(clipboard)
    a.page.goto(link)
    expect(row(a, "second")).to_be_focused()


def test_one_copies_what_others_said_and_a_half_written_correction_waits(talk, charlie):
    a, b = talk
    only_copies(a, b)
    choose(a, "first", "Edit")
    editor(a).fill("first of")
    a.page.get_by_label("To:").fill(charlie.name)
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#pane-title")).to_have_text(charlie.name)
    a.write("Hello")
    a.sees("Hello")
    expect(editor(a)).to_have_count(0)
    a.entry(b.person.name).click()
    expect(editor(a)).to_have_value("first of")
    expect(a.box).to_be_focused()
    a.page.reload()
    expect(editor(a)).to_have_value("first of")
    editor(a).press("End")
    editor(a).press_sequentially(" all")
    editor(a).press("Enter")
    b.sees("first of all", "second")
    expect(editor(a)).to_have_count(0)
    a.page.reload()
    a.sees("first of all", "second")
    row(a, "second").hover()
    expect(a.page.get_by_role("button", name="Actions for this message")).to_be_visible()
    expect(editor(a)).to_have_count(0)


def test_the_first_key_on_a_message_is_heard(visitor, server, alice, bob):
    elsewhere(server, alice, lambda client: client.send_text(bob.name, "first"))
    a = visitor(alice).visit()
    a.entry(bob.name).click()
    a.sees("first")
    row(a, "first").focus()
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_role("menuitem", name="Edit")).to_be_focused()


def test_all_of_it_by_keyboard(talk):
    a, b = talk
    keys = a.page.keyboard
    expect(a.box).to_be_focused()
    keys.press("ArrowUp")
    expect(editor(a)).to_have_value("second")
    keys.press("Home")
    keys.type("my ")
    keys.press("Enter")
    b.sees("first", "my second")
    expect(a.box).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(a.page.get_by_role("menuitem", name="Edit")).to_be_focused()
    keys.press("End")
    expect(a.page.get_by_role("menuitem", name="Delete")).to_be_focused()
    keys.press("Escape")
    expect(row(a, "first")).to_be_focused()
    keys.press("e")
    expect(editor(a)).to_have_value("first")
    keys.press("Escape")
    keys.press("Delete")
    confirm(a, "Delete")
    b.sees(DELETED, "my second")


def test_what_is_too_old_stays_and_the_reason_is_said(visitor, server, alice, bob):
    stock(server, alice, bob, [(alice, "long ago"), (bob, "indeed")])
    a = visitor(alice).visit()
    a.entry(bob.name).click()
    choose(a, "long ago", "Edit")
    editor(a).fill("it was today")
    editor(a).press("Enter")
    expect(a.bar).to_contain_text("too old to be edited")
    expect(editor(a)).to_have_value("it was today")
    editor(a).press("Escape")
    choose(a, "long ago", "Delete")
    confirm(a, "Delete")
    expect(a.bar).to_contain_text("too old to be deleted")
    a.sees("long ago", "indeed")


def test_on_a_phone_a_long_press_opens_the_menu(visitor, alice, bob):
    a = visitor(alice, viewport=PHONE, has_touch=True, is_mobile=True).visit()
    a.page.goto(f"{a.origin}/#{dm(alice, bob)}")
    a.write("hello")
    expect(a.marks).to_have_text("Sent")
    row(a, "hello").tap()
    expect(a.page.get_by_role("button", name="Actions for this message")).to_be_visible()
    assert too_small(a.page) == []
    row(a, "hello").evaluate(LONG_PRESS)
    items = a.page.get_by_role("menuitem")
    expect(items).to_have_count(4)
    heights = items.evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 44
    a.page.touchscreen.tap(195, 100)
    expect(items).to_have_count(0)


def test_what_was_changed_while_one_was_away_is_shown(visitor, relay, server, alice, bob, charlie):
    """In the open conversation, in one that is not, and in one whose history was not loaded."""

    async def changes(client):
        one, two, _ = sent
        await edits(client, one, "once")
        await edits(client, one, "twice")
        await deletes(client, two)

    async def changes_another(client):
        await edits(client, others[0], "new 0")
        await edits(client, others[-1], "new 39")

    sent = elsewhere(server, bob, lambda client: says_to(client, alice, 3))
    others = elsewhere(server, charlie, lambda client: says_to(client, alice, 40))
    a = visitor(alice, origin=f"http://127.0.0.1:{relay.port}").visit()
    a.entry(bob.name).click()
    a.sees("line 0", "line 1", "line 2")
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    elsewhere(server, bob, changes)
    elsewhere(server, charlie, changes_another)
    relay.mend()
    a.wait_online()
    a.sees("twice", DELETED, "line 2")
    expect(row(a, "twice").locator(".mark")).to_contain_text("edited")
    expect(a.entry(charlie.name)).to_contain_text("new 39")
    a.entry(charlie.name).click()
    expect(a.bodies).to_have_count(40)
    expect(a.bodies.first).to_have_text("new 0")
    expect(a.bodies.last).to_have_text("new 39")


async def says_to(client, other, count):
    return await client.send_texts(other.name, [f"line {number}" for number in range(count)])


def test_who_governs_a_room_deletes_what_others_said_there(visitor, server, alice, bob):
    async def makes_room(client):
        return await made(client, bob)

    room = elsewhere(server, alice, makes_room)
    elsewhere(server, bob, lambda client: client.send_text(room, "out of place"))
    a, b = (visitor(who).visit(f"/#{room}") for who in (alice, bob))
    a.sees("out of place")
    choose(a, "out of place", "Delete")
    confirm(a, "Delete")
    for page in (a, b):
        page.sees(DELETED)


def test_a_change_that_was_lost_is_asked_for_with_the_next_one(visitor, server, alice, bob):
    sent = elsewhere(server, bob, lambda client: says_to(client, alice, 3))
    a = visitor(alice)
    wire = Wire(a)
    a.visit()
    a.entry(bob.name).click()
    expect(a.bodies).to_have_count(3)

    def loses(message, body: str) -> None:
        act = partial(elsewhere, server, bob, lambda client: edits(client, message, body))
        wire.lose("changed", 1, act)

    loses(sent[0], "lost")
    elsewhere(server, bob, lambda client: deletes(client, sent[1]))
    a.sees("lost", DELETED, "line 2")
    loses(sent[2], "lost, too")
    wire.tell(type="resync")
    a.sees("lost", DELETED, "lost, too")


def test_a_change_of_what_is_not_held_waits_for_it(visitor, server, alice, bob, charlie):
    """It is not shown by itself; and history that was read before brings it as it is by now."""
    stock(server, alice, bob, chatter(alice, bob, 300))
    a = visitor(alice)
    wire = Wire(a)
    a.visit()
    a.entry(bob.name).click()
    expect(a.bodies.last).to_contain_text("line 299")
    first = {
        "id": "019a0000-0000-7000-8000-000000000001", "conversation": dm(alice, bob), "seq": 1,
        "sender": bob.name, "kind": "text", "body": "changed", "data": None,
        "sent_at": "2026-03-01T09:00:00.000Z", "edited_at": "2026-03-01T10:00:00.000Z",
    }  # fmt: skip
    stranger = {**first, "conversation": dm(bob, charlie)}
    for number, message in enumerate((first, stranger), start=1):
        wire.tell(type="changed", message=message, number=number)
    wire.tell(type="typing", conversation=dm(alice, bob), user=bob.name)
    expect(a.page.locator("#typing")).to_contain_text("typing")
    assert "changed" not in a.bodies.all_text_contents()
    expect(a.entries).to_have_count(1)
    while (count := a.bodies.count()) < 300:
        a.page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
        expect(a.bodies).not_to_have_count(count)
    expect(a.bodies.first).to_have_text("changed")


def test_a_message_that_is_sent_again_is_answered_as_edited(visitor, server, alice, bob):
    a = visitor(alice)
    wire = Wire(a)
    a.visit()
    a.open(bob)
    wire.drop = lambda frame: frame["type"] == "ack"
    a.write("helo")
    a.waits_until(lambda: wire.of("send"))

    async def corrects(client):
        async def is_stored():
            page = await client.request("history", conversation=dm(alice, bob))
            return page.get("messages")

        await until_awaited(is_stored)
        await edits(client, (await is_stored())[0], "hello")

    elsewhere(server, alice, corrects)
    wire.drop = lambda frame: False
    wire.page.close(code=1001, reason="")
    a.sees("hello")
    expect(a.marks).to_have_text("edited Sent")
