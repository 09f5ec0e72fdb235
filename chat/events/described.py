"""The event stream in OpenAPI."""

from ninja.types import DictStrAny

from chat.api.told import refusals
from chat.events.door import BY_QUERY

DESCRIPTION = """The frames of the WebSocket (docs/protocol.md) as Server-Sent Events: `hello`
first, then `message`, `changed`, `conversation`, `left`, `presence` and the others. Each message
comes once and in its order. Who comes back with Last-Event-ID goes on where it was. `closed` is the
last, with the code that a WebSocket would be closed with."""
ID = {"required": False, "schema": {"type": "string"},
      "description": "The id of the last event that came."}  # fmt: skip
REFUSES = {"invalid", "unauthenticated", "forbidden", "rate_limited", "unavailable"}


def described() -> DictStrAny:
    """The operation of its path."""
    answers = {200: {"description": "OK", "content": {"text/event-stream": {
        "schema": {"type": "string"}}}}}  # fmt: skip
    return {
        "get": {
            "operationId": "events",
            "summary": "Events",
            "description": DESCRIPTION,
            "tags": ["events"],
            "parameters": [
                {"in": "header", "name": "Last-Event-ID", **ID},
                {"in": "query", "name": BY_QUERY, **ID},
            ],
            "responses": answers | refusals(REFUSES),
            "security": [{"Bearer": []}, {"Session": []}],
        }
    }
