"""daphne, told to say good-bye to the sockets before it stops."""

import asyncio
import socket
import time
from collections.abc import Callable
from threading import Event
from typing import Any

from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from chat import lifecycle
from chatproject.serving import deadline
from chatproject.serving.drain import drain
from chatproject.serving.listening import BACKLOG

NORMAL = 1000  # a close code
PING_EVERY, PONG_WITHIN = 10, 10  # seconds; who sent nothing for 20 is gone
MAX_FRAME = 1024 * 1024  # bytes; the application refuses frames long before that, and answers
FRAMES_WAITING = 64  # before no more are read
LOOK_AGAIN_AFTER = 0.02  # seconds
FAREWELLS_ARE_ANSWERED_WITHIN = 1.0  # seconds, as is the next
APPLICATIONS_MAY_END_WITHIN = 1.0


@implementer(IPushProducer)
class Gate:
    """Open while the peer reads as fast as we write. daphne itself would buffer without end."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.opened.set()

    def pauseProducing(self) -> None:
        self.opened.clear()

    def resumeProducing(self) -> None:
        self.opened.set()

    stopProducing = resumeProducing  # the connection is gone: nobody need wait any more


class ChatProtocol(WebSocketProtocol):
    """daphne's, but for backpressure, and the close codes: its own way out refuses 1001."""

    def onConnect(self, request: Any) -> Any:
        self.gate = Gate()
        self.paused = False
        return super().onConnect(request)

    def onOpen(self) -> None:
        super().onOpen()
        self.transport.unregisterProducer()  # twisted's HTTP channel, which has had its day
        self.transport.registerProducer(self.gate, True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """daphne would take frames in without end, however slowly they are handled."""
        super().onMessage(payload, isBinary)
        if self.application_queue.qsize() > FRAMES_WAITING and not self.paused:
            self.paused = True
            self.transport.pauseProducing()
            self.resume_when_handled()

    def resume_when_handled(self) -> None:
        if not self.paused:
            return  # closed meanwhile
        if self.application_queue.empty():
            self.paused = False
            self.transport.resumeProducing()
        else:
            reactor.callLater(
                LOOK_AGAIN_AFTER,  # type: ignore[arg-type]
                self.resume_when_handled,
            )

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.gate.opened.set()
        self.paused = False
        super().onClose(wasClean, code, reason)

    def serverClose(self, code: int | None = None) -> None:
        self.sendCloseFrame(code=NORMAL if code is None else code)


class DrainingServer(Server):
    """Listens on a socket it is given, and awaits `drain()` before it cancels its applications."""

    def __init__(self, sock: socket.socket, on_ready: Callable[[], None]) -> None:
        super().__init__(
            application=None,
            endpoints=["the socket"],  # daphne insists on one; see `listen`
            ping_interval=PING_EVERY,
            ping_timeout=PONG_WITHIN,
            websocket_max_message_size=MAX_FRAME,
            websocket_max_frame_size=MAX_FRAME,
            websocket_timeout=-1,  # daphne would close every socket after a day
            server_name="",
        )
        self.endpoints: list[str] = []
        self.sock = sock
        self.on_ready = on_ready
        self.stopped = Event()
        self.stopped.set()

    def serve(self, application: Any, handle_signals: bool) -> None:
        """Serves until `stop()`, or SIGTERM or SIGINT where it handles signals."""
        self.application = application
        self.signal_handlers = handle_signals
        self.stopped.clear()
        reactor.callWhenRunning(self.listen)
        try:
            self.run()
        finally:
            self.stopped.set()

    def listen(self) -> None:
        self.ws_factory.protocol = ChatProtocol
        self.sock.setblocking(False)
        self.sock.listen(BACKLOG)
        self.port = reactor.adoptStreamPort(self.sock.fileno(), self.sock.family, self.http_factory)
        asyncio.ensure_future(lifecycle.begin()).add_done_callback(lambda _: self.on_ready())

    def stop_from_another_thread(self, seconds: float) -> None:
        """Stops as at a signal, and waits for the end of it for at most that long."""
        reactor.callFromThread(self.stop)
        self.stopped.wait(seconds)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Passes on what the application sends, at the pace of the peer."""
        if isinstance(protocol, ChatProtocol):
            await protocol.gate.opened.wait()
        await super().handle_reply(protocol, message)

    def kill_all_applications(self) -> "Deferred[None]":
        """What daphne does when its reactor stops; the reactor waits for it."""
        return Deferred.fromFuture(asyncio.ensure_future(self.say_good_bye()))

    async def say_good_bye(self) -> None:
        deadline.set_for_this_stop()
        self.port.stopListening()
        await drain()
        await self.farewells_are_answered()
        await self.cancel_applications()

    async def farewells_are_answered(self) -> None:
        """The reactor drops what is still in its buffers: see that the closing frames are out."""
        last = time.monotonic() + FAREWELLS_ARE_ANSWERED_WITHIN
        # daphne has no event to wait for
        while self.open_sockets() and time.monotonic() < last:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def open_sockets(self) -> list[WebSocketProtocol]:
        return [
            protocol
            for protocol, connection in self.connections.items()
            if isinstance(protocol, WebSocketProtocol) and "disconnected" not in connection
        ]

    async def cancel_applications(self) -> None:
        running = [
            task
            for connection in self.connections.values()
            if (task := connection.get("application_instance")) and not task.done()
        ]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=APPLICATIONS_MAY_END_WITHIN)
