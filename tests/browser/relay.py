"""A line between browser and server that can be cut, or go dead without a word.

Its port stays while the server behind it restarts, as a household's address does.
"""

import asyncio
import threading
from collections.abc import Callable

from tests.client import WITHIN

CHUNK = 65536


class Relay:
    """A TCP relay in a thread of its own. `target` is asked anew for each connection's port."""

    def __init__(self, target: Callable[[], int]) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self._flows = asyncio.Event()
        self._flows.set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(self._listen())
        self.port: int = self._server.sockets[0].getsockname()[1]

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(WITHIN)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            if not self._cut:
                await self._join(reader, writer)
        finally:
            self._tasks.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target())
        except OSError:
            return
        self._writers.add(far_writer)
        try:
            ways = [self._pump(reader, far_writer), self._pump(far_reader, writer)]
            await asyncio.gather(*ways)
        finally:
            self._writers.discard(far_writer)
            far_writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    # ---- what a test does to it ----------------------------------------------------------------

    def cut(self) -> None:
        """Break all connections and refuse new ones."""
        self._call(self._set(cut=True))

    def mend(self) -> None:
        self._call(self._set(cut=False))

    def deaden(self) -> None:
        """Let no byte through any more, without closing anything."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def revive(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.set)

    async def _set(self, cut: bool) -> None:
        self._cut = cut
        self._flows.set()
        for writer in list(self._writers) if cut else []:
            writer.transport.abort()

    def close(self) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WITHIN)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await self._set(cut=True)
        if self._tasks:
            await asyncio.wait(self._tasks)
