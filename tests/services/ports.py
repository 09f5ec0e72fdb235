"""Free ports for servers that must come back on the port they had."""

import os
import random
import socket

RANGE = range(10_000, 32_000)
"""Below Linux's ephemeral ports: while a server is down, no outgoing connection takes its port,
and none that looks for it connects to itself."""
WORKERS = 16
"""Of xdist: each has ports of its own, as it may be long until somebody listens there."""
_chance = random.SystemRandom()  # the other one is seeded by tests, perhaps by two of them alike
_given: set[int] = set()


def free_port() -> int:
    """A port of this machine's loopback on which nobody listens now; none is given twice."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    own = [port for port in RANGE[worker % WORKERS :: WORKERS] if port not in _given]
    for port in _chance.sample(own, 100):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            _given.add(port)
            return port
    raise AssertionError("of a hundred ports, none is free")
