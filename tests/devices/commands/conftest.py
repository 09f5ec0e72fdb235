"""Commands are tested on one process and on many, as the chat is."""

from tests.chat.conftest import (  # noqa: F401 - fixtures, and a hook, for this folder too
    module_server,
    own_server,
    pytest_generate_tests,
    server,
)
