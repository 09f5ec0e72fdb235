"""What OpenAI's server would not accept either."""

from typing import Any

from tests.services.llm.answers import Answer, fail
from tests.services.llm.asked import Asked


def refusal(asked: Asked, key: str | None) -> Answer | None:
    """None where the request is as it should be."""
    if key is not None and asked.headers.get("authorization") != f"Bearer {key}":
        return fail(401)
    if asked.body.get("stream") is not True or not asked.body.get("model"):
        return fail(400, message="A model and stream: true are wanted.")
    if not asked.messages or not _are_answered(asked.messages):
        return fail(400, message="Each of the tool_calls is followed by its message of a tool.")
    return None


def _are_answered(messages: list[dict[str, Any]]) -> bool:
    """Whether the messages of tools follow their calls, one for each, and there are no others."""
    waiting: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return False
            waiting.remove(message["tool_call_id"])
        elif waiting:
            return False
        waiting |= {call["id"] for call in message.get("tool_calls") or []}
    return not waiting
