"""What was sent and is not acknowledged: kept, in order, and sent again under the same id.

In a conversation each message waits for the ack of the one before: were two on their way while the
store comes back, the second might be stored first.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from chat.client.connection import Frame
from chat.client.errors import ClientError, Disconnected, Refused
from chat.client.events import Outgoing, Sent
from chat.protocol import Message

PAUSE = 2.0
"""Seconds after a passing refusal that names no time."""


class Outbox:
    """`request` sends a frame and gives the answer; `tell` hears of every change."""

    def __init__(
        self,
        request: Callable[..., Coroutine[Any, Any, Frame]],
        tell: Callable[[Sent], None],
        stored: Callable[[Message], None],
    ) -> None:
        self._request = request
        self._tell = tell
        self._stored = stored
        self._queues: dict[str, deque[Outgoing]] = {}
        self._answers: dict[str, asyncio.Future[Message]] = {}
        self._senders: dict[str, asyncio.Task[None]] = {}
        self._open = False
        self.refused: dict[str, Outgoing] = {}
        """By id, what the server will not have."""
        self.empty = asyncio.Event()
        """Set while nothing waits."""
        self.empty.set()

    @property
    def waiting(self) -> list[Outgoing]:
        return [each for queue in self._queues.values() for each in queue]

    def put(self, outgoing: Outgoing) -> asyncio.Future[Message]:
        """Keep it until it is acked; the result is the message as it is stored, or what refused
        it. Raises ValueError where that id waits already."""
        if outgoing.id in self._answers:
            raise ValueError("A message of this id waits already.")
        answer = self._answers[outgoing.id] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_look)
        self._queues.setdefault(outgoing.conversation, deque()).append(outgoing)
        self.empty.clear()
        self._tell(Sent(outgoing))
        self._pump(outgoing.conversation)
        return answer

    def drop(self, id_: str) -> None:
        """Forget what was refused."""
        self.refused.pop(id_, None)

    # ---- the connection comes and goes ---------------------------------------------------------

    def open(self) -> None:
        """There is a connection: what waits goes out."""
        self._open = True
        for conversation in list(self._queues):
            self._pump(conversation)

    def pause(self) -> None:
        """There is none."""
        self._open = False
        senders, self._senders = self._senders, {}
        for task in senders.values():
            task.cancel()

    def end(self, error: ClientError) -> None:
        """There will be none: who waits for an answer is told so."""
        self.pause()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(error)

    # ---- sending -------------------------------------------------------------------------------

    def _pump(self, conversation: str) -> None:
        if self._open and conversation not in self._senders:
            self._senders[conversation] = asyncio.create_task(self._send_all(conversation))

    async def _send_all(self, conversation: str) -> None:
        queue = self._queues[conversation]
        try:
            while queue:
                await self._send(queue)
        except Disconnected:
            pass  # goes on after the next hello
        else:
            del self._queues[conversation]
        finally:
            if self._senders.get(conversation) is asyncio.current_task():
                del self._senders[conversation]
        if not self._queues:
            self.empty.set()

    async def _send(self, queue: deque[Outgoing]) -> None:
        """Send the first of them until it is stored, or refused for good."""
        first = queue[0]
        try:
            frame = await self._request("send", id=first.id, to=first.to, body=first.body)
        except Refused as refusal:
            if refusal.passes:
                await asyncio.sleep(refusal.retry_after or PAUSE)
            else:
                self._give_up(queue.popleft(), refusal)
        else:
            self._settle(queue.popleft(), msgspec.convert(frame["message"], Message))

    def _settle(self, outgoing: Outgoing, message: Message) -> None:
        self._tell(Sent(outgoing, message))
        self._stored(message)
        answer = self._answers.pop(outgoing.id)
        if not answer.done():
            answer.set_result(message)

    def _give_up(self, outgoing: Outgoing, refusal: Refused) -> None:
        outgoing.error = refusal
        self.refused[outgoing.id] = outgoing
        self._tell(Sent(outgoing))
        answer = self._answers.pop(outgoing.id)
        if not answer.done():
            answer.set_exception(refusal)


def _look(answer: asyncio.Future[Message]) -> None:
    """Nobody needs to wait for it: the events tell, too."""
    if not answer.cancelled():
        answer.exception()
