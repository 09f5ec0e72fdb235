"""What the server may be told to answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, NamedTuple

QUOTA = "insufficient_quota"
ERRORS = {
    400: ("invalid_request_error", None),
    401: ("invalid_request_error", "invalid_api_key"),
    402: ("billing_error", QUOTA),
    403: ("invalid_request_error", "unsupported_country_region_territory"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("requests", "rate_limit_exceeded"),
    500: ("server_error", None),
    503: ("server_error", "overloaded"),
}
"""`type` and `code` that OpenAI gives with each status
(platform.openai.com/docs/guides/error-codes)."""


class Raw(NamedTuple):
    """Sent as it is, instead of a chunk."""

    text: str


class Pause(NamedTuple):
    """For benchmarks; tests hold an answer by an event."""

    seconds: float


class Call(NamedTuple):
    """Of a tool; text in place of arguments is sent as it is."""

    name: str
    arguments: Mapping[str, Any] | str

    @property
    def json(self) -> str:
        is_text = isinstance(self.arguments, str)
        return str(self.arguments) if is_text else json.dumps(self.arguments)


class Cut(NamedTuple):
    pass


CUT = Cut()
"""The connection breaks here, in the middle of the answer."""

Step = str | Event | Pause | Call | Raw | Cut


@dataclass(frozen=True)
class Answer:
    steps: tuple[Step, ...] = ()
    finish: str | None = "stop"
    """None: neither a finish_reason nor [DONE] is sent."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    usage: tuple[int, int] | None = None
    """Tokens of prompt and answer; None: as many as words, and as pieces."""
    gate: Event | None = None
    """Nothing is sent before it is set."""


def say(*steps: Step, finish: str | None = "stop", usage: tuple[int, int] | None = None) -> Answer:
    """Pieces of text in their order, each a chunk of its own, and what comes between them."""
    return Answer(steps, finish, usage=usage)


def call(*steps: Step) -> Answer:
    """Calls of tools, all of one round; text before them is allowed."""
    return Answer(steps, "tool_calls")


def fail(
    status: int,
    *,
    code: str | None = None,
    message: str = "Secret words of the server.",
    retry_after: object = None,
    **headers: str,
) -> Answer:
    """An error as OpenAI words it; `code="insufficient_quota"` is the other 429.

    A keyword more is a header: `location="https://…"`.
    """
    kind, usual = ERRORS.get(status, ("error", None))
    error = {"message": message, "type": kind, "param": None, "code": code or usual}
    if code == QUOTA:
        error["type"] = QUOTA
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Answer(status=status, headers=headers, error={"error": error})


def held(gate: Event, answer: Answer) -> Answer:
    """The answer, but nothing of it, not even its status, before the gate is set."""
    return replace(answer, gate=gate)
