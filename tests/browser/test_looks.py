"""What the page looks like: nothing overflows, fingers find their targets; pictures to look at.

The pictures go to screenshots/, which git ignores.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.stock import stock
from tests.browser.visitor import DESKTOP, PHONE
from tests.server import Person

FOLDER = Path(__file__).resolve().parent.parent.parent / "screenshots"
LEAST_TARGET = 44  # px
SIZES = {"1280x800": DESKTOP, "390x844": PHONE}


@pytest.fixture
def people(own_server):
    """A server with a believable evening: Alice's page has something of everything."""
    server = own_server()
    alice, bob = server.person("alice", title="Alice"), server.person("bob", title="Bob")
    carol = server.person("carol", title="Carol Ångström")
    dan = server.person("dan", title="Dan")
    now = datetime.now(UTC)
    evening = (now - timedelta(days=1)).replace(hour=18, minute=2)
    stock(server, alice, bob, talk(alice, bob), begin=evening, apart=timedelta(minutes=2))
    stock(server, alice, carol, [(carol, "The keys are under the mat."), (alice, "Thank you!")],
          begin=now - timedelta(days=3))  # fmt: skip
    stock(server, alice, dan, [(dan, "What a match!"), (dan, "Call me when you are back.")],
          read=False, begin=now - timedelta(minutes=50))  # fmt: skip
    return server, alice, bob


def talk(alice: Person, bob: Person):
    return [
        (bob, "Hi Alice! Are we still on for the lake on Saturday?"),
        (alice, "Yes! I looked at the trains:"),
        (alice, "https://trains.example/timetable?from=home&to=lake(north)"),
        (bob, "The 8:40 gets us there before the crowd."),
        (bob, "I can bring bread, cheese and the good coffee.\nYou bring the boat?"),
        (alice, "Deal. The boat, two paddles and the patch kit. Last time we needed all three, "
                "and I would rather not row with a frying pan again."),
        (bob, "😄"),
    ]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
def test_it_can_be_looked_at(visitor, people, size):
    server, alice, bob = people
    phone = size == "390x844"
    options = {"server": server, "locale": "en-GB", "timezone_id": "UTC"}
    a = visitor(alice, viewport=SIZES[size], has_touch=phone, **options).visit()
    b = visitor(bob, **options).visit()

    def shoot(what: str) -> None:
        picture(a.page, what, size)
        fits(a.page)

    expect(a.entries).to_have_count(3)
    shoot("list")
    assert not phone or too_small(a.page) == []
    a.entry("Bob").click()
    expect(a.bodies).to_have_count(7)
    assert not phone or too_small(a.page) == []
    a.write("8:40 it is. See you at the station!")
    b.entry("Alice").click()
    expect(a.marks.last).to_have_text("Read")
    b.write("See you there")
    expect(a.bodies).to_have_count(9)
    b.box.press_sequentially("and")
    expect(a.page.locator("#typing")).to_contain_text("typing")
    shoot("chat")
    a.page.goto(f"{a.origin}/#stored")
    expect(a.bodies).to_have_count(2)
    shoot("stored")
    a.page.goto(f"{a.origin}/#dm:{':'.join(sorted([alice.name, bob.name]))}")
    a.box.fill("carol: where are the keys?")
    server.terminate()
    expect(a.bar).to_contain_text("Connection lost")
    shoot("lost")


def picture(page, what: str, size: str, **options) -> None:
    """One in either theme."""
    FOLDER.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=FOLDER / f"{what}-{size}-{theme}.png", **options)


def fits(page) -> None:
    """Nothing sticks out at the sides."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    out = page.locator("body *:visible").evaluate_all("""all => all
        .filter(e => !e.closest('.here-list, .visually-hidden, svg'))
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 80))""")
    assert out == []


def too_small(page) -> list:
    """What fingers would not find: the control itself, or what it lays over itself to be hit."""
    controls = (
        "button:visible, input:visible, textarea:visible, .tool:visible, [role=option]:visible"
    )
    return page.locator(controls).evaluate_all(
        """(all, least) => all
            .map(e => [e.id || e.className, e.getBoundingClientRect(),
                getComputedStyle(e, "::after")])
            .map(([name, own, over]) => [name,
                Math.max(own.width, parseFloat(over.width) || 0),
                Math.max(own.height, parseFloat(over.height) || 0)])
            .filter(([, width, height]) => width < least || height < least)""",
        LEAST_TARGET,
    )


def test_a_phone_shows_the_list_or_the_chat(visitor, server, relay, alice):
    bob = server.person("bob", title="Bob")
    stock(server, alice, bob, talk(alice, bob))
    origin = f"http://127.0.0.1:{relay.port}"
    a = visitor(alice, origin=origin, viewport=PHONE, has_touch=True).visit()
    expect(a.page.locator("#list")).to_be_visible()
    expect(a.box).to_be_hidden()
    a.entry("Bob").tap()
    expect(a.box).to_be_visible()
    expect(a.page.locator("#list")).to_be_hidden()
    a.page.get_by_role("button", name="Back to the conversations").tap()
    expect(a.page.locator("#list")).to_be_visible()
    a.entry("Bob").tap()
    expect(a.box).to_be_visible()
    a.page.go_back()
    expect(a.page.locator("#list")).to_be_visible()
    expect(a.box).to_be_hidden()
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    expect(a.bar).to_be_in_viewport()
