"""What is written while nothing works is sent, once and in order, when things work again."""

import pytest
from playwright.sync_api import expect

from tests.browser.elsewhere import heard
from tests.browser.relay import Relay
from tests.browser.visitor import Visitor

NUMBERS = [f"message {number}" for number in range(5)]


def relayed(relay: Relay) -> str:
    return f"http://127.0.0.1:{relay.port}"


@pytest.fixture
def alice_far(visitor, relay, alice) -> Visitor:
    """Alice, whose line can be cut."""
    return visitor(alice, origin=relayed(relay)).visit().fetch_log()


def test_what_is_written_offline_is_sent_on_return(visitor, relay, alice_far, alice, bob):
    b = visitor(bob).visit()
    alice_far.open(bob)
    alice_far.write("before")
    expect(alice_far.marks).to_have_text(["Received"])
    relay.cut()
    expect(alice_far.bar).to_contain_text("Connection lost")
    for text in NUMBERS:
        alice_far.write(text)
    expect(alice_far.marks.last).to_have_text("Sending")
    relay.mend()
    alice_far.wait_online()
    b.entry(alice.name).click()
    b.sees("before", *NUMBERS)
    alice_far.sees("before", *NUMBERS)
    expect(alice_far.marks.last).to_have_text("Read")
    alice_far.context.set_offline(True)  # the browser itself says so
    alice_far.write("written in a tunnel")
    alice_far.context.set_offline(False)
    for page in (alice_far, b):
        page.sees("before", *NUMBERS, "written in a tunnel")


def test_the_server_restarts_in_between_and_limits_what_it_takes(visitor, own_server):
    server = own_server(RATE_LIMIT_MESSAGES="5", RATE_LIMIT_BURST="3")
    alice, bob = server.person("alice"), server.person("bob")
    relay = Relay(lambda: server.port)
    try:
        a = visitor(alice, server=server, origin=relayed(relay)).visit()
        b = visitor(bob, server=server, origin=relayed(relay)).visit()
        a.open(bob)
        a.write("before")
        b.entry(alice.name).click()
        b.sees("before")
        server.terminate()
        for page in (a, b):
            expect(page.bar).to_contain_text("Connection lost")
        a.write("from Alice")
        a.box.fill("a draft")
        server.start()
        for page in (a, b):
            page.wait_online()
        b.sees("before", "from Alice")
        a.sees("before", "from Alice")
        expect(a.box).to_have_value("a draft")
        quick = [f"quick {number}" for number in range(8)]
        for text in quick:
            a.write(text)
        for page in (a, b):
            page.sees("before", "from Alice", *quick)
    finally:
        relay.close()


def test_a_reload_keeps_outbox_and_drafts(server, alice_far, alice, bob):
    alice_far.open(bob)
    alice_far.write("sent")
    expect(alice_far.marks).to_have_text(["Sent"])
    alice_far.page.route("**/ws/chat/", lambda route: route.abort())
    hold_connections(alice_far)
    alice_far.page.reload()
    alice_far.write("kept")
    alice_far.box.fill("half a thought")
    alice_far.page.reload()
    alice_far.sees("kept")
    expect(alice_far.marks).to_have_text(["Sending"])
    expect(alice_far.box).to_have_value("half a thought")
    assert heard(server, bob, alice) == ["sent"]
    let_connections_go(alice_far)
    alice_far.page.reload()
    alice_far.sees("sent", "kept")
    expect(alice_far.marks).to_have_text(["Sent", "Sent"])
    assert heard(server, bob, alice) == ["sent", "kept"]
    expect(alice_far.box).to_have_value("half a thought")


def hold_connections(visitor: Visitor) -> None:
    """From the next load of the page on, its WebSockets come to nothing."""
    visitor.context.add_init_script(
        "if (localStorage.held) WebSocket = function () { this.close = () => {} };"
    )
    visitor.page.evaluate("localStorage.held = 1")


def let_connections_go(visitor: Visitor) -> None:
    visitor.page.evaluate("localStorage.removeItem('held')")


def test_a_person_can_try_at_once(visitor, relay, alice):
    a = visitor(alice, origin=relayed(relay))
    a.context.add_init_script("Math.random = () => 1e6")  # the next try is days away
    a.visit()
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    relay.mend()
    a.page.get_by_role("button", name="Try now").click()
    a.wait_online()


def test_a_dead_line_is_noticed(relay, alice_far, bob):
    alice_far.open(bob)
    relay.deaden()
    alice_far.write("into the void")
    expect(alice_far.bar).to_contain_text("Connection lost")
    expect(alice_far.marks).to_have_text(["Sending"])
    relay.revive()
    alice_far.wait_online()
    expect(alice_far.marks).to_have_text(["Sent"])


def test_an_ack_that_was_lost_makes_no_second_message(server, relay, alice_far, alice, bob):
    alice_far.open(bob)
    swallow_acks(alice_far)
    alice_far.page.reload()
    alice_far.wait_online()
    alice_far.write("only once")
    alice_far.waits_until(lambda: heard(server, bob, alice) == ["only once"])
    expect(alice_far.marks.first).to_have_text("Sending")
    relay.cut()
    relay.mend()
    expect(alice_far.marks).not_to_have_text(["Sending"])
    alice_far.sees("only once")
    assert heard(server, bob, alice) == ["only once"]


def swallow_acks(visitor: Visitor) -> None:
    """The page's first WebSocket after the next load loses its acks on the way."""
    visitor.context.add_init_script("""
        const Real = WebSocket;
        let first = true;
        WebSocket = class extends Real {
          constructor(url) {
            super(url);
            this.lossy = first;
            first = false;
          }
          set onmessage(handler) {
            super.onmessage = (event) =>
              this.lossy && JSON.parse(event.data).type === "ack" ? null : handler(event);
          }
        };
    """)


def test_a_refused_message_says_why_and_can_be_deleted_or_sent_again(visitor, server, alice):
    a = visitor(alice).visit()
    a.page.get_by_label("To:").fill("nobody-of-this-name")
    a.page.keyboard.press("Enter")
    a.write("Hello?")
    row = a.page.locator("#log .row.failed")
    expect(row).to_contain_text("Not sent")
    expect(row).to_contain_text("nobody-of-this-name")
    expect(a.page.get_by_role("status")).to_contain_text("Not sent")
    a.page.reload()
    expect(row).to_contain_text("Not sent")
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    a.page.reload()
    a.wait_online()
    expect(row).to_have_count(0)
    name = f"late-{alice.name[-8:]}"
    a.page.get_by_label("To:").fill(name)
    a.page.keyboard.press("Enter")
    a.write("Welcome!")
    expect(row).to_contain_text("Not sent")
    server.database.call(lambda: create(name))
    row.get_by_role("button", name="Retry").click()
    expect(a.marks).to_have_text(["Sent"])


def create(name: str) -> None:
    from chat.models import Account

    Account.objects.create_user(name)


def test_two_tabs_share_the_outbox_and_one_sends_what_the_other_left_behind(
    visitor, tab, relay, alice_far, alice, bob
):
    b = visitor(bob).visit()
    alice_far.open(bob)
    second = tab(alice_far).visit().fetch_log()
    second.open(bob)
    relay.cut()
    for page in (alice_far, second):
        expect(page.bar).to_contain_text("Connection lost")
    alice_far.write("from the first")
    second.write("from the second")
    for page in (alice_far, second):
        page.sees("from the first", "from the second")
    relay.mend()
    for page in (alice_far, second):
        page.wait_online()
        expect(page.page.locator("#log .mark")).to_contain_text(["Received", "Received"])
        page.sees("from the first", "from the second")
    b.entry(alice.name).click()
    b.sees("from the first", "from the second")
    relay.cut()
    expect(alice_far.bar).to_contain_text("Connection lost")
    alice_far.write("left behind")
    alice_far.page.close()
    relay.mend()
    second.wait_online()
    b.sees("from the first", "from the second", "left behind")


def test_nothing_goes_out_in_another_persons_name(relay, server, alice_far, alice, bob):
    mallory = server.person("mallory")
    alice_far.open(bob)
    relay.cut()
    expect(alice_far.bar).to_contain_text("Connection lost")
    alice_far.write("from Alice")
    sign_in(alice_far, server.session(mallory))
    relay.mend()
    expect(alice_far.page.locator(".me")).to_contain_text(mallory.name)
    alice_far.wait_online()
    alice_far.open(bob)
    alice_far.write("from Mallory")
    expect(alice_far.marks).to_have_text(["Sent"])
    assert heard(server, bob, mallory) == ["from Mallory"]
    assert heard(server, bob, alice) == []
    sign_in(alice_far, server.session(alice))
    alice_far.page.reload()
    alice_far.waits_until(lambda: heard(server, bob, alice) == ["from Alice"])
    assert heard(server, bob, mallory) == ["from Mallory"]


def sign_in(visitor: Visitor, session: str) -> None:
    visitor.context.add_cookies([{"name": "sessionid", "value": session, "url": visitor.origin}])


def test_drafts_are_kept_per_conversation(visitor, alice, bob, charlie):
    a = visitor(alice).visit()
    a.open(bob)
    a.box.fill("for Bob")
    a.open(charlie)
    expect(a.box).to_have_value("")
    a.box.fill("for Charlie")
    a.entry(bob.name).click()
    expect(a.box).to_have_value("for Bob")
    expect(a.entry(charlie.name)).to_contain_text("Draft: for Charlie")
