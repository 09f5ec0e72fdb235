"""The page /api/docs: drawn with nothing from another host, and usable by who is signed in."""

import re

from playwright.sync_api import expect


def test_it_shows_every_operation_and_tries_one(visitor, alice):
    guest = visitor(alice)
    page = guest.page
    page.goto(guest.origin + "/api/docs")
    expect(page.get_by_text("/api/v1/messages", exact=True)).to_be_visible()
    operation = page.locator("#operations-conversations-people")
    operation.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table")).to_contain_text(re.compile("people"))
