"""A chat that nobody serves: its databases alone, and the command that imports into it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from chat.models import Message
from tests.chatproject.programs import Result, manage
from tests.database import Blocker, Database
from tests.server import ENVIRONMENT, PROJECT

T = TypeVar("T")
NOT_THE_SAME = ("id", "client_id")
"""What a message is given where it is stored."""


class Chat:
    def __init__(self, folder: Path, migrated: Path, blocker: Blocker) -> None:
        shutil.copytree(migrated, folder, dirs_exist_ok=True)
        self.folder = folder
        self._database = Database(folder, blocker)

    def ask(self, work: Callable[[], T]) -> T:
        return self._database.call(work)

    def manage(self, *words: str, **environment: str) -> Result:
        return manage(*words, data_dir=self.folder, **environment)

    def bring(self, path: Path, *words: str) -> Result:
        return self.manage("import", str(path), *words)

    def begin_to_bring(self, path: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "import", str(path)],
            cwd=PROJECT,
            env={**os.environ, **ENVIRONMENT, "DATA_DIR": str(self.folder)},
            stdout=subprocess.DEVNULL,
        )

    def messages(self) -> list[dict[str, object]]:
        """All of them, but for what is another's in another chat."""
        fields = [f.name for f in Message._meta.fields if f.name not in NOT_THE_SAME]
        return self.ask(lambda: list(Message.objects.values(*fields)))

    def said(self, conversation: str) -> list[tuple[str, str]]:
        rows = Message.objects.filter(conversation=conversation).order_by("seq")
        return self.ask(lambda: list(rows.values_list("sender", "body")))
