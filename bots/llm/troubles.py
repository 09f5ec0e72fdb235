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
WORD = re.compile(r"[a-z0-9_]{1,64}")


class NoTools(Failure):
    """The server knows no tools, or its model does not."""


class Passing(Failure):
    """Another attempt may do better, `after` so many seconds; None: the server did not say."""

    def __init__(self, outcome: Outcome, reason: str, after: float | None = None) -> None:
        super().__init__(outcome, reason)
        self.after = after


def of_status(error: "APIStatusError") -> Failure:
    """The server answered with an error."""
    words = _words(error.code, error.type)
    outcome = _outcome(error.status_code, words)
    reason = ", ".join([f"HTTP {error.status_code}", *words])
    if outcome is Outcome.REFUSED and "tool" in error.message.lower():
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


def _words(*told: object) -> list[str]:
    """Those that are names, and no server's prose."""
    return [word for word in told if isinstance(word, str) and WORD.fullmatch(word)]
