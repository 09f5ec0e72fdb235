"""A browser a worker, and visitors: people with a page of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.program import FLAGS, program
from tests.browser.relay import Relay
from tests.browser.visitor import WITHIN, Visitor, another_tab, arrive
from tests.server import Person, Server

expect.set_options(timeout=WITHIN)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not longer: its event loop is the thread's, which tests elsewhere need for themselves."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS, headless=True)
        yield browser
        browser.close()


@pytest.fixture
def visitors() -> Iterator[list[Visitor]]:
    """All who came; none of them may have met an error in a script, or a violated policy."""
    came: list[Visitor] = []
    yield came
    errors = [error for visitor in came for error in visitor.errors]
    for visitor in came:
        visitor.context.close()
    assert errors == []


@pytest.fixture
def visitor(browser: Browser, server: Server, visitors: list[Visitor]) -> Callable[..., Visitor]:
    """`visitor(alice, …)`: a browser of her own, not yet at the page. See `arrive`."""

    def come(person: Person, **options: Any) -> Visitor:
        host = options.pop("server", server)
        visitors.append(arrive(browser, host, person, **options))
        return visitors[-1]

    return come


@pytest.fixture
def tab(visitors: list[Visitor]) -> Callable[[Visitor], Visitor]:
    """`tab(visitor)`: a second page in the same browser profile."""

    def come(first: Visitor) -> Visitor:
        page = first.context.new_page()
        second = Visitor(first.person, first.context, page, first.origin, first.errors)
        return another_tab(second)

    return come


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    """A line to the server that can be cut."""
    relay = Relay(lambda: server.port)
    yield relay
    relay.close()


@pytest.fixture(scope="module")
def house(module_server: Callable[..., Server]) -> Server:
    """A server whose thermometer reports every second."""
    return module_server(THERMOMETER_INTERVAL="1")
