"""Rooms at the page: finding, making, talking, calling somebody, governing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from chat.rooms.mentions import called
from tests.browser.elsewhere import elsewhere, present
from tests.browser.test_limits import too_weak
from tests.browser.visitor import PHONE, Visitor
from tests.browser.wire import Wire
from tests.chat import rooming
from tests.client import Client
from tests.server import Person


@pytest.fixture
def room(server, alice) -> Callable[..., str]:
    """`room(bob, …, private=True)`: the name of a new room of Alice's, in which these are."""

    def make(*guests: Person, **fields: object) -> str:
        async def made(client: Client) -> str:
            return await rooming.made(client, *guests, **fields)

        return elsewhere(server, alice, made).removeprefix("room:")

    return make


def does(server, person: Person, kind: str, **fields: object) -> None:
    """`person` does something about a room, on another machine."""

    async def act(client: Client) -> None:
        await rooming.done(client, kind, **fields)

    elsewhere(server, person, act)


def enter(visitor: Visitor, room: str) -> Visitor:
    visitor.visit(f"/#room:{room}")
    expect(visitor.page.get_by_role("toolbar", name="Room")).to_be_visible()
    return visitor


def barrier(visitor: Visitor) -> Locator:
    return visitor.page.locator(".barrier")


def member(visitor: Visitor, person: Person) -> Locator:
    return visitor.page.locator(".member").filter(has_text=person.name)


def show_members(visitor: Visitor) -> Locator:
    visitor.page.get_by_role("button", name="member").first.click()
    panel = visitor.page.get_by_role("dialog", name="Members")
    expect(panel.locator(".member")).not_to_have_count(0)
    return panel


def choose(visitor: Visitor, *words: str) -> None:
    """From the room's menu; what it asks back is answered with the last of the words."""
    visitor.page.get_by_role("button", name="Actions for this room").click()
    visitor.page.get_by_role("menuitem", name=words[0]).click()
    if len(words) > 1:
        visitor.page.locator("dialog.confirm").get_by_role("button", name=words[1]).click()


def test_a_room_is_made_found_joined_and_talked_in(visitor, alice, bob):
    a, b = visitor(alice).visit(), visitor(bob).visit()
    name = rooming.new_name()
    a.page.get_by_role("button", name="Rooms").first.click()
    a.page.get_by_role("button", name="Make a room").click()
    a.page.get_by_label("Name").fill(f"#{name}")
    a.page.get_by_label("Title").fill(f"The {name}")
    a.page.get_by_role("button", name="Make the room").click()
    expect(a.page.locator("#pane-title")).to_have_text(f"The {name}")
    expect(a.box).to_be_focused()
    expect(a.page.locator("#log .notice")).to_contain_text("made the room")
    a.write("bob: is just text here")
    a.sees("bob: is just text here")
    b.page.get_by_role("button", name="Rooms").first.click()
    b.page.get_by_role("searchbox").fill(name)
    b.page.get_by_role("button", name=f"Join The {name}").click()
    b.sees("bob: is just text here")
    expect(b.page.locator("#log .name")).to_have_text(alice.name)
    b.write("Hello")
    a.sees("bob: is just text here", "Hello")
    expect(a.entry(f"The {name}")).to_contain_text(f"{bob.name}: Hello")
    expect(a.page.get_by_role("button", name="2 members")).to_be_visible()


def test_what_cannot_be_a_rooms_name_is_said_in_the_form(visitor, alice, room):
    a = visitor(alice).visit()
    taken = room()
    a.page.get_by_role("button", name="Rooms").first.click()
    a.page.get_by_role("button", name="Make a room").click()
    a.page.get_by_label("Title").fill("Another")
    for name, why in [("no such name!", "“room” must be a name"), (taken, "There is a room")]:
        a.page.get_by_label("Name").fill(name)
        a.page.keyboard.press("Enter")
        expect(a.page.get_by_role("alert")).to_contain_text(why)
    a.page.keyboard.press("Escape")
    a.page.keyboard.press("Escape")
    expect(a.page.get_by_role("button", name="Rooms").first).to_be_focused()


def test_the_list_tells_rooms_calls_and_mutes_apart(visitor, server, alice, bob, room):
    shown, hidden = room(bob), room(bob, private=True)
    b = visitor(bob).visit()
    expect(b.entry(shown)).to_contain_text("Room")
    expect(b.entry(hidden)).to_contain_text("Private room")

    def say(name: str, text: str) -> None:
        elsewhere(server, alice, lambda client: client.send_text(f"#{name}", text))

    say(shown, "Hello all")
    badge, other = (b.entry(name).locator(".badge") for name in (shown, hidden))
    expect(badge).to_have_text("2 unread")  # he was added, which is news, too
    say(shown, f"and @{bob.name}.")
    expect(badge).to_have_text("@ 3 unread, you are mentioned")
    expect(b.page).to_have_title("(4) P2P Chat")
    b.page.reload()
    expect(badge).to_have_text("@ 3 unread, you are mentioned")
    does(server, bob, "mute", room=shown)
    expect(badge).to_have_class("badge quiet")
    expect(b.page).to_have_title("(1) P2P Chat")
    say(hidden, f"not @{bob.name}-2, nor me@{bob.name}")
    expect(other).to_have_text("2 unread")
    expect(b.page).to_have_title("(2) P2P Chat")
    b.page.goto("about:blank")
    say(hidden, "Are you away?")
    b.visit("/#stored")
    expect(b.page.locator("#log .by .label").last).to_have_text(f"in {hidden}")


def test_the_page_counts_the_calls_that_the_server_counts(visitor, alice):
    texts = [
        "@al.ice", "Hi @Al.Ice!", "@al.ice.", "@al.ice: x", "(@al.ice)", "@al.ice-", "@al.ice_x",
        "@al.icex", "@al.ice-x", "@al.ice.x", "@alxice", "x@al.ice", "é@al.ice", ".@al.ice",
        "@@al.ice", "-@al.ice", "@al.iceé", "@al.ice’s", "@al.ice@bob", "@bob, @al.ice?", "al.ice",
    ]  # fmt: skip
    heard = (
        visitor(alice)
        .visit()
        .page.evaluate(
            """async (texts) => {
            const { calling } = await import("/static/js/lib/names.js");
            return texts.filter((text) => calling("al.ice").test(text));
        }""",
            texts,
        )
    )
    assert heard == [text for text in texts if "al.ice" in called(text)]
    assert len(heard) > 5


def test_a_room_by_its_name_in_to_and_in_a_text(visitor, server, alice, bob, charlie, room):
    name, hidden = room(), room(private=True)
    b = visitor(bob).visit()
    b.page.get_by_label("To:").fill(f"#{name}")
    b.page.keyboard.press("Enter")
    expect(barrier(b)).to_contain_text("1 member")
    expect(b.box).to_be_hidden()
    b.page.go_back()
    expect(b.page.locator("#welcome")).to_be_visible()
    does(server, charlie, "join", room=name)
    b.page.go_forward()
    expect(barrier(b)).to_contain_text("2 members")
    b.page.get_by_role("button", name="Join", exact=True).click()
    expect(b.box).to_be_focused()
    b.write(f"see #{name}, not #{hidden}")
    link = b.page.locator("#log a")
    expect(link).to_have_text([f"#{name}"])
    b.page.goto(f"{b.origin}/#room:{hidden}")
    expect(barrier(b)).to_contain_text("There is no room")
    b.page.go_back()
    link.click()
    expect(b.page.locator("#pane-title")).to_have_text(name)


def test_a_message_of_a_thousand_names_asks_for_few_and_late(visitor, server, alice, bob, room):
    name = room()
    words = " ".join([f"#{name}", *(f"#x{number}" for number in range(1000))])
    elsewhere(server, alice, lambda client: client.send_text(bob.name, words))
    b = visitor(bob)
    wire = Wire(b)
    b.visit()
    b.entry(alice.name).click()
    expect(b.page.locator("#log [data-room]")).to_have_count(1001)
    assert wire.of("rooms") == []
    b.page.locator("#log .row").focus()
    expect(b.page.locator("#log .body a")).to_have_text([f"#{name}"])
    b.waits_until(lambda: len(wire.of("rooms")) == 20)
    b.page.keyboard.press("Tab")
    expect(b.page.locator("#log .body a")).to_be_focused()
    assert len(wire.of("rooms")) == 20


def test_at_completes_members_and_marks_who_is_meant(visitor, server, alice, bob, charlie, room):
    name = room(bob)
    a, b = enter(visitor(alice), name), enter(visitor(bob), name)
    expect(a.page.get_by_role("button", name="2 members")).to_be_visible()
    a.box.press_sequentially("Hi @b")
    options = a.page.get_by_role("listbox", name="Members").get_by_role("option")
    expect(options).to_have_count(1)
    combobox = a.page.get_by_role("combobox", name="Message")
    expect(combobox).to_have_attribute("aria-activedescendant", str(options.get_attribute("id")))
    a.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(a.page.get_by_role("textbox", name="Message")).to_be_focused()
    a.page.keyboard.type("ob")
    a.page.keyboard.press("ArrowDown")
    a.page.keyboard.press("Enter")
    expect(a.box).to_have_value(f"Hi @{bob.name} ")
    a.page.keyboard.type(f"and @{charlie.name}")
    a.page.keyboard.press("Enter")
    b.sees(f"Hi @{bob.name} and @{charlie.name}")
    expect(b.page.locator(".mention.me")).to_have_text([f"@{bob.name}"])
    expect(a.page.locator(".mention.known")).to_have_text([f"@{bob.name}"])
    expect(b.page.locator(".row.calls")).to_have_count(1)
    expect(a.marks).to_have_text("Sent")
    a.box.press("ArrowUp")
    a.page.get_by_label("Edit the message").fill("Hi all")
    a.page.keyboard.press("Enter")
    b.sees("Hi all")
    expect(b.page.locator(".row.calls")).to_have_count(0)


def test_members_come_and_go_before_ones_eyes(visitor, server, alice, bob, charlie, room):
    name = room(bob)
    a = enter(visitor(alice), name)
    show_members(a)
    expect(member(a, alice)).to_contain_text("Owner")
    expect(member(a, bob).locator(".dot")).to_have_text("offline")
    with present(server, bob):
        expect(member(a, bob).locator(".dot")).to_have_text("online")
    c = visitor(charlie).visit()
    online = a.page.get_by_role("list", name="Online")
    expect(online.get_by_text(charlie.name)).to_be_attached()
    a.page.get_by_role("dialog", name="Members").get_by_role(
        "button", name="Invite somebody"
    ).click()
    a.page.get_by_label("Name").fill(charlie.name[:-1])
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_label("Name")).to_have_value(charlie.name)
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_text(f"{charlie.name} is in it now.")).to_be_visible()
    a.page.keyboard.press("Escape")
    expect(member(a, charlie)).to_be_visible()
    expect(c.entry(name)).to_be_visible()
    expect(a.page.locator("#log .notice").last).to_contain_text(f"added {charlie.name}")


def test_an_owner_governs(visitor, tab, server, alice, bob, charlie, room):
    name = room(bob, charlie)
    a, b, c = enter(visitor(alice), name), enter(visitor(bob), name), enter(visitor(charlie), name)
    second = enter(tab(b), name)
    choose(a, "Rename …")
    a.page.get_by_label("Title").fill(f"New {name}")
    a.page.keyboard.press("Enter")
    for page in (a, b, second):
        expect(page.page.locator("#pane-title")).to_have_text(f"New {name}")
    show_members(a)
    act(a, charlie, "Make moderator")
    expect(member(a, charlie)).to_contain_text("Moderator")
    act(a, bob, "Remove …", "Remove")
    expect(member(a, bob)).to_have_count(0)
    for page in (b, second):
        expect(barrier(page)).to_contain_text("You are no longer in")
        expect(page.page.locator("#log .notice").first).to_contain_text("made the room")
    b.page.get_by_role("button", name="Join again").click()
    expect(b.bar).to_contain_text("You were removed")
    act(a, charlie, "Hand the room over …", "Hand over")
    expect(member(a, charlie)).to_contain_text("Owner")
    c.waits_until(lambda: c.page.evaluate(ROLE, f"room:{name}") == "owner")
    choose(c, "Close the room …", "Close the room")
    expect(barrier(a)).to_contain_text("closed")
    expect(a.box).to_be_hidden()
    c.page.get_by_role("button", name="Open it again").click()
    expect(a.box).to_be_visible()
    expect(c.box).to_be_visible()


ROLE = """async (id) => {
    const { state } = await import('/static/js/store.js');
    return state.conversations.get(id).room.role;
}"""


def act(visitor: Visitor, person: Person, *words: str) -> None:
    """From the menu of a member, as `choose` does from the room's."""
    member(visitor, person).get_by_role("button", name="Actions for").click()
    visitor.page.get_by_role("menuitem", name=words[0]).click()
    if len(words) > 1:
        visitor.page.locator("dialog.confirm").get_by_role("button", name=words[1]).click()


def test_one_leaves_and_mutes(visitor, server, alice, bob, room):
    name = room(bob)
    b = enter(visitor(bob), name)
    choose(b, "Mute")
    expect(b.page.locator("#pane-about")).to_contain_text("muted")
    choose(b, "Unmute")
    expect(b.page.locator("#pane-about")).not_to_contain_text("muted")
    choose(b, "Leave …", "Leave")
    expect(b.page.locator("#welcome")).to_be_visible()
    expect(b.entry(name)).to_have_count(0)


def test_several_people_are_typing(visitor, alice, bob, charlie, room):
    name = room(bob, charlie)
    a = visitor(alice)
    wire = Wire(a)
    enter(a, name)
    typing = a.page.locator("#typing")
    for people, words in [
        ((bob,), f"{bob.name} is typing…"),
        ((bob, charlie), f"{bob.name} and {charlie.name} are typing…"),
        ((bob, charlie, alice), "Several people are typing…"),
    ]:
        for person in people:  # who is told of lasts five seconds
            wire.tell(type="typing", conversation=f"room:{name}", user=person.name)
        expect(typing).to_have_text(words)


def test_fingers_and_keys_reach_everything(visitor, alice, bob, room):
    name = room(bob)
    a = enter(visitor(alice, viewport=PHONE, has_touch=True), name)
    button = a.page.get_by_role("button", name="2 members")
    button.focus()
    a.page.keyboard.press("Enter")
    panel = a.page.get_by_role("dialog", name="Members")
    expect(panel.locator(".member")).to_have_count(2)
    assert small(panel) == []
    a.page.keyboard.press("Escape")
    expect(button).to_be_focused()
    a.page.keyboard.press("ArrowRight")
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_role("menuitem", name="Invite")).to_be_focused()
    a.page.keyboard.press("Escape")
    expect(a.page.get_by_role("button", name="Actions for this room")).to_be_focused()
    a.box.fill("@b")
    option = a.page.get_by_role("option", name=bob.name)
    assert small(a.page.locator(".suggestions")) == []
    option.tap()
    expect(a.box).to_have_value(f"@{bob.name} ")


def test_every_text_of_rooms_has_contrast(visitor, server, alice, bob, room):
    name = room(bob)
    said = f"@{alice.name} and @{bob.name}: see #{name}"
    elsewhere(server, bob, lambda client: client.send_text(f"#{name}", said))
    a = enter(visitor(alice), name)
    show_members(a)
    a.box.fill("@b")
    expect(a.page.get_by_role("listbox", name="Members")).to_be_visible()
    expect(a.page.locator("#log a")).to_have_text(f"#{name}")
    expect(a.page.locator(".mention.known")).to_have_count(2)
    weak = too_weak(a.page)
    a.page.get_by_role("button", name="Rooms").click()
    expect(a.page.locator(".room")).not_to_have_count(0)
    weak += too_weak(a.page)
    a.page.get_by_role("button", name="Make a room").click()
    a.page.get_by_label("Name").fill(name)
    a.page.get_by_label("Title").fill("Another")
    a.page.keyboard.press("Enter")
    expect(a.page.get_by_role("alert")).to_contain_text("There is a room")
    assert weak + too_weak(a.page) == []


def small(place: Locator) -> list:
    """What is too small for a finger: [words, width, height]."""
    return place.locator("button:visible, [role=option]:visible").evaluate_all(
        """all => all.map(e => [e.textContent, e.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 44 || height < 44)
            .map(([words, { width, height }]) => [words, width, height])"""
    )
