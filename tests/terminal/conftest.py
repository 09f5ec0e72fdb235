import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server import Person, Server
from tests.terminal.tmux import Terminal

PROGRAM = [sys.executable, "-m", "chat.client"]
SIZE = (80, 24)


@pytest.fixture
def terminal(server: Server, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """`terminal(alice, "--to", "bob")`: the program in a terminal, with her token."""
    opened: list[Terminal] = []

    def start(
        person: Person | str, *options: str, port: int = 0, size: tuple[int, int] = SIZE,
        **environment: str,
    ) -> Terminal:  # fmt: skip
        name = person if isinstance(person, str) else person.name
        token = {} if isinstance(person, str) else {"P2P_CHAT_TOKEN": person.token}
        url = f"http://127.0.0.1:{port or server.port}"
        command = [*PROGRAM, "--server", url, *options, name]
        environment = {"XDG_CONFIG_HOME": str(tmp_path / "config"), **token, **environment}
        opened.append(Terminal(command, environment, *size))
        return opened[-1]

    yield start
    for each in opened:
        each.close()
