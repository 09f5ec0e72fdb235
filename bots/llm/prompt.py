"""What a model is given, and what that used."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

BYTES_PER_TOKEN = 3
"""For estimates, rather too low: 4 is usual for English, other scripts need more tokens."""


class Words(NamedTuple):
    """Something that was said, and by whom."""

    role: Literal["user", "assistant"]
    text: str


class Prompt(NamedTuple):
    instructions: str
    words: list[Words]
    """The conversation, oldest first; the question comes last."""
    temperature: float | None
    """None: the model's own."""
    answer_tokens: int
    """At most."""


@dataclass
class Used:
    """Tokens, over all that was asked for one answer."""

    prompt_tokens: int = 0
    answer_tokens: int = 0


def tokens_in(text: str) -> int:
    """About so many; models count differently."""
    return len(text.encode()) // BYTES_PER_TOKEN + 1
