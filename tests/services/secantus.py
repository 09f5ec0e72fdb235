"""SecantusDB, from PyPI: a server that speaks MongoDB's protocol over WiredTiger."""

import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.services.service import Service


class Secantus(Service):
    """It syncs its log at each write that asks for the journal, as the chat's engines do."""

    def command(self) -> list[str]:
        program = Path(sys.executable).with_name("secantusd-py")
        storage = self.folder / "storage"
        words = ["--standalone", "--port", str(self.port), "--storage-path", str(storage)]
        return [str(program), *words]

    def stop(self) -> None:
        """On a busy machine it may not come to its end; what was confirmed is in its journal."""
        try:
            super().stop()
        except subprocess.TimeoutExpired:
            self.kill()

    def is_ready(self) -> bool:
        try:
            client: MongoClient[Any] = MongoClient(self.url, serverSelectionTimeoutMS=100)
            with client:
                return bool(client.admin.command("ping")["ok"])
        except PyMongoError:
            return False

    @property
    def url(self) -> str:
        return self.database("chat")

    def new_database(self) -> str:
        """The URL of a database that nobody else uses; MongoDB makes it at the first write."""
        return self.database(f"test_{uuid.uuid4().hex}")

    def database(self, name: str) -> str:
        return f"mongodb://127.0.0.1:{self.port}/{name}"
