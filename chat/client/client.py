"""A chat client as a library: signed in, connected, healed; see docs/client.md."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec

from chat.client import accounts
from chat.client.address import Address
from chat.client.asking import Asking
from chat.client.catching_up import CatchingUp
from chat.client.connection import Connection, Frame
from chat.client.errors import ClientError, Disconnected, Refused, SignedOut, Unreachable
from chat.client.events import Event, Events, Link, NewMessage, Outgoing, Presence
from chat.client.hearing import Hearing
from chat.client.known import Known
from chat.client.link import Keeper
from chat.client.names import conversation_of, new_id
from chat.client.outbox import Outbox
from chat.client.receipts import Receipts
from chat.protocol import Conversation, Message, Person

Result = TypeVar("Result")
PATIENCE = 30.0
"""Seconds that a connection is waited for."""


class ChatClient(Asking):
    """A person's (or a program's) connection to a chat, which comes back by itself.

        async with ChatClient("http://localhost:8000", "echo", token=token) as chat:
            async for message in chat.messages():
                await chat.send(message.conversation, message.body)

    `password` in place of `token` signs in, and `token` is then the new one. What waits for this
    account comes first, at most `backlog` messages of a conversation (None: all). A message that
    `messages` gave counts as received when the next is asked for, so that one whose handling
    failed comes again; with `receipts=False` only when `received` says so.
    """

    def __init__(
        self,
        server: str,
        name: str,
        *,
        token: str | None = None,
        password: str | None = None,
        ca: str | Path | None = None,
        backlog: int | None = None,
        receipts: bool = True,
        patience: float = PATIENCE,
    ) -> None:
        self.address = Address.parse(server, ca)
        self.name = name.strip().lower()
        self.token = token
        self._password = password
        self._patience = patience
        self._receives = receipts
        self._events = Events()
        self._known = Known(self.name)
        self._tasks: set[asyncio.Task[None]] = set()
        self._run: asyncio.Task[None] | None = None
        self._ended = False
        self._end: ClientError | None = None
        self._outbox = Outbox(self._request_now, self._events.tell, self._take)
        self._receipts = Receipts(self._known, self._send_now)
        self._catching_up = CatchingUp(self._known, self._request_now, self._events.tell, backlog)
        self._hearing = Hearing(self._known, self._catching_up, self._events.tell, self._resync)

    # ---- life ----------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        """Raises SignedOut (wrong password, bad token) or Unreachable."""
        try:
            await self.start()
            await self.connected()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Sign in where that is needed, and begin to connect, without waiting for it."""
        if self.token is None:
            self.token = await accounts.sign_in(self.address, self.name, self._password or "")
        self._password = None
        self._keeper = Keeper(
            self.address, self.token,
            up=self._up, heard=self._hearing.hear, down=self._down, tell=self._events.tell,
        )  # fmt: skip
        self._run = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        try:
            await self._keeper.run()
        except ClientError as error:
            self._finish(error)
        except Exception:
            self._finish(ClientError("The client failed; its log says how."))
            raise

    async def connected(self) -> None:
        """Wait for the connection. Raises what kept it from coming."""
        await self._connection()

    async def _connection(self) -> Connection:
        """The connection, once it stands; raises at once what ended the client."""
        return await self._unless_ended(self._keeper.online(self._patience))

    async def _unless_ended(self, awaited: Coroutine[Any, Any, Result]) -> Result:
        if self._run is None:
            awaited.close()
            raise Disconnected("Enter the client, or `start` it, first.")
        waiting = asyncio.create_task(awaited)
        try:
            await asyncio.wait([waiting, self._run], return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return await waiting
        finally:
            waiting.cancel()
        raise self._end or Disconnected("The client was closed.")

    async def close(self) -> None:
        """End the connection; what is not acked by then is not sent. See `flush`."""
        if self._run is None:
            return
        await self._receipts.flush()
        for task in (self._run, *self._tasks):
            task.cancel()
        await asyncio.gather(self._run, *self._tasks, return_exceptions=True)
        self._finish(None)

    def _finish(self, error: ClientError | None) -> None:
        """No connection comes any more."""
        if self._ended:
            return
        self._ended = True
        self._end = error
        self._catching_up.stop()
        self._outbox.end(error or Disconnected("The client was closed before the answer."))
        self._events.tell(Link("ended", error=error))
        self._events.end(error)

    # ---- what is known -------------------------------------------------------------------------

    @property
    def conversations(self) -> dict[str, Conversation]:
        """By id; the server tells of the latest 200 by itself."""
        return self._known.conversations

    @property
    def people(self) -> dict[str, Person]:
        """By name: partners, who is online, devices and bots."""
        return self._known.people

    @property
    def known(self) -> Known:
        """The same, with what can be said of it."""
        return self._known

    @property
    def outbox(self) -> Outbox:
        """What waits, and what was refused."""
        return self._outbox

    @property
    def is_online(self) -> bool:
        return self._run is not None and self._keeper.is_online

    def hurry(self) -> None:
        """Connect now rather than after the pause."""
        self._keeper.hurry()

    # ---- what comes ----------------------------------------------------------------------------

    def events(self) -> AsyncIterator[Event]:
        """All that happens from now on; ends with `close`, raises what ended the client.

        Messages that wait are asked for when somebody first calls this, or `messages`.
        """
        events = self._events.subscribe()
        self._catching_up.listen()
        return events

    def messages(self, *, own: bool = False) -> AsyncIterator[Message]:
        """New messages, of others alone or all, those that wait first."""
        return self._messages(self.events(), own)

    async def _messages(self, events: AsyncIterator[Event], own: bool) -> AsyncIterator[Message]:
        async for event in events:
            if not isinstance(event, NewMessage):
                continue
            others = event.message.sender != self.name
            if own or others:
                yield event.message
            if others and self._receives:
                self.received(event.message)

    async def caught_up(self) -> None:
        """Wait until all that the server had is here. Raises what ended the client."""
        await self._unless_ended(self._catching_up.done.wait())

    # ---- what goes -----------------------------------------------------------------------------

    def post(self, to: str, body: str, id: str | None = None) -> "asyncio.Future[Message]":
        """Put a message into the outbox: it is sent, again if need be, until it is acked, after
        those to the same conversation before it. Gives a future of `send`'s result."""
        conversation = self.conversation_of(to)
        return self._outbox.put(Outgoing(id or new_id(), to, conversation, body))

    async def send(self, to: str, body: str, id: str | None = None) -> Message:
        """Send and wait for the ack; the message as it is stored.

        Raises Refused. Cancelled, it stays in the outbox. The same `id` is stored once.
        """
        return await asyncio.shield(self.post(to, body, id))

    async def flush(self) -> None:
        """Wait until everything sent is acked or refused. Raises what ended the client."""
        await self._unless_ended(self._outbox.empty.wait())

    def received(self, message: Message) -> None:
        """This and all before it in its conversation was received."""
        self._receipts.tell("received", message.conversation, message.seq)

    def read(self, message: Message) -> None:
        """This and all before it in its conversation was read."""
        self._receipts.tell("read", message.conversation, message.seq)

    async def typing(self, to: str) -> None:
        """Show the other members that one writes."""
        if self.is_online:
            await self._send_now("typing", conversation=self.conversation_of(to))

    # ---- inside --------------------------------------------------------------------------------

    async def request(self, type: str, **fields: Any) -> Frame:
        """As in `Asking`; waits for a connection where there is none."""
        return await (await self._connection()).request(type, **fields)

    def conversation_of(self, to: str) -> str:
        return conversation_of(self.name, to)

    async def _request_now(self, type: str, **fields: Any) -> Frame:
        return await self._keeper.request_now(type, **fields)

    async def _send_now(self, type: str, **fields: Any) -> None:
        await self._keeper.send(type, **fields)

    def _take(self, message: Message) -> None:
        self._catching_up.take(message)

    def _up(self, connection: Connection) -> None:
        if connection.hello.get("user") != self.name:
            raise SignedOut(f"The token is not of {self.name}.")
        try:
            people = msgspec.convert(connection.hello["people"], list[Person])
            told = msgspec.convert(connection.hello["conversations"], list[Conversation])
        except (msgspec.ValidationError, KeyError):
            raise Unreachable("The server's hello was not understood.") from None
        self._known.meet(people, first=True)
        self._events.tell(Presence(people))
        self._outbox.open()
        self._catching_up.hello(told)
        for each in told:
            self._receipts.repeat(each)

    def _down(self) -> None:
        self._catching_up.done.clear()
        self._outbox.pause()

    def _resync(self) -> None:
        """Frames may be missing: as after a reconnect, without the hello."""
        task = asyncio.create_task(self._compare())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _compare(self) -> None:
        while True:
            try:
                frame = await self._request_now("conversations")
            except Disconnected:
                return  # the next hello says it
            except Refused as refusal:
                if not refusal.passes:
                    raise
                await asyncio.sleep(refusal.retry_after or 2)
            else:
                told = msgspec.convert(frame["conversations"], list[Conversation])
                self._catching_up.compare(told)
                return
