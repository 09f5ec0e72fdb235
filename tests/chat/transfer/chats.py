"""A chat that nobody serves: its databases alone, and the command that imports into it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from chat.models import Message
from tests.chatproject.programs import Result, manage, run
from tests.database import Blocker, Database

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

    def die_bringing(self, path: Path, most: int) -> Result:
        """Killed over it, once more than so many messages are stored."""
        return run(["-m", "tests.chat.dying", str(most), "import", str(path)], self.folder)

    def messages(self) -> list[dict[str, object]]:
        """All of them, but for what is another's in another chat."""
        fields = [f.name for f in Message._meta.fields if f.name not in NOT_THE_SAME]
        return self.ask(lambda: list(Message.objects.values(*fields)))

    def said(self, conversation: str) -> list[tuple[str, str]]:
        rows = Message.objects.filter(conversation=conversation).order_by("seq")
        return self.ask(lambda: list(rows.values_list("sender", "body")))
