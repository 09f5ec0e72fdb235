"""What is kept of a person and bots: which personality they chose of each."""

from typing import Any

from bots.models import Acquaintance
from chat.transfer.parts import part


@part("bots")
def of_account(account: str) -> list[dict[str, Any]]:
    """Runs queries."""
    known = Acquaintance.objects.filter(person=account).select_related("persona")
    return [
        {
            "bot": found.bot_id,
            "personality": found.persona and found.persona.name,
            "forgotten_seq": found.forgotten_seq,
        }
        for found in known.order_by("pk")
    ]
