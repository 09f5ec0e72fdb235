"""What a model has said to one request, so far."""

from collections.abc import Iterator
from typing import Any

import msgspec

from bots.failures import Failure, Outcome
from bots.llm import troubles
from bots.llm.calls import Calls
from bots.llm.chunks import Chunk, Decoder, Malformed, Usage
from bots.llm.prompt import BYTES_PER_TOKEN, tokens_in
from bots.llm.unicode import Halves

MOST_TOKENS = 10_000_000
"""What a server may say that it used: the database counts only so far."""


class Said:
    def __init__(self) -> None:
        self.text = ""
        self.calls = Calls()
        self.finish: str | None = None
        """The finish_reason, in the end."""
        self._usage: Usage | None = None
        self._decoder = Decoder()
        self._halves = Halves()

    @property
    def has_begun(self) -> bool:
        return bool(self.text or self.calls)

    def pieces(self, part: bytes) -> Iterator[str]:
        """The text in this part of the response; all else is kept. Raises Failure."""
        try:
            for chunk in self._decoder.feed(part):
                if piece := self._take(chunk):
                    yield piece
        except Malformed:
            if self.finish is None:
                raise Failure(Outcome.CUT_OFF, "a malformed chunk") from None

    def _take(self, chunk: Chunk) -> str:
        if chunk.error:
            raise troubles.of_stream(chunk.error)
        self._usage = chunk.usage or self._usage
        self.finish = chunk.choice.finish_reason or self.finish
        self.calls.add(chunk.choice.calls)
        piece = self._halves.join(chunk.choice.text)
        self.text += piece
        return piece

    def tokens(self, body: dict[str, Any]) -> tuple[int, int]:
        """Of the request and of what came: the server's own count, or an estimate where it did
        not come to that."""
        usage = self._usage or self._estimate(body)
        counts = (usage.prompt_tokens, usage.completion_tokens)
        prompt, answer = (min(max(count, 0), MOST_TOKENS) for count in counts)
        return prompt, answer

    def _estimate(self, body: dict[str, Any]) -> Usage:
        prompt = msgspec.json.encode([body["messages"], body.get("tools")])
        said = self.text + self.calls.text
        return Usage(len(prompt) // BYTES_PER_TOKEN, tokens_in(said) if said else 0)
