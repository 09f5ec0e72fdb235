"""uvicorn, told to say good-bye to the sockets before it stops."""

import asyncio
import importlib.util
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from uvicorn import Config, Server

from chat import lifecycle
from chatproject.serving import deadline, garbage
from chatproject.serving.drain import drain
from chatproject.serving.sockets import Sockets

PING_EVERY, PONG_WITHIN = 10.0, 10.0  # seconds; the protocol's
MAX_FRAME = 1024 * 1024  # bytes; the application refuses frames long before that, and answers
FAREWELLS_ARE_ANSWERED_WITHIN = 2.0  # seconds, at shutdown
REQUESTS_MAY_FINISH_WITHIN = 1  # seconds, at shutdown


def config(application: Any) -> Config:
    return Config(
        application,
        loop="uvloop" if importlib.util.find_spec("uvloop") else "asyncio",
        ws=Sockets,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PONG_WITHIN,
        ws_max_size=MAX_FRAME,
        proxy_headers=False,  # the application sees to it, see proxies.py
        server_header=False,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=REQUESTS_MAY_FINISH_WITHIN,
    )


class DrainingServer(Server):
    """Awaits `drain()` between the last accepted connection and uvicorn's own shutdown.

    uvicorn's own shutdown would close the sockets with 1012, in the middle of their sends.
    """

    def __init__(self, config: Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await lifecycle.begin()
        await super().startup(sockets)
        garbage.settle()
        self.on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await drain()
        await self.farewells_are_answered()
        await super().shutdown(sockets)

    async def farewells_are_answered(self) -> None:
        """uvicorn's shutdown would cut off closing frames and acks that are on their way."""
        last = time.monotonic() + FAREWELLS_ARE_ANSWERED_WITHIN
        # uvicorn has no event to wait for
        while self.open_sockets() and time.monotonic() < last:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def open_sockets(self) -> list[Sockets]:
        return [c for c in self.server_state.connections if isinstance(c, Sockets)]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Unlike uvicorn's, it doesn't raise the signal again: a stop that was asked for is 0."""
        if self.should_exit:
            self.force_exit = True
        else:
            deadline.set_for_this_stop()
            self.should_exit = True


def run(application: Any, sock: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT."""
    DrainingServer(config(application), on_ready).run(sockets=[sock])
