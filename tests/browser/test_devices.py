"""A device in the chat: its talk and its readings as one contact, its card, its commands."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.feeds import device, has_reported, has_subscribed, open_device, reports
from tests.browser.relay import Relay
from tests.browser.stock import stock
from tests.browser.visitor import PHONE
from tests.browser.wire import Wire
from tests.server import dm

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
READINGS = "#log :is(.reading, .readings)"
SELDOM = 7 * 86_400
"""Seconds between two readings of who is not missed: no notice of its silence comes in between."""


@pytest.fixture
def server(house):
    return house


@pytest.fixture
def at_thermometer(visitor, house, alice):
    """Alice's page, with the thermometer open."""

    def come(**options):
        a = visitor(alice, server=house, **options).visit()
        open_device(a)
        return a

    return come


@pytest.fixture
def line(house):
    """To the house; it can be cut."""
    line = Relay(lambda: house.port)
    yield line
    line.close()


def command(a, name):
    bar = a.page.get_by_role("toolbar", name="Commands")
    return bar.get_by_role("button", name=name, exact=True)  # “Subscribe” is none to unsubscribe


def subscribe(a) -> None:
    command(a, "Subscribe").click()
    expect(command(a, "Unsubscribe")).to_be_visible()


def of_device(a):
    return a.page.locator("#log .row.device .body")


def readings_after(a, answers: int):
    """The groups of readings after so many of the device's answers."""
    return a.page.locator("#log .row.device").nth(answers - 1).locator("~ .readings")


def count_of(group) -> int:
    [count] = re.findall(r"(\d+) readings", group.inner_text())
    return int(count)


def goes_on(a, seq: Callable[[], int]) -> None:
    """Wait until three more readings have come."""
    first = seq()
    a.waits_until(lambda: seq() >= first + 3)


def minutes_ago(count: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - count * MINUTE


def noon() -> datetime:
    """Yesterday's, in UTC: no midnight comes between the readings that begin then."""
    return minutes_ago(0).replace(hour=12, minute=0, second=0) - timedelta(days=1)


# ---- subscribing ---------------------------------------------------------------------------------


def test_one_subscribes_by_button_and_readings_come_until_one_leaves(at_thermometer, house):
    a = at_thermometer()
    assert a.page.locator(READINGS).count() == 0
    subscribe(a)
    expect(a.bodies.first).to_have_text("subscribe")
    expect(of_device(a)).to_have_count(1)
    groups = a.page.locator("#log .readings")  # several, where it was missed for a while
    expect(groups.last).to_contain_text(
        re.compile(r"\d\d:\d\d.* · ([4-9]|\d\d) readings · .*°C · last .*°C")
    )
    command(a, "Unsubscribe").click()
    expect(command(a, "Subscribe")).to_be_visible()
    expect(of_device(a)).to_have_count(2)
    before = groups.all_inner_texts()  # what was shown stays
    goes_on(a, lambda: house.database.call(last_seq))
    command(a, "Now").click()
    expect(of_device(a)).to_have_count(3)
    last = a.page.locator("#log > :last-child")
    expect(last).to_have_class(re.compile("device"))
    left = a.page.locator("#log .row.device").nth(1)  # before that answer one may still come
    expect(left.locator("~ :is(.reading, .readings)")).to_have_count(0)
    subscribe(a)
    expect(groups).not_to_have_count(len(before))
    assert groups.all_inner_texts()[: len(before)] == before
    expect(of_device(a)).to_have_count(4)


def last_seq() -> int:
    from devices.models import Device

    return Device.objects.get(pk="thermometer1").last_seq or 0


def test_who_subscribes_again_is_asked_for_no_seq_below(at_thermometer):
    a = at_thermometer()
    subscribe(a)
    expect(a.page.locator(READINGS)).not_to_have_count(0)
    command(a, "Unsubscribe").click()
    expect(command(a, "Subscribe")).to_be_visible()
    wire = Wire(a)
    a.page.reload()
    a.wait_online()
    subscribe(a)
    group = a.page.locator("#log .readings").last
    expect(group).to_contain_text(re.compile(r"\b([5-9]|\d\d) readings"))
    before = count_of(group)
    wire.page.close()
    a.waits_until(lambda: count_of(group) >= before + 3)
    first = a.page.evaluate("""async () => {
        const { state } = await import('/static/js/store.js');
        return state.conversations.get('device:thermometer1').first_seq;
    }""")
    asked = [frame["since"].get("device:thermometer1") for frame in wire.of("sync")]
    assert [seq for seq in asked if seq is not None and seq < first - 1] == []
    assert [frame for frame in wire.of("history") if frame["before"] == first] == []


def test_the_last_reading_is_kept_up_in_place(at_thermometer, line):
    a = at_thermometer(origin=f"http://127.0.0.1:{line.port}")
    subscribe(a)
    a.page.evaluate("window.picture = document.querySelector('.chart [role=img]')")
    counts = set()

    def seen() -> bool:
        counts.add(a.page.locator("#log .readings").last.locator("span").first.inner_text())
        return len(counts) >= 4

    expect(a.page.locator("#log .readings").last).to_be_visible()
    a.waits_until(seen)
    expect(a.page.locator(".face-about")).to_have_text(
        re.compile(r"Reporting, last reading (just now|[12] s ago)")
    )
    value = a.page.locator(".face-value").inner_text()
    assert re.fullmatch(r"-?\d+(\.\d)? °C", value)
    same = "window.picture === document.querySelector('.chart [role=img]')"
    assert a.page.evaluate(same)
    expect(a.page.locator("#pane-dot.online")).to_have_count(1)
    line.cut()
    expect(a.page.locator(".face-about")).to_contain_text("Overdue, last reading")
    expect(a.page.locator("#pane-about")).to_contain_text("Overdue, last reading")
    expect(a.page.locator("#pane-dot.online")).to_have_count(0)


# ---- one contact ---------------------------------------------------------------------------------


def stored_keys(alice, own: str = "id") -> list[str]:
    """What the log should hold, by time. Until a reload her own go by the `client_id`."""
    from chat.models import Membership, Message

    feed = Membership.objects.get(account=alice.name, conversation="device:thermometer1")
    found = [
        *Message.objects.filter(conversation=f"dm:{alice.name}:thermometer1"),
        *Message.objects.filter(conversation=feed.conversation_id, seq__gte=feed.first_seq),
    ]
    found.sort(key=lambda each: (each.sent_at, each.id))
    return [getattr(each, own if each.sender == alice.name else "id") for each in found]


def shown_keys(a) -> list[str]:
    open_all(a)
    lines = a.page.locator("#log :is(.row, .reading, .notice:not(.readings))")
    return lines.evaluate_all("all => all.map(line => line.dataset.key)")


def test_talk_and_readings_are_merged_by_time_and_so_after_a_reload(at_thermometer, house, alice):
    a = at_thermometer()
    subscribe(a)
    for answers in (1, 2):
        expect(readings_after(a, answers)).not_to_have_count(0)
        command(a, "Now").click()
        expect(of_device(a)).to_have_count(answers + 1)
    expect(readings_after(a, 3)).not_to_have_count(0)
    first = str(a.page.locator("#log .readings").first.get_attribute("data-key"))
    shown = shown_keys(a)
    assert len(shown) >= 3 * 2 + 3 * 3
    stored = house.database.call(lambda: stored_keys(alice, own="client_id"))
    assert shown == stored[: len(shown)]
    a.page.reload()
    a.wait_online()
    expect(of_device(a)).to_have_count(3)
    expect(a.page.locator("#log .readings").first).to_have_attribute("data-key", first)
    shown = shown_keys(a)
    assert len(shown) >= 3 * 2 + 3 * 3
    assert shown == house.database.call(lambda: stored_keys(alice))[: len(shown)]


def open_all(a) -> None:
    closed = a.page.locator("#log .readings[aria-expanded=false]")
    while closed.count():
        closed.first.click()
        a.page.evaluate("new Promise(requestAnimationFrame)")


def test_a_group_opens_by_mouse_and_by_keyboard(visitor, house, alice):
    cellar = device(house, "Cellar")
    has_reported(house, cellar, [(noon() + each * MINUTE, 12.5 + each) for each in range(5)])
    has_subscribed(house, alice, cellar)
    a = visitor(alice, server=house, timezone_id="UTC").visit()
    open_device(a, cellar)
    group = a.page.get_by_role("button", name="5 readings · 12.5 to 16.5 °C · last 16.5 °C")
    expect(a.page.locator("#log .reading")).to_have_count(0)
    group.click()
    expect(a.page.locator("#log .reading")).to_have_count(5)
    expect(group).to_have_attribute("aria-expanded", "true")
    group.focus()
    a.page.keyboard.press("Enter")
    expect(a.page.locator("#log .reading")).to_have_count(0)
    expect(group).to_be_focused()
    a.page.keyboard.press("Space")
    expect(a.page.locator("#log .reading")).to_have_count(5)
    a.page.keyboard.press("ArrowDown")
    expect(a.page.locator("#log .reading").first).to_be_focused()


def test_earlier_readings_come_on_demand(visitor, house, alice):
    attic = device(house, "Attic", interval=SELDOM)
    past = [(noon() + each * SECOND, float(each)) for each in range(250)]
    has_reported(house, attic, past)
    has_subscribed(house, alice, attic)
    a = visitor(alice, server=house, timezone_id="UTC").visit()
    open_device(a, attic)
    group = a.page.locator("#log .readings")
    expect(group).to_contain_text(re.compile("10[01] readings · .* to 249 °C"))
    group.click()
    expect(a.page.locator("#log .reading")).not_to_have_count(0)
    expect(group).to_be_in_viewport()
    expect(a.page.locator("#log .reading").first).to_be_in_viewport()
    group.click()
    a.page.get_by_role("button", name="Earlier readings").click()
    expect(group).to_contain_text(re.compile("20[01] readings · .* to 249 °C"))
    a.page.get_by_role("button", name="Earlier readings").click()
    expect(group).to_contain_text("250 readings · 0 to 249 °C")
    expect(a.page.get_by_role("button", name="Earlier readings")).to_have_count(0)


HELD = """async (ids) => {
    const { state } = await import('/static/js/store.js');
    return ids.map((id) => state.conversations.get(id).run.length);
}"""


def test_going_up_brings_talk_and_readings(visitor, house, alice):
    roof = device(house, "Roof", interval=SELDOM)
    has_reported(house, roof, [(minutes_ago(400 - each), float(each)) for each in range(400)])
    lines = [(alice, "now") if number % 2 else (roof, f"line {number}") for number in range(200)]
    stock(house, alice, roof, lines, begin=minutes_ago(400), apart=2 * MINUTE)
    has_subscribed(house, alice, roof)
    a = visitor(alice, server=house).visit()
    open_device(a, roof)
    expect(a.bodies.last).to_have_text("now")
    log = a.page.locator("#log")
    log.hover()

    def up() -> bool:
        a.page.mouse.wheel(0, -1500)
        return a.page.evaluate(HELD, [dm(alice, roof), f"device:{roof.name}"]) == [200, 400]

    a.waits_until(up)


# ---- what counts ---------------------------------------------------------------------------------


def test_alerts_raise_the_badge_and_readings_nothing(at_thermometer, house, alice, bob):
    a = at_thermometer()
    subscribe(a)
    expect(of_device(a)).to_have_count(1)
    a.open(bob)
    a.write("Hello")
    a.sees("Hello")
    first, thermometer = a.entries.first, a.entry("Thermometer 1")
    expect(first).to_contain_text(bob.name)
    goes_on(a, lambda: a.page.evaluate(LAST_SEQ))
    expect(first).to_contain_text(bob.name)
    shown = thermometer.locator(".entry-preview")
    expect(shown).to_have_text(re.compile(r"^-?\d+(\.\d)? °C$"))
    expect(thermometer.locator(".badge")).to_be_hidden()
    expect(a.page).to_have_title("P2P Chat")
    house.database.call(lambda: wants_to_be_told(alice))
    expect(thermometer.locator(".badge")).to_contain_text("1")
    expect(a.page).to_have_title("(1) P2P Chat")
    thermometer.click()
    expect(a.page.locator(".unread-line + .alert .body")).to_have_text(re.compile("^Alert: "))
    expect(a.page.locator(".alert .body .icon")).to_be_visible()
    expect(a.page).to_have_title("P2P Chat")


def wants_to_be_told(person) -> None:
    from devices.models import Threshold

    Threshold.objects.create(
        device_id="thermometer1", account_id=person.name, direction="above", value=-100
    )


LAST_SEQ = """async () => {
    const { state } = await import('/static/js/store.js');
    return state.conversations.get('device:thermometer1').last_seq;
}"""


def test_readings_that_were_seen_are_told_as_read(at_thermometer, house, alice):
    a = at_thermometer()
    subscribe(a)
    expect(a.page.locator("#log .readings").last).to_be_visible()
    command(a, "Unsubscribe")

    def cursors():
        from chat.models import Membership

        mine = Membership.objects.get(account=alice.name, conversation="device:thermometer1")
        return mine.read_seq - mine.first_seq, mine.received_seq - mine.first_seq

    a.waits_until(lambda: min(house.database.call(cursors)) > 2)


def test_stored_readings_are_short_too(visitor, house, alice):
    cellar = device(house, "Stored cellar")
    has_reported(house, cellar, [(noon() + each * MINUTE, 5.0 + each) for each in range(9)])
    has_subscribed(house, alice, cellar, read=False)
    a = visitor(alice, server=house, timezone_id="UTC").visit("/#stored")
    line = a.page.locator("#log .readings")
    expect(line).to_contain_text("Stored cellar · ")
    expect(line).to_contain_text("9 readings · 5 to 13 °C · last 13 °C")


def test_notices_stand_in_the_middle_with_their_time(at_thermometer):
    a = at_thermometer()
    subscribe(a)
    command(a, "Reboot").click()
    dialog = a.page.get_by_role("dialog", name="Reboot Thermometer 1?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    a.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(command(a, "Reboot")).to_be_focused()
    command(a, "Reboot").click()
    dialog.get_by_role("button", name="Reboot").click()
    notices = a.page.locator("#log .notice:not(.reading, .readings)")
    rebooted = notices.filter(has_text="was restarted by")
    expect(rebooted).to_have_text(re.compile(r".+ · \d\d:\d\d"))
    expect(a.page.locator("#log .row.own")).to_have_count(2)  # subscribe, reboot


# ---- presence ------------------------------------------------------------------------------------


def test_presence_is_how_fresh_it_is(visitor, house, alice):
    late = device(house, "Late", interval=60)
    has_reported(house, late, [(minutes_ago(5), 20.0)])
    a = visitor(alice, server=house).visit()
    open_device(a, late)
    since = re.compile(r"Overdue, last reading ([5-9]|\d\d) min ago")
    expect(a.page.locator("#pane-about")).to_contain_text(since)
    expect(a.page.locator(".face-about")).to_have_text(since)
    reports(house, late, 21.5)
    expect(a.page.locator("#pane-about")).to_contain_text("Reporting")
    expect(a.page.locator(".face-value")).to_have_text("21.5 °C")
    expect(command(a, "Help")).to_be_visible()
    expect(command(a, "Reboot")).to_have_count(0)  # it is real


STATES = """() => {
    const nodes = [...document.querySelectorAll('.face-about, #pane-about')];
    window.states = [];
    const note = () => states.push(nodes.map((node) => node.textContent).join(', '));
    for (const node of nodes) new MutationObserver(note).observe(node, { childList: true });
}"""


def test_a_device_that_reports_twice_a_second_is_given_two_seconds(visitor, house, alice):
    quick = device(house, "Quick", interval=0.5)
    reports(house, quick, 20)
    has_subscribed(house, alice, quick)
    a = visitor(alice, server=house).visit()
    open_device(a, quick)
    expect(a.page.locator(".face-about")).to_contain_text("Overdue")
    a.page.evaluate(STATES)

    def since_it_reports() -> list[str]:
        states = a.page.evaluate("states")
        begin = [at for at, each in enumerate(states) if each.count("Reporting") == 2][:1]
        return states[begin[0] :] if begin else []

    def is_back() -> bool:
        reports(house, quick, 21)  # once more where it came too late to be fresh
        return bool(since_it_reports())

    a.waits_until(is_back)
    expect(a.page.locator("#pane-about")).to_contain_text("Overdue")
    early = re.compile(r"Overdue.*(just now|\b1 s ago)$")
    assert [each for each in since_it_reports() if early.search(each)] == []


def test_devices_cost_the_first_load_nothing(visitor, house, alice, bob):
    a = visitor(alice, server=house)
    asked = []

    def note(request) -> None:
        asked.append(request.url)

    a.page.on("request", note)
    a.visit()
    a.open(bob)
    a.page.wait_for_load_state("networkidle")
    assert [url for url in asked if "device" in url] == []
    open_device(a)
    assert [url for url in asked if "devices/main.js" in url]
    assert [url for url in asked if url.endswith("devices.css")]


def test_a_phone_can_fold_the_chart_away(at_thermometer):
    a = at_thermometer(viewport=PHONE, has_touch=True)
    chart = a.page.locator(".chart")
    expect(chart).to_be_visible()
    assert chart.evaluate("chart => chart.clientHeight") == 96
    a.page.get_by_role("button", name="Hide chart").tap()
    expect(chart).to_be_hidden()
    a.page.reload()
    a.wait_online()
    expect(a.page.get_by_role("button", name="Show chart")).to_be_visible()
    expect(chart).to_be_hidden()
    a.page.get_by_role("button", name="Show chart").tap()
    expect(chart).to_be_visible()
    the_keyboard_leaves_room_for_the_talk(a)


def the_keyboard_leaves_room_for_the_talk(a) -> None:
    a.page.set_viewport_size({"width": 390, "height": 440})
    expect(a.page.locator(".chart")).to_be_hidden()
    expect(a.page.locator(".face-value")).to_be_visible()
    assert a.page.locator("#log").evaluate("log => log.clientHeight") >= 120
