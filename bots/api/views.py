"""`/api/v1/bots/NAME`, as docs/bots.md has it."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bots.api.shown import ShownBot, shown_bot
from bots.models import Bot
from chat.api.doors import person
from chat.api.told import told
from chat.http_api import answer_json
from chat.names import normalise
from chat.protocol import NotFound

router = Router(tags=["bots"])


@router.get("/bots/{name}", **told("GET", ShownBot, refuses=["not_found"]))
def bot(request: HttpRequest, name: str) -> HttpResponse:
    """A bot, with its personalities and what one has used of it today."""
    there = Bot.objects.filter(enabled=True, account__deleted_at=None)
    found = there.filter(pk=normalise(name)).select_related("account", "persona").first()
    if found is None:
        raise NotFound("There is no bot of this name.")
    return answer_json(shown_bot(found, person(request)))
