from collections.abc import Iterator

import pytest

from tests.browser.relay import Relay
from tests.server import Server


@pytest.fixture
def relay(server: Server) -> Iterator[Relay]:
    """A line to the server that can be cut."""
    relay = Relay(lambda: server.port)
    yield relay
    relay.close()
