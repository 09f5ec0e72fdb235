"""The figures that the page promises: bytes, Tab stops, contrast. (Time: bench/cases/page.py)"""

import json
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.elsewhere import present
from tests.browser.stock import chatter, stock
from tests.browser.test_keyboard import PEOPLE
from tests.server import dm

MOST_BYTES = 100_000
MOST_TABS = 5
LEAST_CONTRAST = 4.5

CONTRASTS = """
    () => {
      const canvas = document.createElement('canvas').getContext('2d');
      const rgba = (color) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
      };
      const light = ([r, g, b]) => {
        const part = [r, g, b].map((value) => value / 255)
          .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
      };
      const ground = (node) => {
        for (; node; node = node.parentElement) {
          const color = rgba(getComputedStyle(node).backgroundColor);
          if (color[3] === 255) return color;
        }
        return [255, 255, 255, 255];
      };
      const seen = (node) => node.checkVisibility({ checkVisibilityCSS: true });
      const found = [];
      const check = (node, color, text) => {
        const pair = [light(rgba(color)), light(ground(node))].sort((a, b) => b - a);
        found.push({
          text: text.trim().slice(0, 40),
          where: node.className || node.id || node.tagName,
          contrast: (pair[0] + 0.05) / (pair[1] + 0.05),
        });
      };
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let text; (text = walker.nextNode()); ) {
        const node = text.parentElement;
        if (!text.data.trim() || !seen(node) || node.closest('.visually-hidden')) continue;
        check(node, getComputedStyle(node).color, text.data);
      }
      for (const field of document.querySelectorAll('input, textarea')) {
        if (!seen(field)) continue;
        check(field, getComputedStyle(field, '::placeholder').color, field.placeholder);
        check(field, getComputedStyle(field).color, 'what is typed');
      }
      return found;
    }
"""


NOT_LATER = """
    const real = window.setTimeout;
    window.setTimeout = (act, ms, ...more) => ms === 2000 ? 0 : real(act, ms, ...more);
"""
"""What main.js fetches SOON, once all is there, is no part of the first load, however long that
takes."""


def test_the_first_load_is_small_from_here_alone_and_at_once(visitor, alice):
    a = visitor(alice)
    a.page.add_init_script(NOT_LATER)
    responses = []

    def note(response) -> None:
        responses.append(response)

    a.page.on("response", note)
    a.visit()
    a.page.wait_for_load_state("networkidle")
    hosts = {urlsplit(response.url).netloc for response in responses}
    assert hosts == {urlsplit(a.origin).netloc}
    assert all(response.status == 200 for response in responses)
    sizes = {urlsplit(response.url).path: len(response.body()) for response in responses}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= MOST_BYTES, json.dumps(sizes, indent=1)
    are_asked_for_at_once(a)


def are_asked_for_at_once(a) -> None:
    """All scripts."""
    preloaded = a.page.locator("link[rel=modulepreload]").evaluate_all(
        "all => all.map(e => e.href)"
    )
    loaded = a.page.evaluate(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => n.endsWith('.js'))"
    )
    assert sorted([*preloaded, f"{a.origin}/static/js/main.js"]) == sorted(set(loaded))


def too_weak(page, *, least: int = 0) -> list[dict]:
    """Texts on the page, of which there are more than `least`, with too little contrast in
    either theme."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        shown = page.evaluate(CONTRASTS)
        assert len(shown) > least
        found += [each for each in shown if each["contrast"] < LEAST_CONTRAST]
    return found


def test_few_tab_stops_lead_to_the_box(visitor, server, alice, bob):
    stock(server, alice, bob, chatter(alice, bob, 100))
    a = visitor(alice).visit()
    online = a.page.get_by_role("list", name="Online")
    with present(server, bob):
        expect(online.get_by_role("button", name=bob.name)).to_be_visible()
        expect(a.box).to_be_focused()
        leads_to_the_box(a)
    a.page.evaluate(f"() => {{ location.hash = '#{dm(alice, bob)}'; }}")
    expect(a.bodies.last).to_contain_text("line 99")
    expect(a.page.locator(PEOPLE)).to_have_count(0)
    expect(a.box).to_be_focused()
    leads_to_the_box(a)


def leads_to_the_box(a) -> None:
    a.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    stops: list[str] = []
    while not stops or stops[-1] != "box":
        a.page.keyboard.press("Tab")
        stops.append(
            a.page.evaluate("document.activeElement.id || document.activeElement.className")
        )
        assert len(stops) <= MOST_TABS, stops


def test_every_text_has_contrast(visitor, server, relay):
    a = busy_page(visitor, server, relay)
    weak = []
    with present(server, server.person("nina")):
        expect(a.page.get_by_role("list", name="Online").get_by_text("nina")).to_be_visible()
        weak += too_weak(a.page, least=20)
    for action in (lambda: None, lambda: a.page.locator("#check-stored").click()):
        action()
        a.page.wait_for_load_state("networkidle")
        weak += too_weak(a.page, least=20)
    relay.cut()
    expect(a.bar).to_contain_text("Connection lost")
    assert weak + too_weak(a.page) == []


def busy_page(visitor, server, relay):
    """A page with all kinds of text: own, others', stored, bots', devices', failed, unread."""
    alice, bob = server.person("alice"), server.person("bob")
    bot = server.person("bot", kind="bot")
    device = server.person("device", kind="device")
    stock(server, alice, bob, [(bob, "see http://example.org"), (alice, "own http://a.example")])
    stock(server, alice, bot, [(bot, "I am a bot")])
    stock(server, alice, device, [(device, "21 °C")], read=False)
    origin = f"http://127.0.0.1:{relay.port}"
    a = visitor(alice, origin=origin).visit()
    a.open(server.person("late"))
    a.box.fill("a draft")
    a.page.get_by_label("To:").fill("nobody-at-all")
    a.page.keyboard.press("Enter")
    a.write("Hello?")
    expect(a.page.locator(".row.failed")).to_be_visible()
    for who in (bot, device, bob):
        a.entry(who.name).click()
        expect(a.bodies).not_to_have_count(0)
    a.box.fill("charlie: is this for you?")
    expect(a.page.locator("#chip")).to_be_visible()
    return a
