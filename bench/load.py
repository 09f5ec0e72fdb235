"""Pairs that talk: one of each sends, the other receives, and both look at what they get."""

import asyncio
import secrets
import time
from array import array
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from picows import WSFrame, WSMsgType, WSTransport

from bench import names
from bench.client import ClientFailed, Connection, connect_all
from bench.context import Bench
from bench.server import Server

TEXT = b" A message of about a hundred bytes, as people write them to one another all day."
SETTLE_TIMEOUT = 30.0


class LiveMessage(Struct):
    id: str
    conversation: str
    seq: int
    body: str


class LiveFrame(Struct):
    type: str
    id: str | None = None
    message: LiveMessage | None = None
    code: str | None = None
    detail: str | None = None


_decode = msgspec.json.Decoder(LiveFrame).decode


class Clock:
    """When each message was sent, acked and delivered; its number stands first in its body."""

    def __init__(self) -> None:
        self.sent = array("d")
        self.acked = array("d")
        self.delivered = array("d")

    def start(self) -> int:
        self.sent.append(time.perf_counter())
        self.acked.append(0.0)
        self.delivered.append(0.0)
        return len(self.sent) - 1

    def latencies(self, since: int = 0) -> tuple[list[float], list[float]]:
        """Milliseconds from send to ack and from send to delivery, from message `since` on."""
        times = list(zip(self.sent, self.acked, self.delivered, strict=True))[since:]
        return [(a - s) * 1000 for s, a, _ in times], [(d - s) * 1000 for s, _, d in times]


class Sender(Connection):
    """Sends the next message when one is acked, keeping `outstanding` on their way."""

    def __init__(self, name: str, to: str, clock: Clock) -> None:
        super().__init__(name)
        self.clock = clock
        self.sending = False
        self.sent = 0
        self.acked = 0
        self._start = f'{{"type":"send","id":"{secrets.token_hex(8)}-'.encode()
        self._middle = f'","to":"{to}","body":"'.encode()

    def send(self) -> None:
        self.sent += 1
        number = self.clock.start()
        self.write(b'%b%d%b%08d%b"}' % (self._start, number, self._middle, number, TEXT))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if not self.hello.done() or frame.msg_type != WSMsgType.TEXT:
            super().on_ws_frame(transport, frame)
            return
        self.take(_decode(frame.get_payload_as_memoryview()))

    def take(self, found: LiveFrame) -> None:
        if found.type == "ack" and found.message is not None:
            self.clock.acked[int(found.message.body[:8])] = time.perf_counter()
            self.acked += 1
            if self.sending:
                self.send()
        elif found.type == "error":
            self.fail(f"{found.code}: {found.detail}")


class Receiver(Connection):
    """Checks that no seq is missing and reports what it received."""

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name)
        self.clock = clock
        self.count = 0
        self.last_seq = 0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if not self.hello.done() or frame.msg_type != WSMsgType.TEXT:
            super().on_ws_frame(transport, frame)
            return
        found = _decode(frame.get_payload_as_memoryview())
        if found.type == "message" and found.message is not None:
            self._take(found.message)
        elif found.type == "error":
            self.fail(f"{found.code}: {found.detail}")

    def _take(self, message: LiveMessage) -> None:
        self.clock.delivered[int(message.body[:8])] = time.perf_counter()
        self.count += 1
        if self.last_seq and message.seq != self.last_seq + 1:
            self.fail(f"seq {message.seq} came after {self.last_seq}")
        self.last_seq = message.seq
        self.got(message.conversation, message.seq)


class Pairs:
    """All pairs of a run; where there are several servers, a pair's two are on different ones."""

    def __init__(self, bench: Bench, webs: Sequence[Server]) -> None:
        self.bench = bench
        self.webs = webs
        self.clock = Clock()
        pairs = [names.pair(number) for number in range(bench.sizes.pairs)]
        self.senders = [Sender(a, b, self.clock) for a, b in pairs]
        self.receivers = [Receiver(b, self.clock) for _, b in pairs]

    @property
    def connections(self) -> list[Connection]:
        return [*self.senders, *self.receivers]

    async def connect(self) -> None:
        """As many send on each server as receive there."""
        count = len(self.webs)
        async with asyncio.TaskGroup() as tasks:
            for number, server in enumerate(self.webs):
                receivers = self.receivers[(number - 1) % count :: count]
                here = [*self.senders[number::count], *receivers]
                tasks.create_task(connect_all(server, here))

    def start(self) -> None:
        """Begin the closed loop: each sender with its outstanding messages."""
        for sender in self.senders:
            sender.sending = True
            for _ in range(self.bench.sizes.outstanding):
                sender.send()

    def stop(self) -> None:
        for sender in self.senders:
            sender.sending = False

    @property
    def acked(self) -> int:
        return sum(sender.acked for sender in self.senders)

    async def settle(self) -> None:
        """Wait until all that was sent is acked and delivered; raise ClientFailed if not."""
        sent = sum(sender.sent for sender in self.senders)
        deadline = time.monotonic() + SETTLE_TIMEOUT
        while self.acked < sent or sum(receiver.count for receiver in self.receivers) < sent:
            for connection in self.connections:
                connection.check()
            if time.monotonic() > deadline:
                delivered = sum(receiver.count for receiver in self.receivers)
                raise ClientFailed(f"of {sent} sent, {self.acked} acked, {delivered} delivered")
            await asyncio.sleep(0.01)
