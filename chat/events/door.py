"""`GET /api/v1/events`: who asks is let in, or refused as by the API, and served until they go.

It stands before Django, whose requests take a thread each.
"""

import asyncio
import logging
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import parse_qs

import msgspec
from django.db import Error

from chat import arrivals, life, lifecycle, origin, paces
from chat.accounts.answers import STATUS
from chat.api.asked import parameters
from chat.connection import Connection
from chat.events.position import Position
from chat.events.stream import Stream
from chat.http_api import SIGN_IN, Refusal
from chat.hub import hub
from chat.identity import Identity, credential_of, identities
from chat.lean import Event, Receive, Send
from chat.protocol import ChatError, Close, Forbidden, Invalid, Unauthenticated, Unavailable, encode
from chatproject.operations.ids import Application, connection_id, request_id

log = logging.getLogger(__name__)

PATH = "/api/v1/events"
BY_QUERY = "last_event_id"
"""For clients that can't send the header."""
HEARTBEAT_EVERY = 12.0
"""Seconds: proxies end what is silent for longer, often after 30."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
GONE = 1000
"""The code in the log for a client that went; RFC 6455, 7.4.1."""
STOPPING = "The server is stopping; ask again in a moment."
DOWN = "The store does not answer; try again in a moment."


def with_events(application: Application) -> Application:
    async def answering(scope: Event, receive: Receive, send: Send) -> None:
        if scope["path"] == PATH:
            connection_id.set(request_id.get())
            await Door(scope, receive, send).serve()
        else:
            await application(scope, receive, send)

    return answering


class Door:
    def __init__(self, scope: Event, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._life = life.begin()

    async def serve(self) -> None:
        try:
            identity, position = await self._let_in()
        except ChatError as error:
            await self._refuse(error)
        except Error as error:
            log.error("A stream could not be begun: %s", type(error).__name__)
            await self._refuse(Unavailable(DOWN))
        else:
            await self._stream(identity, position)
        finally:
            self._life.ended()

    async def _let_in(self) -> tuple[Identity, Position]:
        if self._scope["method"] != "GET":
            raise Invalid("The method must be GET.")
        if not origin.may_read(self._scope):
            raise Forbidden("With a cookie, only pages of this server may listen.")
        await lifecycle.begin()
        credential = credential_of(self._scope["headers"])
        identity = await identities.get(credential) if credential else None
        if identity is None:
            raise Unauthenticated(SIGN_IN)
        paces.take_request(identity.name)
        position = _position(self._scope)
        if hub.closed:
            raise Unavailable(STOPPING)
        return identity, position

    async def _refuse(self, error: ChatError) -> None:
        wrong_method = self._scope["method"] != "GET"
        status = HTTPStatus.METHOD_NOT_ALLOWED if wrong_method else STATUS[error.code]
        headers = [(b"content-type", b"application/json"), *HEADERS[1:]]
        headers += [(b"allow", b"GET")] if wrong_method else []
        if error.retry_after is not None:
            headers.append((b"retry-after", str(int(error.retry_after) + 1).encode()))
        body = msgspec.json.encode(Refusal(error.code, error.detail))
        await self._send({"type": "http.response.start", "status": int(status), "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    async def _stream(self, identity: Identity, position: Position) -> None:
        over = asyncio.Event()
        stream = Stream(identity.name, position, self._send, over)
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        connection = arrivals.arrive(identity, stream.take)
        stream.on_progress = connection.progressed
        gone = asyncio.ensure_future(self._until_gone(over))
        try:
            await _greet(connection, stream)
            await _keep_alive(connection, stream, over)
        except asyncio.CancelledError:
            pass  # given up on: its reader does not read
        finally:
            gone.cancel()
            connection.forget()
            arrivals.leave(connection)

    async def _until_gone(self, over: asyncio.Event) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._life.closing(GONE)
        over.set()


async def _greet(connection: Connection, stream: Stream) -> None:
    try:
        hello = await arrivals.hello(connection)
    except Error as error:
        log.error("A stream could not be welcomed: %s", type(error).__name__)
        connection.close(Close.RESTART)
    else:
        if hello is not None:
            stream.conversations = hello.conversations
            connection.open(encode(hello))


async def _keep_alive(connection: Connection, stream: Stream, over: asyncio.Event) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), HEARTBEAT_EVERY)
        if not connection.queued:
            await stream.beat()


def _position(scope: Event) -> Position:
    """Where the client goes on, by the header or else the query; raises Invalid."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    asked = parameters(query, [BY_QUERY]).get(BY_QUERY, "")
    given = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1") or asked
    return Position.read(given) if given else Position()
