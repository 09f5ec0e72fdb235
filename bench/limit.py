"""The limit: what picows and SQLite allow when nothing else is done.

A bare relay in one process. It reads the same frames, commits the same rows to the same table
in the same group commits (WAL, synchronous FULL), answers with the same JSON and relays it to
the other side. It authenticates nothing, checks nothing and keeps no state but who is connected.
"""

import argparse
import asyncio
import queue
import signal
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import uuid_utils
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

from bench import names
from chat import protocol

COLUMNS = "_id, conversation, seq, sender, client_id, kind, body, data, sent_at"
INSERT = f"INSERT INTO chat_message ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
PAGE = f"SELECT {COLUMNS} FROM chat_message WHERE conversation = ? AND seq"
BEFORE = f"{PAGE} < ? ORDER BY seq DESC LIMIT ?"
AFTER = f"{PAGE} > ? ORDER BY seq LIMIT ?"
LAST_SEQ = "SELECT COALESCE(MAX(seq), 0) FROM chat_message WHERE conversation = ?"

_decoder = msgspec.json.Decoder(protocol.ClientFrame)
_encode = msgspec.json.Encoder().encode


class Pending:
    """One message between its frame and its commit."""

    __slots__ = ("ack", "live", "row", "sender", "to")

    def __init__(
        self, row: tuple[Any, ...], sender: WSTransport, to: str, ack: bytes, live: bytes
    ) -> None:
        self.row = row
        self.sender = sender
        self.to = to
        self.ack = ack
        self.live = live


class Hub:
    """Who is connected, the last seqs, and the batch that gathers while another commits."""

    def __init__(self, database: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.transports: dict[str, WSTransport] = {}
        self.reader = connect(database)
        self.last_seqs: dict[str, int] = {}
        self.pending: list[Pending] = []
        self.committing = False
        self.batches: queue.SimpleQueue[list[Pending]] = queue.SimpleQueue()
        threading.Thread(target=self._write, args=(database,), daemon=True).start()

    def next_seq(self, conversation: str) -> int:
        last = self.last_seqs.get(conversation)
        if last is None:
            last = self.reader.execute(LAST_SEQ, (conversation,)).fetchone()[0]
        self.last_seqs[conversation] = last + 1
        return last + 1

    def append(self, pending: Pending) -> None:
        self.pending.append(pending)
        if not self.committing:
            self.committing = True
            self.loop.call_soon(self._commit)  # soon: with all that this turn of the loop brings

    def _commit(self) -> None:
        batch, self.pending = self.pending, []
        self.batches.put(batch)

    def _write(self, database: Path) -> None:
        connection = connect(database)
        while True:
            batch = self.batches.get()
            with connection:
                connection.executemany(INSERT, [pending.row for pending in batch])
            self.loop.call_soon_threadsafe(self._committed, batch)

    def _committed(self, batch: list[Pending]) -> None:
        if self.pending:
            self._commit()
        else:
            self.committing = False
        for pending in batch:
            pending.sender.send(WSMsgType.TEXT, pending.ack)
            self.relay(pending.to, pending.live)

    def relay(self, to: str, frame: bytes) -> None:
        transport = self.transports.get(to)
        if transport is not None:
            transport.send(WSMsgType.TEXT, frame)


class Relay(WSListener):
    """One connection."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub = hub
        self.name = name

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.hub.transports[self.name] = transport
        hello = protocol.Hello(user=self.name, conversations=[], people=[])
        transport.send(WSMsgType.TEXT, _encode(hello))
        self.tell(online=True)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if self.hub.transports.get(self.name) is transport:
            del self.hub.transports[self.name]
            self.tell(online=False)

    def tell(self, online: bool) -> None:
        """Tell everybody at once that the one person whom all know has come or gone."""
        if self.name == names.STAR:
            person = protocol.Person(self.name, self.name, "person", online, None)
            frame = _encode(protocol.Presence([person]))
            for name in self.hub.transports:
                self.hub.relay(name, frame)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            request = _decoder.decode(frame.get_payload_as_memoryview())
            ANSWERS[type(request)](self, transport, request)

    def send(self, transport: WSTransport, request: protocol.Send) -> None:
        conversation = names.direct(self.name, request.to)
        seq = self.hub.next_seq(conversation)
        now = datetime.now(UTC)
        key = str(uuid_utils.uuid7())
        sent_at = now.isoformat(" ", "milliseconds")[:-6]
        shown = protocol.Message(
            key, conversation, seq, self.name, "text", request.body, None,
            f"{sent_at[:10]}T{sent_at[11:]}Z",
        )  # fmt: skip
        message = msgspec.Raw(_encode(shown))
        row = (key, conversation, seq, self.name, request.id, "text", request.body, None, sent_at)
        ack = _encode(protocol.Ack(request.id, message))
        live = _encode(protocol.MessageFrame(message))
        self.hub.append(Pending(row, transport, request.to, ack, live))

    def received(self, transport: WSTransport, request: protocol.Received) -> None:
        first, second = request.conversation.split(":")[1:]
        news = protocol.ReceivedFrame(request.conversation, self.name, request.seq)
        self.hub.relay(first if second == self.name else second, _encode(news))

    def history(self, transport: WSTransport, request: protocol.History) -> None:
        before = request.before or protocol.MAX_SEQ
        rows = self._rows(BEFORE, request.conversation, before, request.limit + 1)
        page = rows[: request.limit][::-1]
        more = len(rows) > request.limit
        answer = protocol.HistoryPage(request.id, request.conversation, page, more)
        transport.send(WSMsgType.TEXT, _encode(answer))

    def sync(self, transport: WSTransport, request: protocol.Sync) -> None:
        room = protocol.MAX_SYNC
        more = []
        for conversation, seq in request.since.items():
            rows = self._rows(AFTER, conversation, seq, room + 1)
            more += [conversation] if len(rows) > room else []
            for start in range(0, min(len(rows), room), protocol.MAX_HISTORY):
                part = rows[start : min(start + protocol.MAX_HISTORY, room)]
                transport.send(WSMsgType.TEXT, _encode(protocol.Messages(part)))
            room -= min(len(rows), room)
        transport.send(WSMsgType.TEXT, _encode(protocol.Synced(request.id, more)))

    def _rows(self, query: str, conversation: str, seq: int, count: int) -> list[msgspec.Raw]:
        found = self.hub.reader.execute(query, (conversation, seq, count))
        return [msgspec.Raw(_encode(shown(row))) for row in found]


def shown(row: tuple[Any, ...]) -> protocol.Message:
    key, conversation, seq, sender, _, kind, body, data, sent_at = row
    time = f"{sent_at[:10]}T{sent_at[11:23] if '.' in sent_at else sent_at[11:] + '.000'}Z"
    return protocol.Message(key, conversation, seq, sender, kind, body, data, time)


ANSWERS: dict[type, Any] = {
    protocol.Send: Relay.send,
    protocol.Received: Relay.received,
    protocol.History: Relay.history,
    protocol.Sync: Relay.sync,
}


def connect(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, check_same_thread=False, timeout=20)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


async def serve(database: Path, port: int) -> None:
    loop = asyncio.get_running_loop()
    hub = Hub(database, loop)
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)

    def accept(request: WSUpgradeRequest) -> Relay:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return Relay(hub, names.owner(token))

    # Without aiofastnet: uvloop then joins the frames of one turn into one write.
    server = await ws_create_server(accept, "127.0.0.1", port, use_aiofastnet=False, backlog=1024)
    async with server:
        await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    uvloop.run(serve(options.database, options.port))


if __name__ == "__main__":
    main()
