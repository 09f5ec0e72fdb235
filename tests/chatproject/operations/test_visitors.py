"""Who may see figures: nobody whom a proxy says to come from elsewhere."""

import pytest

from chatproject.operations.networks import Networks
from chatproject.operations.visitors import may_look


def asked(peer: str | None, **headers: str) -> dict:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"client": [peer, 4000] if peer else None, "headers": named}


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.1.2.3", "::ffff:192.168.1.4", "fd00::1"])
def test_who_is_near_may(peer):
    assert may_look(asked(peer))
    assert may_look(asked(peer, x_forwarded_for="10.9.9.9, 127.0.0.1"))


@pytest.mark.parametrize("peer", ["203.0.113.7", "2001:db8::7", "::ffff:203.0.113.7", "", None])
def test_who_is_not_may_not(peer):
    assert not may_look(asked(peer))
    assert not may_look(asked(peer, x_forwarded_for="127.0.0.1"))


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "203.0.113.7"},
        {"x_forwarded_for": "127.0.0.1, 203.0.113.7"},
        {"x_forwarded_for": "203.0.113.7, 127.0.0.1"},
        {"x_forwarded_for": "unknown"},
        {"x_real_ip": "203.0.113.7"},
        {"forwarded": "for=127.0.0.1"},
    ],
)
def test_who_comes_through_somebody_near_may_not(headers):
    assert not may_look(asked("127.0.0.1", **headers))


def test_a_setting_may_be_narrower(settings):
    settings.METRICS_ALLOWED = ["192.0.2.1"]
    assert may_look(asked("192.0.2.1"))
    assert not may_look(asked("127.0.0.1"))


def test_what_is_no_network_is_refused():
    with pytest.raises(ValueError, match="everybody"):
        Networks(["everybody"])
