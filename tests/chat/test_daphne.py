"""The same chat under `runserver` (daphne), which is what `make run` starts.

The tests of connecting run here once more, and those of stopping.
"""

import pytest

from tests.chat.test_connection import *  # noqa: F403
from tests.chat.test_ping import *  # noqa: F403
from tests.chat.test_restart import (
    test_a_sudden_end_loses_nothing_hides_nothing_and_makes_no_hole,
    test_on_sigterm_what_is_stored_is_acked_and_all_are_told_1001,
)
from tests.server import RUNSERVER

pytestmark = pytest.mark.embedded("`runserver` is for working on the chat, with one process")
__all__ = [
    "test_a_sudden_end_loses_nothing_hides_nothing_and_makes_no_hole",
    "test_on_sigterm_what_is_stored_is_acked_and_all_are_told_1001",
]
del test_an_origin_that_the_settings_trust_is_ours  # noqa: F821 - its server is one of its own


@pytest.fixture(scope="module")
def daphne(module_server):
    return module_server(RUNSERVER)


@pytest.fixture
def server(daphne):
    before = daphne.log_length
    yield daphne
    assert "Traceback" not in daphne.log_since(before)
