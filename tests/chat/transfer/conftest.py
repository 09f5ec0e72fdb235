"""Chats that nobody serves, as fixtures."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chat.transfer.chats import Chat
from tests.database import Blocker


@pytest.fixture
def new_chat(
    migrated: Path, django_db_blocker: Blocker, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Chat]:
    """`new_chat()`: an empty one."""

    def make() -> Chat:
        return Chat(tmp_path_factory.mktemp("chat"), migrated, django_db_blocker)

    return make


@pytest.fixture
def chat(new_chat: Callable[[], Chat]) -> Chat:
    return new_chat()
