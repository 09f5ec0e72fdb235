"""What a request holds (platform.openai.com/docs/api-reference/chat/create)."""

import re
from typing import Any

from bots.connection import Connection
from bots.llm.prompt import Prompt

Body = dict[str, Any]
OPENAI = re.compile(r"|https://([a-z0-9-]+\.)*openai\.com(/.*)?")
"""Its own servers; "" stands for them, too."""
SPARE_BYTES, BYTES_PER_TOKEN = 1_000_000, 512
"""Of a response: a chunk has names and padding around its token."""


def messages(prompt: Prompt) -> list[Body]:
    """The instructions, which no words of people are ever part of, and the conversation."""
    system = [{"role": "system", "content": prompt.instructions}] if prompt.instructions else []
    return system + [{"role": words.role, "content": words.text} for words in prompt.words]


def body(connection: Connection, prompt: Prompt, said: list[Body], tools: list[Body]) -> Body:
    """`said`: the messages so far; `tools`: those that the model may call."""
    fields = {
        "model": connection.model,
        "messages": said,
        "stream": True,
        "stream_options": {"include_usage": True},
        _most_tokens(connection.base_url): prompt.answer_tokens,
    }
    if prompt.temperature is not None:
        fields["temperature"] = prompt.temperature
    if tools:
        fields["tools"] = tools
    return fields


def opens_with_tools(body: Body) -> bool:
    """Whether tools are offered, and none was called yet."""
    return "tools" in body and body["messages"][-1]["role"] != "tool"


def most_bytes(body: Body) -> int:
    """That the response may have: no answer of so many tokens is as long."""
    tokens = body.get("max_tokens") or body["max_completion_tokens"]
    return SPARE_BYTES + BYTES_PER_TOKEN * int(tokens)


def _most_tokens(base_url: str) -> str:
    """OpenAI's newer models refuse `max_tokens`, and not all other servers know its successor."""
    return "max_completion_tokens" if OPENAI.fullmatch(base_url) else "max_tokens"
