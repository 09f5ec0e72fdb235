"""What devices look like: nothing overflows, fingers find their targets; pictures to look at.

The pictures go to screenshots/, which git ignores.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.feeds import THERMOMETER, course, device, has_reported, has_subscribed
from tests.browser.stock import stock
from tests.browser.test_limits import CONTRASTS, LEAST_CONTRAST
from tests.browser.test_looks import FOLDER, SIZES, fits, too_small

NOW = datetime.now(UTC).replace(microsecond=0)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
def house(module_server):
    """A house with a thermometer, which had a power cut, a meter and a device that is overdue."""
    server = module_server(THERMOMETER_INTERVAL="100")
    every = timedelta(seconds=100)
    past = course(NOW - 5 * DAY, NOW - every, every, 21.5, 3)
    cut = (NOW - timedelta(hours=9), NOW - timedelta(hours=7, minutes=20))
    has_reported(server, THERMOMETER, [each for each in past if not cut[0] < each[0] < cut[1]])
    cellar = device(server, "Cellar", kind="thermometer", interval=600, lowest=8, highest=16)
    has_reported(server, cellar, course(NOW - DAY, NOW - 40 * MINUTE, 10 * MINUTE, 12, 3.9))
    meter = device(server, "Water pressure", kind="meter", unit="hPa", interval=60)
    has_reported(server, meter, course(NOW - DAY, NOW, MINUTE, 2013, 40))
    device(server, "Greenhouse", kind="thermometer")
    return server


@pytest.fixture
def alice(house):
    """She talks with the thermometer in the morning and in the afternoon."""
    alice = house.person("alice", title="Alice")
    talk = [
        (alice, "subscribe"),
        (THERMOMETER, "You get the readings of Thermometer 1 from now on, one each 100 s.\n"
                      "It measures from -10 to 40 °C; the last reading was 22.1 °C."),
        (alice, "range"),
        (THERMOMETER, "Last 24 hours: from 18.3 to 24.7 °C, 21.4 °C on average.\n"
                      "All time: from 17.9 to 25.2 °C, 21.5 °C on average."),
        (alice, "alert above 30"),
        (THERMOMETER, "You will be told when Thermometer 1 goes above 30 °C."),
    ]  # fmt: skip
    stock(house, alice, THERMOMETER, talk, begin=NOW - timedelta(hours=2), apart=8 * MINUTE)
    has_subscribed(house, alice, THERMOMETER)
    house.database.call(lambda: warn(alice))
    return alice


def warn(alice) -> None:
    """The last message becomes an alert."""
    from chat.models import Message

    last = Message.objects.filter(conversation=f"dm:{alice.name}:thermometer1").order_by("-seq")[0]
    Message.objects.filter(pk=last.pk).update(
        kind="alert", body="Thermometer 1 is at 30.2 °C, above your 30 °C."
    )


def come(visitor, house, alice, size, theme="light"):
    phone = size.startswith("390")
    return visitor(
        alice, server=house, viewport=SIZES[size], color_scheme=theme, has_touch=phone,
        locale="en-GB", timezone_id="Europe/Berlin",
    )  # fmt: skip


def has_contrast(page) -> None:
    found = page.evaluate(CONTRASTS)
    assert len(found) > 15
    assert [each for each in found if each["contrast"] < LEAST_CONTRAST] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_device_can_be_looked_at(visitor, house, alice, size, theme):
    FOLDER.mkdir(exist_ok=True)
    a = come(visitor, house, alice, size, theme).visit()
    expect(a.entry("Thermometer 1")).to_be_visible()
    a.page.screenshot(path=FOLDER / f"device-list-{size}-{theme}.png")
    fits(a.page)
    a.entry("Thermometer 1").click()
    expect(a.page.locator(".chart .line")).to_have_count(2)
    expect(a.page.locator(".readings")).not_to_have_count(0)
    a.page.locator(".explore").hover(position={"x": 120, "y": 40})
    a.page.screenshot(path=FOLDER / f"device-{size}-{theme}.png")
    fits(a.page)
    has_contrast(a.page)
    a.page.get_by_role("button", name="7 d").click()
    expect(a.page.locator(".chart .line")).not_to_have_count(0)
    a.page.screenshot(path=FOLDER / f"device-week-{size}-{theme}.png")
    a.page.get_by_role("button", name="Show as table").click()
    expect(a.page.locator(".table tr")).not_to_have_count(0)
    a.page.screenshot(path=FOLDER / f"device-table-{size}-{theme}.png")
    fits(a.page)
    has_contrast(a.page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_dashboard_can_be_looked_at(visitor, house, alice, size, theme):
    FOLDER.mkdir(exist_ok=True)
    a = come(visitor, house, alice, size, theme)
    a.page.goto(f"{house.origin}/devices/")
    expect(a.page.get_by_role("listitem")).to_have_count(4)
    a.page.screenshot(path=FOLDER / f"devices-{size}-{theme}.png", full_page=True)
    fits(a.page)
    has_contrast(a.page)
    assert too_small(a.page) == []


def test_fingers_find_their_targets(visitor, house, alice):
    a = come(visitor, house, alice, "390x844").visit()
    a.entry("Thermometer 1").click()
    expect(a.page.locator(".chart .line")).to_have_count(2)
    assert too_small(a.page) == []
