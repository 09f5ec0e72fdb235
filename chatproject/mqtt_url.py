"""MQTT_URL: where the broker is, and who we are there."""

import ssl
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from chatproject import env

PORTS = {"mqtt": 1883, "mqtts": 8883}
EXAMPLE = "mqtt://user:password@host:1883"


class Broker(NamedTuple):
    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool

    def tls_context(self) -> ssl.SSLContext | None:
        """Certificates are checked against the system's, or what SSL_CERT_FILE names."""
        return ssl.create_default_context() if self.tls else None


def read() -> str:
    """The setting: empty, or the URL of one broker, without a path."""
    url = env.server_url("MQTT_URL", tuple(PORTS), EXAMPLE)
    if url:
        _refuse_unusable(url)
    return url


def _refuse_unusable(url: str) -> None:
    wanted = f"the URL of one broker, without a path, like {EXAMPLE}"
    try:
        parts, broker = urlsplit(url), parse(url)
    except ValueError:
        raise env.refuse("MQTT_URL", env.without_secrets(url), wanted) from None
    if not broker.host or "," in parts.netloc or parts.path.strip("/") or parts.query:
        raise env.refuse("MQTT_URL", env.without_secrets(url), wanted)


def parse(url: str) -> Broker:
    """Raises ValueError where the port is none."""
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Broker(parts.hostname or "", port, user, password, parts.scheme == "mqtts")
