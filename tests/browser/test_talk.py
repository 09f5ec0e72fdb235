"""Two people talk; a third sees nothing of it."""

import re

from playwright.sync_api import expect

from tests.browser.elsewhere import heard, says
from tests.server import dm


def frames_to(visitor) -> list[str]:
    """All that the server sends to this page from its next connection on."""
    frames: list[str] = []

    def note(frame: str | bytes) -> None:
        frames.append(str(frame))

    visitor.page.on("websocket", lambda socket: socket.on("framereceived", note))
    return frames


def test_two_browsers_talk(visitor, alice, bob):
    """Each sees how far what they said has come, that the other one types, comes and goes."""
    a = visitor(alice).visit()
    a.open(bob)
    a.write("Hello Bob")
    expect(a.marks).to_have_text(["Sent"])
    b = visitor(bob).visit()
    expect(a.marks).to_have_text(["Received"])
    b.entry(alice.name).click()
    b.sees("Hello Bob")
    expect(a.marks).to_have_text(["Read"])
    b.box.press_sequentially("Hello")
    expect(a.page.locator("#typing")).to_have_text(f"{bob.name} is typing…")
    b.write("Hello Alice")
    a.sees("Hello Bob", "Hello Alice")
    expect(a.page.locator("#typing")).to_have_text("")
    online = a.page.get_by_role("list", name="Online").get_by_text(bob.name)
    online.click()
    expect(a.page.locator("#pane-about")).to_contain_text("online")
    b.page.close()
    expect(a.page.locator("#pane-about")).to_contain_text("last seen")
    expect(online).to_have_count(0)


def test_a_stranger_sees_nothing(visitor, server, alice, bob, charlie):
    c = visitor(charlie)
    frames = frames_to(c)
    c.visit()
    says(server, alice, bob, "For Bob alone")
    assert heard(server, bob, alice) == ["For Bob alone"]
    c.page.goto(f"{c.origin}/#{dm(alice, bob)}")
    expect(c.page.locator("#welcome")).to_be_visible()
    says(server, alice, charlie, "For Charlie")
    c.entry(alice.name).click()
    c.sees("For Charlie")
    assert frames
    assert not [frame for frame in frames if "For Bob alone" in frame]


def test_nothing_is_read_that_nobody_looks_at(visitor, alice, bob):
    a, b = visitor(alice).visit(), visitor(bob)
    b.context.add_init_script("document.hasFocus = () => false")
    b.visit()
    a.open(bob)
    a.write("One")
    b.entry(alice.name).click()
    b.sees("One")
    expect(a.marks).to_have_text(["Received"])
    expect(b.page).to_have_title("(1) P2P Chat")
    b.page.evaluate("document.hasFocus = () => true; window.dispatchEvent(new Event('focus'))")
    expect(a.marks).to_have_text(["Read"])
    expect(b.page).to_have_title("P2P Chat")


def test_unread_messages_are_counted_and_marked(visitor, server, alice, bob):
    says(server, alice, bob, "One")
    b = visitor(bob).visit()
    b.entry(alice.name).click()
    b.sees("One")
    b.page.keyboard.press("Escape")
    b.page.goto(f"{b.origin}/#")
    expect(b.page.locator("#welcome")).to_be_visible()
    says(server, alice, bob, "Two", "Three")
    expect(b.entry(alice.name).locator(".badge")).to_contain_text("2")
    expect(b.entry(alice.name)).to_contain_text("Three")
    expect(b.page).to_have_title("(2) P2P Chat")
    b.entry(alice.name).click()
    after = b.page.locator(".unread-line + .row .body")
    expect(after).to_have_text("Two")
    expect(b.page).to_have_title("P2P Chat")


def test_one_writes_notes_to_oneself(visitor, alice):
    a = visitor(alice).visit()
    a.open(alice)
    a.write("Buy milk")
    a.sees("Buy milk")
    expect(a.page.locator("#pane-title")).to_have_text("Notes to myself")
    a.page.reload()
    a.sees("Buy milk")


def test_two_tabs_of_one_person_agree(visitor, tab, server, alice, bob):
    b = visitor(bob).visit()
    second = tab(b).visit()
    says(server, alice, bob, "Hello")
    for page in (b, second):
        expect(page.entry(alice.name).locator(".badge")).to_contain_text("1")
    b.page.bring_to_front()
    b.entry(alice.name).click()
    expect(second.entry(alice.name).locator(".badge")).to_be_hidden()
    b.write("Hi")
    second.entry(alice.name).click()
    second.sees("Hello", "Hi")


def test_sign_out_ends_all_pages(visitor, tab, alice):
    a = visitor(alice).visit()
    second = tab(a).visit()
    a.page.get_by_role("button", name="Sign out").click()
    for page in (a.page, second.page):
        page.wait_for_url(re.compile("/join/"))
