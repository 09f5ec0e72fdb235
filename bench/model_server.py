"""The benchmark's language model (`model.py`) as a process of its own."""

import socket
import sys
from pathlib import Path

from tests.services.service import Service

PROGRAM = Path(__file__).with_name("model.py")
FIRST = 0.3
"""Seconds to an answer's first word."""


class ModelServer(Service):
    """Says `rate` words a second in each answer."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        super().__init__()

    def command(self) -> list[str]:
        words = ["--port", str(self.port), "--first", str(FIRST), "--rate", str(self._rate)]
        return [sys.executable, str(PROGRAM), *words]

    def is_ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def settings(self) -> dict[str, str]:
        """For a chat whose bots it is to speak for."""
        return {"OPENAI_BASE_URL": self.url, "OPENAI_API_KEY": "sk-benchmark"}
