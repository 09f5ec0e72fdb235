"""The same chat under `runserver` (daphne), which is what `make run` starts.

The tests of connecting run here once more, and those of stopping.
"""

import pytest

from tests.chat.test_connection import *  # noqa: F403
from tests.chat.test_ping import *  # noqa: F403
from tests.chat.test_restart import (
    test_a_stream_says_1001_and_goes_on_afterwards,
    test_an_acked_message_survives_a_sudden_end,
    test_on_sigterm_what_is_stored_is_acked_and_the_other_way_round,
    test_sockets_are_closed_with_1001,
)
from tests.server import RUNSERVER

pytestmark = pytest.mark.embedded("`runserver` is for working on the chat, with one process")
__all__ = [
    "test_a_stream_says_1001_and_goes_on_afterwards",
    "test_an_acked_message_survives_a_sudden_end",
    "test_on_sigterm_what_is_stored_is_acked_and_the_other_way_round",
    "test_sockets_are_closed_with_1001",
]


@pytest.fixture(scope="module")
def daphne(module_server):
    return module_server(RUNSERVER)


@pytest.fixture
def server(daphne):
    before = daphne.log_length
    yield daphne
    assert "Traceback" not in daphne.log_since(before)
