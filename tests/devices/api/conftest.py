"""Over HTTP, on one process and on many, as tests/chat/ is."""

import pytest

from tests.chat.conftest import own_server, pytest_generate_tests, server
from tests.devices.hardware import Hardware, new_device

__all__ = ["own_server", "pytest_generate_tests", "server"]


@pytest.fixture
def boiler(server) -> Hardware:
    return new_device(server, lowest=-20.0, highest=120.0)
