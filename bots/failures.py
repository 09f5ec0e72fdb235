"""How an answer may fail, and what the person is told then: one sentence, with what to do."""

from bots.models import Answer

Outcome = Answer.Outcome

SENTENCES = {
    Outcome.NOT_CONNECTED: (
        "I am not connected to a language model: an administrator can connect me by setting"
        " OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs no key."
    ),
    Outcome.WRONG_KEY: (
        "The language model does not accept my key; an administrator has to enter a valid one."
    ),
    Outcome.QUOTA: (
        "The credit for the language model is used up; an administrator has to add some."
    ),
    Outcome.OVERLOADED: "The language model is overloaded; please ask again in a minute.",
    Outcome.UNREACHABLE: (
        "The language model cannot be reached; please ask again in a minute, and tell an"
        " administrator if that does not help."
    ),
    Outcome.REFUSED: (
        "The language model refused this; please ask in other words, and if it refuses everything,"
        " an administrator should check the model's name and its server."
    ),
    Outcome.TOO_SLOW: (
        "The language model took too long; please ask again, or for something shorter."
    ),
    Outcome.CUT_OFF: "The answer was cut off; please ask again.",
    Outcome.TOO_LONG: (
        "This became too long; please ask for less at a time, or write “forget” to me directly to"
        " start our own conversation afresh."
    ),
    Outcome.EMPTY: "The language model had nothing to say; please ask in other words.",
    Outcome.FAILED: (
        "Something went wrong here; please ask again, and tell an administrator if it happens"
        " again."
    ),
}
LONGEST = max(map(len, SENTENCES.values()))
"""Characters that may have to follow an answer's text."""


class Failure(Exception):
    """The model gave no answer, or not all of it.

    `reason` is for operators' logs: it holds nothing of a key, a URL, or anybody's words.
    """

    def __init__(self, outcome: Answer.Outcome, reason: str = "") -> None:
        super().__init__(f"{outcome.value}: {reason}" if reason else outcome.value)
        self.outcome = outcome
        self.reason = reason

    @property
    def sentence(self) -> str:
        """What the person is told."""
        return SENTENCES[self.outcome]
