"""The socket a server listens on, and the address that a person types to get there."""

import errno
import socket

from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
LOCAL = ("127.0.0.1", "::1")
BACKLOG = 2048  # connections; everybody comes back at once after a restart


def bind(host: str, port: int) -> socket.socket:
    """A bound TCP socket, not listening yet; port 0 takes any free one.

    Raises CommandError with one line that says what is wrong.
    """
    if not 0 <= port <= 65535:
        raise CommandError(f"{port} is not a port; they go from 0 to 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except socket.gaierror:
        raise CommandError(
            f"{host!r} is not an address of this machine; try 127.0.0.1, or 0.0.0.0 for all."
        ) from None
    except OSError as error:
        raise CommandError(_explain(error, host, port)) from None
    return sock


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program; choose another port."
    if error.errno == errno.EACCES:
        return f"Port {port} is for the system's own programs; choose one above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; try 127.0.0.1, or 0.0.0.0 for all."
    return f"Port {port} on {host} cannot be had: {error.strerror}."


def address_of(sock: socket.socket) -> str:
    """The URL to open in a browser, e.g. `http://localhost:8000`."""
    host, port = sock.getsockname()[:2]
    if host in EVERYWHERE + LOCAL:
        host = "localhost"
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}"


def announce(sock: socket.socket, out: OutputWrapper, err: OutputWrapper) -> None:
    """Says in one line that the chat is there; in another, if nobody from outside gets in."""
    only_local = set(settings.ALLOWED_HOSTS) <= set(settings.LOCAL_HOSTS)
    if only_local and sock.getsockname()[0] not in LOCAL:
        err.write(
            "Other devices are refused until ALLOWED_HOSTS has the name or address by which they"
            " come here, e.g. ALLOWED_HOSTS=localhost,192.168.1.10"
        )
        err.flush()
    out.write(f"P2P Chat is ready at {address_of(sock)}")
    out.flush()
