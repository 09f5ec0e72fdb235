"""Free ports for servers that must come back on the port they had."""

import random
import socket

RANGE = range(10_000, 32_000)
"""Below Linux's ephemeral ports: while a server is down, no outgoing connection takes its port,
and none that looks for it connects to itself."""


def free_port() -> int:
    """A port of this machine's loopback on which nobody listens now."""
    for port in random.sample(RANGE, 100):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("of a hundred ports, none is free")
