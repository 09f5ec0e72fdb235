"""What was said before: loaded on looking for it, without anything moving."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.elsewhere import says
from tests.browser.stock import chatter, stock

FIRST_ROW = """
    () => {
      const log = document.querySelector('#log');
      const top = log.getBoundingClientRect().top;
      const row = [...log.querySelectorAll('.row')].find(
        (each) => each.getBoundingClientRect().bottom > top + 1);
      const body = row.querySelector('.body').textContent;
      return { body, top: row.querySelector('.body').getBoundingClientRect().top };
    }
"""
TOP_OF = """
    (text) => [...document.querySelectorAll('#log .body')]
      .find((body) => body.textContent === text).getBoundingClientRect().top
"""
MOST = 2  # px


def test_history_is_inserted_without_a_jump(visitor, server, alice, bob):
    stock(server, alice, bob, chatter(alice, bob, 300))
    a = visitor(alice).visit()
    a.entry(bob.name).click()
    log = a.page.locator("#log")
    expect(a.bodies.last).to_contain_text("line 299")
    shifts = []
    while (before := a.bodies.count()) < 300:
        hold_answers(a)
        log.evaluate("log => { log.scrollTop = 0; }")
        seen = a.page.evaluate(FIRST_ROW)
        release_answers(a)
        expect(a.bodies).not_to_have_count(before)
        shifts.append(abs(a.page.evaluate(TOP_OF, seen["body"]) - seen["top"]))
    assert len(shifts) >= 4
    assert max(shifts) <= MOST
    first = "line 0 "
    expect(a.bodies.first).to_contain_text(first)
    numbers = [int(text.split()[1]) for text in a.bodies.all_text_contents()]
    assert numbers == list(range(300))


def hold_answers(visitor) -> None:
    """Keep `history` answers back, so that the place can be measured before they come."""
    visitor.page.evaluate("""() => {
        const take = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
        window.held ??= (() => {
          const send = WebSocket.prototype.send;
          const state = { on: false, frames: [] };
          WebSocket.prototype.send = function (text) {
            if (state.on && JSON.parse(text).type === 'history') state.frames.push([this, text]);
            else send.call(this, text);
          };
          state.release = () => {
            state.on = false;
            for (const [socket, text] of state.frames.splice(0)) send.call(socket, text);
          };
          return state;
        })();
        window.held.on = true;
    }""")


def release_answers(visitor) -> None:
    visitor.page.evaluate("window.held.release()")


def test_a_new_message_does_not_move_what_is_being_read(visitor, server, alice, bob):
    stock(server, alice, bob, chatter(alice, bob, 60))
    a = visitor(alice).visit()
    a.entry(bob.name).click()
    expect(a.bodies.last).to_contain_text("line 59")
    expect(a.bodies).not_to_have_count(1)  # the last is there before the others are
    a.page.locator("#log").hover()
    a.page.mouse.wheel(0, -1500)
    jump = a.page.locator("#jump")
    expect(jump).to_be_visible()
    expect(a.bodies).to_have_count(60)
    seen = a.page.evaluate(FIRST_ROW)
    says(server, bob, alice, "news")
    expect(jump).to_have_text("1 new")
    assert abs(a.page.evaluate(TOP_OF, seen["body"]) - seen["top"]) <= MOST
    jump.click()
    expect(jump).to_be_hidden()
    expect(a.bodies.last).to_have_text("news")
    expect(a.bodies.last).to_be_in_viewport()
    expect(a.entry(bob.name).locator(".badge")).to_be_hidden()


def test_inserted_history_is_not_announced(visitor, server, alice, bob):
    stock(server, alice, bob, chatter(alice, bob, 120))
    a = visitor(alice).visit()
    a.page.evaluate("""() => {
        window.inserted = [];
        const log = document.querySelector('#log');
        new MutationObserver((changes) => {
          for (const change of changes) for (const row of change.addedNodes)
            window.inserted.push([row.textContent, log.getAttribute('aria-live')]);
        }).observe(log, { childList: true });
    }""")
    a.entry(bob.name).click()
    expect(a.bodies.last).to_contain_text("line 119")
    while (before := a.bodies.count()) < 120:
        a.page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
        expect(a.bodies).not_to_have_count(before)
    log = a.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    says(server, bob, alice, "news")
    expect(a.bodies.last).to_have_text("news")
    inserted = a.page.evaluate("window.inserted")
    assert {live for text, live in inserted if "line" in text} == {"off"}
    assert [live for text, live in inserted if "news" in text] == ["polite"]


def test_opening_goes_to_the_first_unread_message(visitor, server, alice, bob):
    stock(server, alice, bob, [(bob, f"line {number}") for number in range(90)], read=False)
    a = visitor(alice).visit()
    expect(a.entry(bob.name).locator(".badge")).to_contain_text("90")
    a.entry(bob.name).click()
    expect(a.page.locator(".unread-line")).to_be_in_viewport()
    expect(a.bodies.first).to_be_in_viewport()
    expect(a.page.locator("#jump")).to_contain_text("new")


def test_messages_are_grouped_and_days_named(visitor, server, alice, bob):
    now = datetime.now(UTC).replace(hour=12, minute=0)
    begin = now - timedelta(days=1)
    stock(server, alice, bob, [(bob, "one"), (bob, "two")], begin=begin)
    a = visitor(alice, timezone_id="UTC").visit()
    a.entry(bob.name).click()
    a.sees("one", "two")
    a.write("three")
    a.sees("one", "two", "three")
    assert a.page.locator("#log .day").all_inner_texts() == ["Yesterday", "Today"]
    heads = a.page.locator("#log .row").evaluate_all(
        "rows => rows.map(row => row.classList.contains('head'))"
    )
    assert heads == [True, False, True]
    tops = a.page.locator("#log .bubble").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"
    )
    assert round(tops[1][0] - tops[0][1]) == 2


def test_a_far_day_is_named_in_full(visitor, server, alice, bob):
    stock(server, alice, bob, [(bob, "long ago")], begin=datetime(2020, 11, 22, 12, tzinfo=UTC))
    a = visitor(alice, timezone_id="UTC").visit()
    a.entry(bob.name).click()
    expect(a.page.locator("#log .day")).to_have_text("Sunday 22 November 2020")


def test_reconnecting_fills_what_was_missed(visitor, relay, server, alice, bob):
    stock(server, alice, bob, chatter(alice, bob, 20))
    a = visitor(alice, origin=f"http://127.0.0.1:{relay.port}").visit()
    a.entry(bob.name).click()
    expect(a.bodies).to_have_count(20)
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    missed = [f"missed {number}" for number in range(5)]
    says(server, bob, alice, *missed)
    relay.mend()
    a.wait_online()
    expect(a.bodies).to_have_count(25)
    assert a.bodies.all_text_contents()[20:] == missed
