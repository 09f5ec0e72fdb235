"""`/api/v1/bots/NAME`, as docs/bots.md has it."""

from django.http import HttpRequest, HttpResponse

from bots.api.shown import shown_bot
from bots.models import Bot
from chat.http_api import answer_json, endpoint, person_of
from chat.names import normalise
from chat.protocol import NotFound


@endpoint("GET")
def bot(request: HttpRequest, name: str) -> HttpResponse:
    person = person_of(request)
    there = Bot.objects.filter(enabled=True, account__deleted_at=None)
    found = there.filter(pk=normalise(name)).select_related("account", "persona").first()
    if found is None:
        raise NotFound("There is no bot of this name.")
    return answer_json(shown_bot(found, person))
