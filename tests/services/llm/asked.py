"""One request, as the server saw it."""

import socket
import time
from dataclasses import dataclass, field
from threading import Event
from typing import Any

INTERVAL = 0.01


class HungUp(ConnectionError):
    """The client closed the connection."""


@dataclass
class Asked:
    body: dict[str, Any]
    headers: dict[str, str]
    """Names in lower case."""
    socket: socket.socket
    at: float = field(default_factory=time.time)
    """Seconds since 1970, as the next two."""
    status: int = 0
    first_at: float | None = None
    """When the first piece of text, or of a call, was sent."""
    ended_at: float | None = None
    hung_up: Event = field(default_factory=Event)
    """The client closed the connection before the answer's end."""
    ended: Event = field(default_factory=Event)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body.get("messages") or [])

    @property
    def question(self) -> str:
        """The last message of a user; "" where there is none."""
        texts = [message["content"] for message in self.messages if message["role"] == "user"]
        return texts[-1] if texts else ""

    @property
    def instructions(self) -> str:
        """All messages of the system."""
        roles = ("system", "developer")
        return "\n".join(it["content"] for it in self.messages if it["role"] in roles)

    @property
    def results(self) -> list[str]:
        """What tools gave, in order."""
        return [message["content"] for message in self.messages if message["role"] == "tool"]

    def wait(self, gate: Event, closing: Event) -> None:
        """Until the gate is set; raises HungUp where the client does not wait that long."""
        while not gate.wait(INTERVAL):
            if closing.is_set():
                raise HungUp
            self.check()

    def check(self) -> None:
        if _is_closed(self.socket):
            self.hung_up.set()
            raise HungUp

    def end(self) -> None:
        self.ended_at = time.time()
        self.ended.set()

    def times(self) -> dict[str, object]:
        """What can be told to other processes."""
        names = ("at", "first_at", "ended_at", "status", "question")
        return {name: getattr(self, name) for name in names} | {"hung_up": self.hung_up.is_set()}


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
