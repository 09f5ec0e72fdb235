"""What devices look like: nothing overflows, fingers find their targets; pictures to look at.

The pictures go to screenshots/, which git ignores.
"""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from playwright.sync_api import expect

from tests.browser.feeds import (
    THERMOMETER,
    Values,
    course,
    device,
    has_reported,
    has_subscribed,
)
from tests.browser.stock import stock
from tests.browser.test_limits import too_weak
from tests.browser.test_looks import SIZES, fits, picture, too_small

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WARNED = 25 * MINUTE


@cache
def now() -> datetime:
    """The moment in which the house is made; tests are collected long before."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def house(module_server):
    """A house with a thermometer, which had a power cut, a meter and a device that is overdue."""
    server = module_server(THERMOMETER_INTERVAL="100")
    server.terminate()  # the thermometer must not report while its past is written
    past = server.database.call(simulated)
    cut = (now() - timedelta(hours=9), now() - timedelta(hours=7, minutes=20))
    has_reported(server, THERMOMETER, [each for each in past if not cut[0] < each[0] < cut[1]])
    cellar = device(server, "Cellar", kind="thermometer", interval=600, lowest=8, highest=16)
    has_reported(server, cellar, course(now() - DAY, now() - 40 * MINUTE, 10 * MINUTE, 12, 3.9))
    meter = device(server, "Water pressure", kind="meter", unit="hPa", interval=60)
    has_reported(server, meter, course(now() - DAY, now(), MINUTE, 2013, 40))
    device(server, "Greenhouse", kind="thermometer")
    server.start()
    return server


def simulated() -> Values:
    """The thermometer's last two days, as it would have measured them."""
    from devices.models import Device
    from devices.simulation import value

    its = Device.objects.get(pk=THERMOMETER.name)
    times = [now() - number * timedelta(seconds=100) for number in range(2 * 864, 0, -1)]
    return [(at, value(its.seed, its.epoch, at, its.lowest, its.highest)) for at in times]


@pytest.fixture
def alice(house):
    """She subscribed two hours ago, later set an alert, and was told."""
    alice = house.person("alice", title="Alice")
    value = next(value for at, value in house.database.call(simulated) if at > now() - WARNED)
    talk = [
        (alice, "subscribe"),
        (THERMOMETER, "You are subscribed to Thermometer 1. It reports every 100 s.\n"
                      "The simulation goes from -10 to 40 °C."),
        (alice, f"alert below {value + 0.1:.1f}"),
        (THERMOMETER, f"You will be told when Thermometer 1 goes below {value + 0.1:.1f} °C."),
        (THERMOMETER, f"{value:.1f} °C: below {value + 0.1:.1f} °C, as you asked."),
    ]  # fmt: skip
    stock(house, alice, THERMOMETER, talk)
    has_subscribed(house, alice, THERMOMETER)
    house.database.call(lambda: put_in_time(alice))
    return alice


def put_in_time(alice) -> None:
    """When each was said; the last is an alert."""
    from chat.models import Message

    talk = Message.objects.filter(conversation=f"dm:{alice.name}:thermometer1").order_by("seq")
    for message, minutes in zip(talk, (120, 120, 61, 61, 25), strict=True):
        message.sent_at = now() - minutes * MINUTE
        message.kind = "alert" if now() - message.sent_at == WARNED else "text"
        message.save()


OVERLAPS = """() => {
    const frame = document.querySelector('.chart').getBoundingClientRect();
    const all = [...document.querySelectorAll('.chart text')]
        .map((node) => [node.textContent, node.getBoundingClientRect()]);
    const out = all.filter(([, { left, right, top, bottom }]) =>
        left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 3 ||
        bottom > frame.bottom + 3);
    const meet = (one, other) => one.left < other.right && other.left < one.right &&
        one.top + 3 < other.bottom && other.top + 3 < one.bottom;
    const over = all.flatMap(([words, box], at) => all.slice(at + 1)
        .filter(([, other]) => meet(box, other)).map(([others]) => `${words} over ${others}`));
    return [...out.map(([words]) => `${words} sticks out`), ...over];
}"""


@pytest.mark.parametrize("size", SIZES)
def test_a_device_and_the_dashboard_can_be_looked_at(visitor, house, alice, size):
    phone = size == "390x844"
    a = visitor(
        alice, server=house, viewport=SIZES[size], has_touch=phone,
        locale="en-GB", timezone_id="Europe/Berlin",
    ).visit()  # fmt: skip
    expect(a.entry("Thermometer 1")).to_be_visible()
    picture(a.page, "device-list", size)
    fits(a.page)
    a.entry("Thermometer 1").click()
    expect(a.page.locator(".chart .line")).to_have_count(2)
    expect(a.page.locator(".readings")).not_to_have_count(0)
    assert not phone or too_small(a.page) == []
    a.page.locator(".explore").hover(position={"x": 120, "y": 40})
    picture(a.page, "device", size)
    fits(a.page)
    assert too_weak(a.page, least=15) == []
    assert a.page.evaluate(OVERLAPS) == []
    a.page.get_by_role("button", name="7 d").click()
    expect(a.page.locator(".chart .line")).not_to_have_count(0)
    assert a.page.evaluate(OVERLAPS) == []
    picture(a.page, "device-week", size)
    a.page.get_by_role("button", name="Show as table").click()
    expect(a.page.locator(".table tr")).not_to_have_count(0)
    picture(a.page, "device-table", size)
    fits(a.page)
    assert too_weak(a.page, least=15) == []
    a.page.goto(f"{house.origin}/devices/")
    expect(a.page.get_by_role("listitem")).to_have_count(4)
    picture(a.page, "devices", size, full_page=True)
    fits(a.page)
    assert too_weak(a.page, least=15) == []
    assert too_small(a.page) == []
