"""Conversations: listed, with how far one has received and read; and people."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from chat import reading, running
from chat.acquaintances import met, shown
from chat.api.answers import ConversationsPage, People
from chat.api.asked import asked
from chat.api.doors import person
from chat.api.loop import in_turn
from chat.api.told import told
from chat.cursors import cursors
from chat.http_api import answer_json, answer_nothing
from chat.overview import First, first_overviews, overview
from chat.protocol import Conversations, Person, Read, Received, parse_time
from chat.threads import read_in_turn

router = Router(tags=["conversations"])


@router.get("/conversations", **told("GET", ConversationsPage, asks=Conversations))
def conversations(request: HttpRequest) -> HttpResponse:
    """One's conversations, latest activity first; ask on with the last `last_at` as `before`."""
    frame = asked(request, Conversations)
    return answer_json(running.wait_for(_conversations(person(request), frame)))


async def _conversations(account: str, frame: Conversations) -> ConversationsPage:
    before = parse_time(frame.before) if frame.before is not None else None
    known = cursors.of(account)
    found = await read_in_turn(account, overview, account, known, before, frame.limit)
    cursors.freshen(account, found.conversations)
    return ConversationsPage(found.conversations, found.more)


@router.post(
    "/conversations/{conversation}/received",
    **told("POST", None, 204, asks=Received, path=["conversation"], refuses=["not_found"]),
)
def received(request: HttpRequest, conversation: str) -> HttpResponse:
    """All up to `seq` has come to one of this person's clients."""
    frame = asked(request, Received, conversation=conversation)
    return _move(request, frame.conversation, frame.seq, 0)


@router.post(
    "/conversations/{conversation}/read",
    **told("POST", None, 204, asks=Read, path=["conversation"], refuses=["not_found"]),
)
def read(request: HttpRequest, conversation: str) -> HttpResponse:
    """This person has read all up to `seq`."""
    frame = asked(request, Read, conversation=conversation)
    return _move(request, frame.conversation, frame.seq, frame.seq)


def _move(request: HttpRequest, conversation: str, received: int, read: int) -> HttpResponse:
    account = person(request)
    in_turn(reading.first_seqs, account, [conversation])
    running.call(cursors.ask, account, conversation, received, read)
    return answer_nothing()


@router.get("/people", **told("GET", People))
def people(request: HttpRequest) -> HttpResponse:
    """Whom one talks with, devices and bots, and others who are online: 200 each at the most."""
    return answer_json(People(running.wait_for(_people(person(request)))))


async def _people(account: str) -> list[Person]:
    found = await first_overviews.get(First(account, cursors.of(account)))
    return shown(account, met(account, found.partners))
