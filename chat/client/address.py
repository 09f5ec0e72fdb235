"""Where a chat is: one URL of a person's, made into those of its WebSocket and its API."""

import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

RIGHT = "A server is given like http://localhost:8000 or https://chat.example.org."


@dataclass(frozen=True)
class Address:
    """A server, and whom to trust that it is the one."""

    url: str
    """Scheme, host and port, and a path where the chat lies below one; no slash at the end."""
    ca: Path | None = None
    """A file of certificates (PEM) to trust besides those of the system."""

    @classmethod
    def parse(cls, text: str, ca: str | Path | None = None) -> "Address":
        """Raises ValueError, saying what would be right. “chat.example.org” is taken as https,
        and the own machine as http."""
        if "://" not in text:
            text = f"{'http' if _is_local(urlsplit(f'//{text}').hostname) else 'https'}://{text}"
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError(RIGHT)
        if parts.username is not None or parts.password is not None:
            raise ValueError("No name or password in the server's address. " + RIGHT)
        if _port(text) == 0:
            raise ValueError(f"A port is a number from 1 to 65535. {RIGHT}")
        url = f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
        return cls(url, Path(ca) if ca else None)

    @property
    def socket(self) -> str:
        return "ws" + self.url.removeprefix("http") + "/ws/chat/"

    def api(self, path: str) -> str:
        return f"{self.url}/api/v1/{path}"

    @property
    def is_local(self) -> bool:
        """Whether it is this machine: what goes there passes no proxy."""
        return _is_local(urlsplit(self.url).hostname)

    @property
    def is_readable(self) -> bool:
        """Whether what goes there, passwords too, can be read by others: it leaves this machine
        without TLS."""
        return self.url.startswith("http:") and not self.is_local

    @property
    def is_private(self) -> bool:
        """Whether it is an address of a network of one's own."""
        try:
            return ipaddress.ip_address(urlsplit(self.url).hostname or "").is_private
        except ValueError:
            return False

    def tls(self) -> ssl.SSLContext | None:
        """How to check the server's certificate; None without TLS. Raises ValueError where the
        file of certificates is none, and OSError where it cannot be read."""
        if not self.url.startswith("https:"):
            return None
        context = ssl.create_default_context()
        try:
            if self.ca is not None:
                context.load_verify_locations(self.ca)
        except ssl.SSLError:
            raise ValueError(f"{self.ca} holds no certificates (PEM).") from None
        return context


def _port(text: str) -> int | None:
    """0 where it is no port."""
    try:
        return urlsplit(text).port
    except ValueError:
        return 0


def _is_local(host: str | None) -> bool:
    if host == "localhost" or (host or "").endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
