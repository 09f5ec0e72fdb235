"""The lines of a file descriptor, as they come."""

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncIterator

CHUNK = 65_536
AHEAD = 16
"""Chunks read before somebody takes them."""


async def lines_of(descriptor: int) -> AsyncIterator[str]:
    """Without their ends; what is no UTF-8 becomes U+FFFD.

    The thread that waits in `read` cannot be stopped, so it is one that the program's end does not
    wait for, and it holds no lock of Python's own files, which that end needs.
    """
    chunks: asyncio.Queue[bytes] = asyncio.Queue(AHEAD)
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read, args=(descriptor, chunks, loop), daemon=True).start()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while chunk := await chunks.get():
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in lines:
            yield line.removesuffix("\r")
    if rest := rest + decoder.decode(b"", final=True):
        yield rest


def _read(descriptor: int, chunks: "asyncio.Queue[bytes]", loop: asyncio.AbstractEventLoop) -> None:
    """An empty chunk is the end."""
    chunk = b"."
    while chunk:
        try:
            chunk = os.read(descriptor, CHUNK)
        except OSError:
            chunk = b""
        put = chunks.put(chunk)
        try:
            asyncio.run_coroutine_threadsafe(put, loop).result()
        except RuntimeError:  # the loop has ended
            put.close()
            return
