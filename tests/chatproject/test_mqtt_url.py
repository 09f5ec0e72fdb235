"""MQTT_URL as a broker's address."""

import ssl

import pytest

from chatproject.mqtt_url import Broker, parse


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("mqtt://host", Broker("host", 1883, None, None, False)),
        ("mqtts://host", Broker("host", 8883, None, None, True)),
        ("mqtt://chat@host:1884", Broker("host", 1884, "chat", None, False)),
        ("mqtts://chat:a%2Fb%40c@10.0.0.1", Broker("10.0.0.1", 8883, "chat", "a/b@c", True)),
        ("mqtt://u:p@[::1]:1883/", Broker("::1", 1883, "u", "p", False)),
    ],
)
def test_its_parts(url, broker):
    assert parse(url) == broker


def test_by_tls_certificates_and_names_are_checked():
    context = parse("mqtts://host").tls_context()
    assert context is not None
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert parse("mqtt://host").tls_context() is None
