"""Over plain HTTP with a name other than localhost, as a phone in the house opens it."""

import pytest
from playwright.sync_api import expect

from tests.server import Server


@pytest.fixture
def house(own_server) -> Server:
    return own_server(ALLOWED_HOSTS="chat.test")


def test_it_works_where_browsers_leave_things_out(visitor, house):
    origin = f"http://chat.test:{house.port}"
    alice, bob = house.person("alice"), house.person("bob")
    a, b = (visitor(who, server=house, origin=origin).visit() for who in (alice, bob))
    assert a.page.evaluate("isSecureContext") is False
    assert a.page.evaluate("crypto.randomUUID ?? navigator.locks ?? navigator.clipboard") is None
    a.open(bob)
    a.write("Hello from the kitchen")
    b.entry(alice.name).click()
    b.sees("Hello from the kitchen")
    expect(a.marks).to_have_text(["Read"])
    a.box.fill("a draft")
    a.page.reload()
    expect(a.box).to_have_value("a draft")


def test_a_browser_without_storage_still_chats(visitor, server, alice, bob):
    a = visitor(alice)
    a.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } })"
    )
    a.visit()
    a.open(bob)
    a.write("Hello")
    expect(a.marks).to_have_text(["Sent"])
    a.sees("Hello")
