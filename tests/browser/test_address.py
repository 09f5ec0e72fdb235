"""Whom a message goes to: the “To” field, and “bob: hello” as the first chats had it."""

from playwright.sync_api import expect

from tests.browser.elsewhere import heard, present


def test_a_name_before_the_text_sends_it_there(visitor, server, alice, bob):
    a = visitor(alice).visit()
    a.write(f"{bob.name}: hello")
    a.sees("hello")
    expect(a.page.locator("#pane-title")).to_have_text(bob.name)
    expect(a.marks).to_have_text(["Sent"])
    assert heard(server, bob, alice) == ["hello"]


def test_to_and_the_box_work_without_opening_anything(visitor, alice, bob):
    a = visitor(alice).visit()
    a.page.get_by_label("To:").fill(bob.name.upper())
    a.write("note: this is one text")
    a.sees("note: this is one text")
    expect(a.page.locator("#pane-title")).to_have_text(bob.name)


def test_without_a_name_nothing_is_sent_and_nothing_lost(visitor, alice):
    a = visitor(alice).visit()
    a.page.get_by_label("To:").fill("no such name!")
    a.page.keyboard.press("Enter")
    expect(a.bar).to_contain_text("A name is 1 to 32")
    a.page.get_by_label("To:").fill("")
    a.write("hello")
    expect(a.bar).to_contain_text("To whom?")
    expect(a.box).to_have_value("hello")
    expect(a.page.get_by_label("To:")).to_be_focused()


def test_in_an_open_conversation_a_name_must_be_confirmed(visitor, server, alice, bob, charlie):
    a = visitor(alice).visit()
    a.open(charlie)
    a.write("Hi Charlie")
    a.sees("Hi Charlie")
    a.write(f"{bob.name}: a secret")
    chip = a.page.get_by_role("button", name=f"to {bob.name}", exact=True)
    expect(chip).to_be_focused()
    a.sees("Hi Charlie")
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#pane-title")).to_have_text(bob.name)
    a.sees("a secret")
    expect(a.marks).to_have_text(["Sent"])
    assert heard(server, bob, alice) == ["a secret"]
    assert heard(server, charlie, alice) == ["Hi Charlie"]
    the_text_can_be_meant_for_the_open_conversation(a, bob, charlie)


def the_text_can_be_meant_for_the_open_conversation(a, bob, charlie) -> None:
    a.entry(charlie.name).click()
    a.box.fill(f"{bob.name}: nice fellow")
    a.page.get_by_role("button", name=f"here, to {charlie.name}").click()
    a.sees("Hi Charlie", f"{bob.name}: nice fellow")
    expect(a.page.locator("#pane-title")).to_have_text(charlie.name)


def test_a_sentence_with_a_colon_is_no_address(visitor, alice, bob):
    a = visitor(alice).visit()
    a.open(bob)
    for text in ("Note: buy milk", "see http://example.org", f"{bob.name}: hi"):
        a.write(text)
    a.sees("Note: buy milk", "see http://example.org", f"{bob.name}: hi")


def test_to_suggests_people(visitor, server, alice):
    robert = server.person("robert", title="Bobby Tables")
    a = visitor(alice).visit()
    with present(server, robert):
        online = a.page.get_by_role("list", name="Online")
        expect(online.get_by_text("Bobby Tables")).to_be_visible()
    a.page.get_by_label("To:").press_sequentially("tab")
    expect(a.entries.first).to_contain_text("Bobby Tables")
    a.page.keyboard.press("ArrowDown")
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#pane-title")).to_have_text("Bobby Tables")
    expect(a.box).to_be_focused()


def test_an_address_in_the_url_opens_its_conversation(visitor, alice, bob):
    a = visitor(alice).visit()
    a.open(bob)
    a.write("hello")
    a.sees("hello")
    a.page.reload()
    a.sees("hello")
    a.page.go_back()
    expect(a.page.locator("#welcome")).to_be_visible()
    a.page.goto(f"{a.origin}/#dm:nonsense")
    expect(a.page.locator("#welcome")).to_be_visible()
