"""The join and account pages in a real browser: without JavaScript, readable, reachable."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.visitor import DESKTOP, PHONE, WITHIN

PASSWORD = "correct horse battery"
SCREENSHOTS = Path(__file__).resolve().parent.parent.parent / "screenshots"
SMALL = {"width": 320, "height": 640}
TARGET = 44  # px

CONTRASTS = """() => {
  const luminance = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((c) => {
      c /= 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility()) continue;
    found.push([text, element]);
  }
  for (const input of document.querySelectorAll("input:not([type=hidden])")) {
    if (input.checkVisibility()) found.push([input.name, input]);
  }
  return found.map(([text, element]) => {
    const one = luminance(numbers(getComputedStyle(element).color));
    const other = luminance(behind(element));
    return [text, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
  });
}"""
SMALL_TARGETS = """(least) => [...document.querySelectorAll("button, summary, input, a.back")]
  .filter((e) => e.type !== "hidden" && e.checkVisibility())
  .map((e) => [e.textContent.trim() || e.name, e.getBoundingClientRect().height])
  .filter(([, height]) => height < least)"""


@pytest.fixture
def profile(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(WITHIN)
    yield context
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A browser that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(WITHIN)
    yield context.new_page()
    context.close()


def new_name() -> str:
    return f"dora-{uuid.uuid4().hex[:8]}"


def join(page: Page, origin: str, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{origin}/join/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Join chat").click()


def confirm(page: Page, title: str = "") -> None:
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_label("Display name").fill(title)
    page.get_by_role("button", name="Make account").click()


def is_good(page: Page, name: str) -> None:
    """Contrast, targets and width of the page as it is now, at every size and in both themes;
    pictures of it for people."""
    for viewport in (DESKTOP, PHONE, SMALL):
        page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            picture = SCREENSHOTS / f"{name}-{viewport['width']}-{scheme}.png"
            page.screenshot(path=picture, full_page=True)
            contrasts = page.evaluate(CONTRASTS)
            assert contrasts
            assert [found for found in contrasts if found[1] < 4.5] == []
        assert page.evaluate(SMALL_TARGETS, TARGET) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_joining_and_leaving_need_no_script(plain, server):
    name = new_name()
    join(plain, server.origin, name)
    confirm(plain, "Dora")
    plain.wait_for_url(f"{server.origin}/")
    plain.goto(f"{server.origin}/account/")
    expect(plain.get_by_label("What others call you")).to_have_value("Dora")
    plain.get_by_role("button", name="Sign out").click()
    plain.wait_for_url(f"{server.origin}/join/")
    join(plain, server.origin, name)
    plain.wait_for_url(f"{server.origin}/")


def test_advanced_leads_to_another_servers_page(plain, server):
    plain.goto(f"{server.origin}/join/")
    plain.get_by_text("Advanced").click()
    plain.get_by_label("Server").fill("localhost")
    plain.get_by_label("Port").fill(str(server.port))
    plain.get_by_role("button", name="Go to server").click()
    plain.wait_for_url(f"http://localhost:{server.port}/join/")


def test_the_pages_are_readable_at_every_size(profile, server):
    page = profile.new_page()
    name = new_name()
    join(page, server.origin, "system")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.get_by_text("Advanced").click()
    is_good(page, "join")
    join(page, server.origin, name)
    expect(page.get_by_label("Password again")).to_be_focused()
    is_good(page, "new-account")
    confirm(page)
    page.wait_for_url(f"{server.origin}/")
    page.goto(f"{server.origin}/account/")
    page.get_by_label("What is it for?").fill("kitchen display")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_label("The new token")).to_be_focused()
    page.get_by_text("Delete my account for good").click()
    is_good(page, "account")


def test_the_join_form_takes_three_tab_stops(plain, server):
    page = plain
    page.goto(f"{server.origin}/join/")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Join chat")).to_be_focused()
