"""A language model's server that costs next to nothing: OpenAI's protocol, words by the clock.

`python bench/model.py --port N --first 0.3 --rate 30`. Asked for “300 words, please.”, it streams
so many; the first of them is how many milliseconds it took itself, from the request to that word.
"""

import argparse
import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import uvicorn

WANTED = re.compile(r"(\d+) words")
WORD = " word"
EARLY = 0.001
"""Seconds that an event loop's clock may be before ours: no word comes before its time."""
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
encode = msgspec.json.Encoder().encode


class Words(msgspec.Struct):
    role: str
    content: Any = ""


class Request(msgspec.Struct):
    """What is read of one for `/chat/completions`."""

    messages: list[Words]


decode = msgspec.json.Decoder(Request).decode


def question(words: int) -> str:
    """What has the model say so many."""
    return f"{words} words, please."


def own_milliseconds(answer: str) -> float:
    """What the model itself took to its first word, as its answer says."""
    return float(answer.split(" ", 1)[0])


class Model:
    def __init__(self, first: float, rate: float) -> None:
        """Seconds to the first word, and words a second from then on."""
        self._first = first
        self._pause = 1 / rate

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request, as ASGI has it."""
        came = time.perf_counter()
        last = decode(await _body(receive)).messages[-1].content
        found = WANTED.search(last if isinstance(last, str) else "")
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for event in self._answer(int(found[1]) if found else 1, came):
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})

    async def _answer(self, words: int, came: float) -> AsyncIterator[bytes]:
        """Each word when its time has come, however late the one before was."""
        for number in range(words):
            due = came + self._first + number * self._pause
            await asyncio.sleep(max(0.0, due - time.perf_counter()) + EARLY)
            own = f"{(time.perf_counter() - came) * 1000:.3f}"
            yield _event([{"index": 0, "delta": {"content": WORD if number else own}}])
        yield _event([{"index": 0, "delta": {}, "finish_reason": "stop"}])
        usage = {"prompt_tokens": 1, "completion_tokens": words, "total_tokens": words + 1}
        yield _event([], usage=usage)


async def _body(receive: Receive) -> bytes:
    found = b""
    while (message := await receive()).get("more_body"):
        found += message["body"]
    return found + message.get("body", b"")


def _event(choices: list[dict[str, Any]], **more: Any) -> bytes:
    chunk = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 0}
    return b"data: %b\n\n" % encode({**chunk, "model": "bench", "choices": choices, **more})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--first", type=float, required=True, help="seconds to the first word")
    parser.add_argument("--rate", type=float, required=True, help="words a second")
    options = parser.parse_args()
    model = Model(options.first, options.rate)
    here = {"host": "127.0.0.1", "port": options.port}
    uvicorn.run(model, **here, lifespan="off", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
