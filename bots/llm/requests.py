"""What a request holds (platform.openai.com/docs/api-reference/chat/create)."""

from typing import Any
from urllib.parse import urlsplit

from bots.connection import Connection
from bots.llm.prompt import Prompt

Body = dict[str, Any]


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


def _most_tokens(base_url: str) -> str:
    """OpenAI's newer models refuse `max_tokens`, and not all other servers know its successor."""
    host = urlsplit(base_url).hostname or ""
    is_openai = not base_url or host == "openai.com" or host.endswith(".openai.com")
    return "max_completion_tokens" if is_openai else "max_tokens"
