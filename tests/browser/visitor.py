"""A person at the page: what they do, and what they see."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.server import Person, Server

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
WITHIN = 60_000  # ms: how long anything may take on a busy machine


@dataclass
class Visitor:
    """One browser page of one person. `errors` holds what went wrong in its scripts."""

    person: Person
    context: BrowserContext
    page: Page
    origin: str
    errors: list[str] = field(default_factory=list)

    # ---- what they do --------------------------------------------------------------------------

    def visit(self, path: str = "/") -> "Visitor":
        """Open the page, and wait until it is connected."""
        self.page.goto(self.origin + path)
        self.wait_online()
        return self

    def wait_online(self) -> None:
        expect(self.page.locator("#status")).to_have_attribute("data-kind", "")

    def fetch_log(self) -> "Visitor":
        """Have what the page fetches when something is opened, or a little later, now: the line
        is cut soon."""
        self.page.evaluate("import('/static/js/log/main.js').then(() => null)")
        return self

    def open(self, other: Person) -> None:
        """Open the conversation with `other` by the “To” field."""
        self.page.get_by_label("To:").fill(other.name)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#pane-head")).to_be_visible()

    def write(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    # ---- what they see -------------------------------------------------------------------------

    @property
    def box(self) -> Locator:
        return self.page.locator("#box")

    @property
    def bodies(self) -> Locator:
        """The messages of the open log, oldest first."""
        return self.page.locator("#log .row .body")

    @property
    def marks(self) -> Locator:
        return self.page.locator("#log .row .mark")

    @property
    def entries(self) -> Locator:
        return self.page.locator("#list [role=option]")

    @property
    def bar(self) -> Locator:
        """The status row: the connection, refusals."""
        return self.page.locator("#status-seen")

    def entry(self, title: str) -> Locator:
        return self.entries.filter(has_text=title)

    def waits_until(self, condition: Callable[[], object], within: float = 60) -> None:
        """Let the browser's events come in until `condition()`; fails after `within` seconds."""
        end = time.monotonic() + within
        while not condition():
            assert time.monotonic() < end, f"It did not come true within {within} s."
            self.page.wait_for_timeout(20)

    def sees(self, *texts: str) -> None:
        """Wait until the log holds just these messages, in this order."""
        expect(self.bodies).to_have_text(list(texts))


def arrive(
    browser: Browser, server: Server, person: Person, origin: str | None = None, **options: Any
) -> Visitor:
    """A new browser profile in which `person` is signed in; its page is not opened yet."""
    origin = origin or server.origin
    context = browser.new_context(viewport=options.pop("viewport", DESKTOP), **options)
    context.add_cookies([{"name": "sessionid", "value": server.session(person), "url": origin}])
    return another_tab(Visitor(person, context, context.new_page(), origin))


def another_tab(visitor: Visitor) -> Visitor:
    """Listens for errors; also makes a Visitor of a second page of the same profile."""
    visitor.page.set_default_timeout(WITHIN)
    visitor.page.on("pageerror", lambda error: visitor.errors.append(str(error.stack)))
    visitor.page.on("console", lambda message: note(visitor, message))
    return visitor


def note(visitor: Visitor, message: ConsoleMessage) -> None:
    """A refused connection is part of many tests; a violated policy never is."""
    if "Content Security Policy" in message.text:
        visitor.errors.append(message.text)
