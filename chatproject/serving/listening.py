"""The listening socket of a server, and the address that a person types to get there."""

import errno
import socket

from django.core.management.base import CommandError

EVERYWHERE = ("0.0.0.0", "::")
LOCAL = ("127.0.0.1", "::1", "localhost")
BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes any free one. Raises CommandError with one clear line."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except socket.gaierror:
        raise CommandError(
            f"{host!r} is not an address of this machine; try 127.0.0.1, or 0.0.0.0 for all."
        ) from None
    except OSError as error:
        raise CommandError(_explain(error, host, port)) from None


def _explain(error: OSError, host: str, port: int) -> str:
    where = f"Port {port} on {host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is in use by another program; stop that, or choose another port."
    if error.errno == errno.EACCES:
        return f"{where} is not allowed for this user; choose a port above 1023."
    return f"{where} cannot be had: {error.strerror}."


def address_of(sock: socket.socket) -> str:
    """The URL to open in a browser, e.g. `http://localhost:8000`."""
    host, port = sock.getsockname()[:2]
    if host in EVERYWHERE or host in LOCAL:
        host = "localhost"
    elif ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}"
