"""A device's chart: by mouse, by keyboard, as a table, in words; and the page of all devices."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.feeds import device, has_reported, open_device, reports
from tests.browser.test_device_looks import OVERLAPS
from tests.browser.visitor import PHONE

SPAN = timedelta(minutes=5)


@pytest.fixture
def server(house):
    return house


@pytest.fixture
def cellar(house):
    """It measured 10, 11 … 15 °C, each two minutes after a span began; after 12 it was off."""
    spans = begin() + SPAN * -12 + timedelta(minutes=2)
    past = [(spans + SPAN * (each + 3 * (each > 2)), 10.0 + each) for each in range(6)]
    made = device(house, "Cellar", interval=300, lowest=9.5, highest=40)
    has_reported(house, made, past)
    return made


def begin() -> datetime:
    """Of the span of five minutes that runs."""
    return datetime.fromtimestamp(datetime.now(UTC).timestamp() // 300 * 300, UTC)


@pytest.fixture
def at_cellar(visitor, house, alice, cellar):
    def come(**options):
        a = visitor(alice, server=house, **options).visit()
        open_device(a, cellar)
        expect(a.page.locator(".chart .line")).to_have_count(2)
        return a

    return come


def test_a_chart_is_drawn_and_said_in_words_and_as_a_table(at_cellar):
    a = at_cellar()
    chart = a.page.locator(".chart [role=img]")
    words = (
        r"Readings of the last 24 hours: lowest 10 °C at \d\d:\d[27].*, "
        r"highest 15 °C at \d\d:\d[27].*, last 15 °C at \d\d:\d[27].*\."
    )
    expect(chart).to_have_attribute("aria-label", re.compile(words))
    expect(a.page.locator(".readout")).to_contain_text(
        re.compile(r"Lowest 10 \(\d\d:\d[27].*highest 15 \(\d\d:\d[27]")
    )
    has_ticks_bounds_and_gaps(a)
    can_be_read_as_a_table(a)


def has_ticks_bounds_and_gaps(a) -> None:
    labels = a.page.locator(".chart text").all_text_contents()
    assert sum(bool(re.fullmatch(r"\d+(\.\d)?", label)) for label in labels) >= 3 + 2
    assert 3 <= sum(bool(re.match(r"\d\d:\d\d", label)) for label in labels) <= 4
    assert "lowest possible 9.5 °C" in labels
    assert not [label for label in labels if "highest possible" in label]  # 40 is out of view
    expect(a.page.locator(".chart .bound")).to_have_count(1)
    expect(a.page.locator(".chart .line")).to_have_count(2)  # before and after the gap


def test_close_bounds_share_a_label(visitor, house, alice):
    tank = device(house, "Tank", interval=300, lowest=1000, highest=1001)
    has_reported(house, tank, [(begin() - SPAN * each, 1000 + each / 5) for each in (4, 3, 2, 1)])
    a = visitor(alice, server=house, viewport=PHONE).visit()
    open_device(a, tank)
    expect(a.page.locator(".chart")).to_contain_text("possible 1000 to 1001 °C")
    assert a.page.evaluate(OVERLAPS) == []


def test_arrow_keys_and_the_pointer_move_over_the_points(at_cellar):
    a = at_cellar()
    slider = a.page.get_by_role("slider", name="Readings along the chart")
    slider.focus()
    keys = a.page.keyboard

    def says(value: str) -> None:
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^\\d\\d.* · {value} °C"))
        expect(a.page.locator(".readout")).to_contain_text(f"· {value} °C")

    keys.press("ArrowLeft")
    says("15")
    keys.press("ArrowLeft")
    says("14")
    keys.press("Home")
    says("10")
    keys.press("ArrowRight")
    says("11")
    expect(slider).to_have_attribute("aria-valuenow", "2")
    keys.press("End")
    says("15")
    keys.press("Escape")
    expect(a.page.locator(".readout")).to_contain_text("Lowest 10")
    expect(slider).to_be_focused()
    assert slider.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    pointer_shows_the_nearest_point(a)


def pointer_shows_the_nearest_point(a) -> None:
    layer = a.page.locator(".explore")
    layer.hover(position={"x": 50, "y": 30})
    expect(a.page.locator(".readout")).to_contain_text("· 10 °C")
    layer.hover(position={"x": layer.bounding_box()["width"] - 10, "y": 30})
    expect(a.page.locator(".readout")).to_contain_text("· 15 °C")
    expect(a.page.locator(".cursor circle")).to_have_count(1)
    a.box.hover()
    expect(a.page.locator(".cursor circle")).to_have_count(0)


def can_be_read_as_a_table(a) -> None:
    show = a.page.get_by_role("button", name="Show as table")
    show.click()
    rows = a.page.get_by_role("region", name="Table").get_by_role("row")
    expect(rows).to_have_count(1 + 6)
    expect(rows.nth(1).get_by_role("cell")).to_have_text(["15", "15", "15"])
    expect(a.page.locator(".chart")).to_be_hidden()
    show.click()
    expect(a.page.locator(".chart")).to_be_visible()


def test_ranges_are_chosen_and_remembered(at_cellar, house, cellar):
    a = at_cellar()
    with a.page.expect_request("**/readings?range=1h"):
        a.page.get_by_role("button", name="1 h", exact=True).click()
    pressed = a.page.locator("[aria-label=Chart] [aria-pressed=true]")
    expect(pressed).to_have_text("1 h")
    with a.page.expect_request("**/readings?range=1h"):
        a.page.reload()
    expect(pressed).to_have_text("1 h")


def test_a_reading_comes_to_who_is_not_subscribed(at_cellar, house, cellar):
    a = at_cellar()
    slider = a.page.get_by_role("slider")
    slider.focus()
    a.page.keyboard.press("Home")
    reports(house, cellar, 17.5)
    expect(a.page.locator(".face-value")).to_have_text("17.5 °C")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("· 10 °C"))
    expect(a.page.locator(".chart .extreme")).to_have_text(["17.5", "10"])
    expect(a.page.locator(".face-about")).to_contain_text("Reporting")


def test_where_nothing_was_measured_it_says_so(visitor, house, alice):
    empty = device(house, "Empty")
    a = visitor(alice, server=house).visit()
    open_device(a, empty)
    expect(a.page.locator(".face")).to_have_text("– No reading yet")
    chart = a.page.get_by_role("img", name="No readings in the last 24 hours.")
    expect(chart).to_be_visible()
    a.page.get_by_role("slider").focus()
    a.page.keyboard.press("ArrowLeft")
    expect(a.page.locator(".readout")).to_have_text("No readings")


# ---- all devices ---------------------------------------------------------------------------------


def card(a, title: str):
    return a.page.get_by_role("listitem").filter(has_text=title)


def test_the_dashboard_shows_what_one_may_see_and_leads_there(visitor, house, alice, bob, cellar):
    secret = device(house, f"Secret of {bob.name}")
    house.database.call(lambda: show_to(secret, bob))
    a = visitor(alice, server=house).visit()
    a.page.get_by_role("link", name="Devices").click()
    expect(card(a, "Thermometer 1")).to_have_count(1)
    expect(card(a, secret.name)).to_have_count(0)
    expect(card(a, bob.name)).to_have_count(0)
    b = visitor(bob, server=house)
    b.page.goto(f"{house.origin}/devices/")
    expect(card(b, f"Secret of {bob.name}")).to_contain_text("No reading yet")
    leads_to_the_chat(a)


def leads_to_the_chat(a) -> None:
    card(a, "Thermometer 1").get_by_role("link").click()
    expect(a.page.locator("#pane-title")).to_have_text("Thermometer 1")
    a.page.get_by_role("button", name="Subscribe").click()
    expect(a.page.get_by_role("button", name="Unsubscribe")).to_be_visible()
    a.page.get_by_role("link", name="Devices").click()
    expect(card(a, "Thermometer 1").get_by_role("link")).to_contain_text("Subscribed")
    a.page.get_by_role("link", name="Back to the chat").click()
    a.wait_online()


def show_to(who, person) -> None:
    from chat.models import Account
    from devices import registration
    from devices.models import Device

    registration.show_to(Device.objects.get(pk=who.name), Account.objects.filter(pk=person.name))


def test_the_dashboard_is_kept_up(visitor, house, alice):
    porch = device(house, "Porch", interval=60)
    reports(house, porch, 1.5)
    a = visitor(alice, server=house)
    a.page.clock.install()
    a.page.goto(f"{house.origin}/devices/")
    shown = card(a, "Porch")
    expect(shown).to_contain_text("1.5 °C")
    reports(house, porch, 2.5)
    expect(shown).to_contain_text("2.5 °C")
    expect(shown).to_contain_text("Last 24 hours: 1.5 to 2.5 °C")
    expect(shown.locator(".spark .line")).to_have_count(1)
    expect(shown.locator(".dot.online")).to_have_count(1)
    a.context.set_offline(True)  # nobody tells it any more
    a.page.clock.fast_forward(120_000)
    expect(shown).to_contain_text("Overdue")
    expect(shown.locator(".dot.online")).to_have_count(0)


@pytest.fixture
def emptied(house):
    """The house, while none of its devices is switched on."""
    house.database.call(lambda: enable_all(False))
    yield house
    house.database.call(lambda: enable_all(True))


def test_without_any_device_the_dashboard_says_so(visitor, emptied, alice):
    a = visitor(alice, server=emptied)
    a.page.goto(f"{emptied.origin}/devices/")
    expect(a.page.locator("#said")).to_have_text("There are no devices that you may see.")


def enable_all(enabled: bool) -> None:
    from devices.models import Device

    Device.objects.update(enabled=enabled)


def test_who_signs_out_and_strangers_are_sent_to_the_door(visitor, tab, house, alice):
    a = visitor(alice, server=house).visit()
    second = tab(a)
    second.page.goto(f"{house.origin}/devices/")
    expect(card(second, "Thermometer 1")).to_have_count(1)
    a.page.get_by_role("button", name="Sign out").click()
    second.page.wait_for_url(re.compile("/join/"))
    second.page.goto(f"{house.origin}/devices/")
    assert "/join/" in second.page.url
