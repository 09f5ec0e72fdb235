"""Who a request comes from: told by a trusted proxy, or by nobody."""

import pytest

from chatproject.serving.proxies import behind_trusted_proxies

HEADERS = [(b"x-forwarded-for", b"203.0.113.7, 192.0.2.1"), (b"x-forwarded-proto", b"https")]


async def seen(peer: str) -> tuple[str, str]:
    """Client and scheme as the application sees them."""
    found = {}

    async def application(scope, receive, send):
        found.update(scope)

    scope = {"type": "http", "client": [peer, 4000], "scheme": "http", "headers": HEADERS}
    await behind_trusted_proxies(application)(scope, None, None)
    return found["client"][0], found["scheme"]


@pytest.mark.parametrize("peer", ["192.0.2.9", "127.0.0.1"])
async def test_without_trusted_proxies_headers_are_only_words(settings, peer):
    settings.TRUSTED_PROXIES = []
    assert await seen(peer) == (peer, "http")


async def test_a_trusted_proxy_is_believed(settings):
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert await seen("192.0.2.9") == ("203.0.113.7", "https")


async def test_a_stranger_is_not(settings):
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert await seen("198.51.100.1") == ("198.51.100.1", "http")


async def test_what_stands_before_an_untrusted_hop_is_not(settings):
    """The nearest address that is no proxy of ours is the client; what it wrote before is not."""
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert await seen("127.0.0.1") == ("192.0.2.1", "https")
