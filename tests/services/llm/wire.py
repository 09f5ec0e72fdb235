"""Chunks as OpenAI streams them (platform.openai.com/docs/api-reference/chat-streaming)."""

import json
from collections.abc import Iterator
from typing import Any

from tests.services.llm.answers import Call

DONE = b"data: [DONE]\n\n"
FRAGMENT = 7
"""Characters of a call's arguments in one chunk."""


class Wire:
    """Makes the chunks of one answer."""

    def __init__(self, number: int, body: dict[str, Any]) -> None:
        self._head = {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion.chunk",
            "created": 1_795_000_000,
            "model": body.get("model"),
            "system_fingerprint": "fp_test",
        }
        self._tells_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        self._number = number
        self._calls = 0

    def beginning(self) -> bytes:
        """Comes before any text."""
        return self._choice({"role": "assistant", "content": "", "refusal": None})

    def text(self, text: str) -> bytes:
        return self._choice({"content": text})

    def call(self, call: Call) -> Iterator[bytes]:
        """In fragments: its name, then its arguments little by little."""
        index, self._calls = self._calls, self._calls + 1
        name = {"name": call.name, "arguments": ""}
        call_id = f"call_{self._number}_{index}"
        yield self._fragment(index, id=call_id, type="function", function=name)
        for start in range(0, len(call.json), FRAGMENT):
            yield self._fragment(index, function={"arguments": call.json[start : start + FRAGMENT]})

    def end(self, finish: str) -> bytes:
        return self._choice({}, finish)

    def usage(self, prompt_tokens: int, answer_tokens: int) -> bytes:
        """Empty where the request did not ask for it."""
        if not self._tells_usage:
            return b""
        usage = {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": answer_tokens,
            "total_tokens": prompt_tokens + answer_tokens,
        }
        return _event({**self._head, "choices": [], "usage": usage})

    def _fragment(self, index: int, **fields: object) -> bytes:
        return self._choice({"tool_calls": [{"index": index, **fields}]})

    def _choice(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        chunk = {**self._head, "choices": [choice]}
        return _event({**chunk, "usage": None} if self._tells_usage else chunk)


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"
