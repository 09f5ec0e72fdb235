"""A client of the event stream, as simple as one can be: HTTP/1.0, and lines."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests.client import WITHIN, matches
from tests.installation import ADDRESS, Installation
from tests.server import Person

PATH = "/api/v1/events"


class Event(NamedTuple):
    type: str
    id: str
    """Of this event, or of the last one before it that had one."""
    data: Any


class Stream:
    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.last_id = ""
        self.status = 0
        self.kept: list[Event] = []

    async def expect(self, type: str, **data: Any) -> Event:
        """The next event of this type with these fields; others before it are kept."""
        async with asyncio.timeout(WITHIN):
            while True:
                event = await self.next()
                if event.type == type and matches(event.data, data):
                    return event
                self.kept.append(event)

    async def messages(self, count: int) -> list[tuple[str, int]]:
        """The places of the next `count` messages; other events are kept."""
        found = [(await self.expect("message")).data["message"] for _ in range(count)]
        return [(message["conversation"], message["seq"]) for message in found]

    async def next(self) -> Event:
        lines: dict[str, str] = {}
        while line := (await self._line()):
            name, _, value = line.partition(": ")
            lines[name] = value
        if "event" not in lines:
            return await self.next()  # a comment
        self.last_id = lines.get("id", self.last_id)
        return Event(lines["event"], self.last_id, json.loads(lines["data"]))

    async def _line(self) -> str:
        line = await self._reader.readline()
        assert line, f"The stream ended; got {self.kept}"
        return line.decode().rstrip("\n")

    async def read_head(self) -> None:
        self.status = int((await self._reader.readline()).split()[1])
        while (await self._reader.readline()).strip():
            pass


@asynccontextmanager
async def listening(
    server: Installation,
    who: Person | None,
    last_id: str = "",
    *,
    query: str = "",
    greeted: bool = True,
    narrow: bool = False,
    **headers: str,
) -> AsyncIterator[Stream]:
    """A stream, which has told its hello if it is `greeted`; a `narrow` one holds little that was
    not read."""
    sock = socket.socket()
    if narrow:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024)
    sock.setblocking(False)
    address = ADDRESS, server.port_for(who.name if who else "")
    await asyncio.get_running_loop().sock_connect(sock, address)
    limit = 2**18 if narrow else 2**20
    reader, writer = await asyncio.open_connection(sock=sock, limit=limit)
    sent = {"Host": server.host, **({"Authorization": f"Bearer {who.token}"} if who else {})}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {"Last-Event-ID": last_id} if last_id else {}
    lines = [f"GET {PATH}{query} HTTP/1.0", *(f"{name}: {value}" for name, value in sent.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    try:
        stream = Stream(reader)
        await stream.read_head()
        if greeted:
            assert stream.status == 200
            await stream.expect("hello", user=who.name if who else "")
        yield stream
    finally:
        writer.close()
