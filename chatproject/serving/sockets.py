"""uvicorn's WebSockets, except that a peer which is gone or does not read is really let go.

uvicorn closes such a connection only once its outgoing buffer is empty, which may be never: the
application would not be told that the peer has gone, and the socket would stay for ever.
"""

import asyncio

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TAKES_THE_REST_WITHIN = 10.0
"""Seconds that a peer has to read what is left once the application is done with it."""


class Sockets(WebSocketsSansIOProtocol):
    giving_up: asyncio.TimerHandle | None = None

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def send_receive_event_to_app(self) -> None:
        """uvicorn would log a traceback for each peer that sends text which is none."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.conn.send_close(1007)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        if not self.transport.is_closing():
            self.giving_up = self.loop.call_later(TAKES_THE_REST_WITHIN, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.giving_up is not None:
            self.giving_up.cancel()  # it would keep all of the connection for so long


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
