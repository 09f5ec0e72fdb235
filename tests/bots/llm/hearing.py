"""Asking a model and keeping all that comes of it."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from bots.connection import Connection
from bots.failures import Failure
from bots.llm.asking import ask
from bots.llm.prompt import Prompt, Used, Words
from bots.tools import Toolbox
from tests.services.llm import LLM

KEY = "sk-of-the-tests-0123456789"


@dataclass
class Heard:
    pieces: list[str] = field(default_factory=list)
    failure: Failure | None = None
    used: Used = field(default_factory=Used)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def outcome(self) -> str:
        return self.failure.outcome.value if self.failure else "answered"


def to(llm: LLM, key: str = KEY) -> Connection:
    return Connection(llm.url, key, "clever-1")


def prompt(question: str) -> Prompt:
    return Prompt("Be happy.", [Words("user", question)], 0.5, 100)


async def hear(connection: Connection, question: str, toolbox: Toolbox | None = None) -> Heard:
    heard = Heard()
    pieces = ask(connection, prompt(question), toolbox, heard.used, "openai")
    async with aclosing(pieces):
        try:
            async for piece in pieces:
                heard.pieces.append(piece)
        except Failure as failure:
            heard.failure = failure
    return heard


def leap(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have the running loop's clock say that so much time has passed."""
    loop = asyncio.get_running_loop()
    time = loop.time
    monkeypatch.setattr(loop, "time", lambda: time() + seconds)
