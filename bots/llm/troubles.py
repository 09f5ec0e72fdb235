"""What went wrong between us and the model's server, as failures that people are told of."""

import re
import ssl
from typing import TYPE_CHECKING

from bots.failures import Failure, Outcome
from bots.llm.waits import seconds

if TYPE_CHECKING:
    from openai import APIStatusError

QUOTA = frozenset(
    ("insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
     "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "billing_not_active",
     "billing_hard_limit_reached")
)  # fmt: skip
"""`type` or `code` of errors that another attempt does not heal
(platform.openai.com/docs/guides/error-codes)."""
TOO_LONG = frozenset(("context_length_exceeded", "string_above_max_length"))
BY_STATUS = {
    401: Outcome.WRONG_KEY,
    402: Outcome.QUOTA,
    403: Outcome.WRONG_KEY,
    429: Outcome.OVERLOADED,
}
FIRST_OF_SERVERS = 500
NO_TOOLS = {
    400: re.compile(r"\btools?\b", re.I),
    422: re.compile(r"\btools?\b", re.I),
    404: re.compile(r"\bsupport tool use\b", re.I),
    500: re.compile(r"\btools param\b|\bparam: tools\b", re.I),
}
"""What servers say of tools that they don't take. Ollama: 400 “… does not support tools”; vLLM:
400 “"auto" tool choice requires …”; OpenRouter: 404 “No endpoints found that support tool use”;
llama.cpp: 500 “tools param requires --jinja flag”, and before it “Unsupported param: tools”."""
WORD = re.compile(r"[a-z0-9_]{1,64}")


class NoTools(Failure):
    """Perhaps the server knows no tools, or its model does not: asking without them will tell."""


class Passing(Failure):
    """Another attempt may do better, `after` so many seconds; None: the server did not say."""

    def __init__(self, outcome: Outcome, reason: str, after: float | None = None) -> None:
        super().__init__(outcome, reason)
        self.after = after


def of_status(error: "APIStatusError", with_tools: bool) -> Failure:
    """The server answered with an error; `with_tools`: it may be for those that it was offered."""
    words = _words(error.code, error.type)
    outcome = _outcome(error.status_code, words)
    reason = ", ".join([f"HTTP {error.status_code}", *words])
    if with_tools and outcome in (Outcome.REFUSED, Outcome.OVERLOADED) and _is_of_tools(error):
        return NoTools(outcome, reason)
    if outcome is not Outcome.OVERLOADED:
        return Failure(outcome, reason)
    return Passing(outcome, reason, seconds(error.response.headers.get("retry-after")))


def of_stream(error: object) -> Failure:
    """The server told of an error in a chunk."""
    told = error if isinstance(error, dict) else {}
    words = _words(told.get("code"), told.get("type"))
    reason = ", ".join(["an error in the stream", *words])
    if QUOTA.intersection(words):
        return Failure(Outcome.QUOTA, reason)
    return Passing(Outcome.OVERLOADED, reason)


def is_stream(content_type: str) -> bool:
    """Not so where another program listens than a model's server. Some say nothing of the type."""
    return not content_type.startswith(("text/html", "application/json"))


def broken() -> tuple[type[Exception], ...]:
    """What is raised where there is no connection, or it breaks: the package wraps not all of it
    (see `openai._httpx2`), and nothing of addresses that can't be."""
    import anyio
    import httpx2
    import openai

    from_streams = (httpx2.HTTPError, httpx2.StreamError, ssl.SSLError, anyio.EndOfStream)
    from_addresses = (httpx2.InvalidURL, UnicodeError, ExceptionGroup)
    return openai.APIConnectionError, *from_streams, *from_addresses


def of_connection(error: BaseException) -> Passing:
    """There is no connection, or it broke."""
    return Passing(Outcome.UNREACHABLE, type(error.__cause__ or error).__name__)


def _outcome(status: int, words: list[str]) -> Outcome:
    if QUOTA.intersection(words):
        return Outcome.QUOTA
    if TOO_LONG.intersection(words):
        return Outcome.TOO_LONG
    if status >= FIRST_OF_SERVERS:
        return Outcome.OVERLOADED
    return BY_STATUS.get(status, Outcome.REFUSED)


def _is_of_tools(error: "APIStatusError") -> bool:
    """By the server's own words; the rest of the error may hold anybody's."""
    told = error.body.get("message") if isinstance(error.body, dict) else None
    wanted = NO_TOOLS.get(error.status_code)
    return bool(wanted and isinstance(told, str) and wanted.search(told))


def _words(*told: object) -> list[str]:
    """Those that are names, and no server's prose."""
    return [word for word in told if isinstance(word, str) and WORD.fullmatch(word)]
