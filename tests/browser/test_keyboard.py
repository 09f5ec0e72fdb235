"""Everything can be reached and done without a mouse, and is named for who cannot see."""

from playwright.sync_api import expect

from tests.browser.elsewhere import present
from tests.browser.stock import chatter, stock

PEOPLE = "#online button:not([data-name=thermometer1])"


def test_a_conversation_by_keyboard_alone(visitor, alice, bob):
    a, b = visitor(alice).visit(), visitor(bob).visit()
    keys = a.page.keyboard
    expect(a.box).to_be_focused()
    keys.press("Shift+Tab")
    while not a.page.get_by_label("To:").evaluate("to => to === document.activeElement"):
        keys.press("Shift+Tab")
    keys.type(bob.name)
    keys.press("Enter")
    expect(a.box).to_be_focused()
    keys.type("first")
    keys.press("Shift+Enter")
    keys.type("second")
    keys.press("Enter")
    a.sees("first\nsecond")
    expect(b.entries).to_have_count(1)
    b.page.get_by_label("To:").focus()
    b.page.keyboard.press("ArrowDown")
    b.page.keyboard.press("Enter")
    expect(b.box).to_be_focused()
    b.sees("first\nsecond")


def test_arrows_move_in_the_log_and_reach_its_links(visitor, server, alice, bob):
    stock(server, alice, bob, [*chatter(alice, bob, 20), (bob, "see http://example.org now")])
    a = visitor(alice).visit()
    a.entry(bob.name).click()
    rows = a.page.locator("#log .row")
    expect(rows).to_have_count(21)
    expect(a.page.locator("#log a")).to_be_visible()
    keys = a.page.keyboard
    expect(a.box).to_be_focused()
    keys.press("Shift+Tab")
    expect(rows.last).to_be_focused()
    keys.press("Tab")
    expect(a.page.locator("#log a")).to_be_focused()
    keys.press("ArrowUp")
    expect(rows.nth(19)).to_be_focused()
    keys.press("Home")
    expect(rows.first).to_be_focused()
    expect(rows.first).to_be_in_viewport()
    keys.press("End")
    expect(a.page.locator("#jump")).to_be_hidden()
    keys.press("ArrowUp")
    keys.press("Tab")
    expect(a.box).to_be_focused()


def test_the_header_is_one_stop_with_arrows(visitor, server, alice, bob):
    a = visitor(alice).visit()
    person = a.page.get_by_role("list", name="Online").get_by_role("button", name=bob.name)
    with present(server, bob):
        expect(person).to_be_visible()
        expect(a.page.locator(PEOPLE)).to_have_count(1)  # those of other tests have gone
        is_one_stop_with_arrows(a)


def is_one_stop_with_arrows(a) -> None:
    a.page.get_by_label("To:").focus()
    a.page.keyboard.press("Shift+Tab")
    toolbar = a.page.get_by_role("toolbar")
    expect(toolbar.locator(":focus")).to_have_count(1)
    a.page.keyboard.press("End")
    expect(a.page.get_by_role("button", name="Sign out")).to_be_focused()
    for _ in ("account", "devices", "stored messages"):
        a.page.keyboard.press("ArrowLeft")
    expect(a.page.get_by_role("button", name="Check stored messages")).to_be_focused()
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#pane-title")).to_have_text("Stored messages")


def test_who_leaves_does_not_take_the_focus_along(visitor, server, alice, bob):
    a = visitor(alice).visit()
    person = a.page.get_by_role("list", name="Online").get_by_role("button", name=bob.name)
    with present(server, bob):
        expect(person).to_be_visible()
        person.focus()
    expect(person).to_have_count(0)
    expect(a.page.get_by_role("toolbar").locator(":focus")).to_have_count(1)


def test_the_skip_link_leads_to_the_box(visitor, alice):
    a = visitor(alice).visit()
    link = a.page.get_by_role("link", name="Skip to the message box")
    link.focus()
    expect(link).to_be_in_viewport()
    a.page.keyboard.press("Enter")
    expect(a.box).to_be_focused()


def focus_is_always_seen(a) -> None:
    a.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    outlines = []
    for _ in range(6):
        a.page.keyboard.press("Tab")
        outlines.append(
            a.page.evaluate("""() => {
            const node = document.activeElement;
            const shown = node.classList.contains('row') ? node.querySelector('.bubble') : node;
            const { outlineStyle, outlineWidth } = getComputedStyle(shown);
            return [node.id || node.className, outlineStyle, outlineWidth];
        }""")
        )
    assert [each for each in outlines if each[1:] != ["solid", "2px"]] == []


def test_landmarks_names_and_focus(visitor, alice, bob):
    a = visitor(alice).visit()
    a.open(bob)
    a.write("hello")
    a.sees("hello")
    page = a.page
    for role, name in [
        ("banner", None), ("toolbar", "People online and account"),
        ("navigation", "Conversations"), ("combobox", "To:"), ("listbox", "Conversations"),
        ("main", bob.name), ("log", "Messages"), ("textbox", "Message"),
    ]:  # fmt: skip
        found = page.get_by_role(role, name=name) if name else page.get_by_role(role)
        assert found.count() == 1, (role, name)
    expect(page.get_by_role("option", selected=True)).to_contain_text(bob.name)
    nameless = page.locator(
        "button:visible, a:visible, input:visible, textarea:visible"
    ).evaluate_all(
        "all => all.filter(e => !(e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)"
    )
    assert nameless == []
    focus_is_always_seen(a)
