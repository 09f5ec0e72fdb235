"""Messages: sent, edited and deleted; read as history, as what is newer, as what waits."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from ninja import Router

from chat import amending, paces, posting, reading, running, sending
from chat.api.answers import MessagesPage, ResultsPage, SyncPage
from chat.api.asked import asked
from chat.api.doors import person
from chat.api.loop import in_turn
from chat.api.told import told
from chat.conversation_ids import addressed
from chat.cursors import cursors
from chat.frames import first_that_fit, last_that_fit
from chat.http_api import answer_json
from chat.protocol import (
    MAX_HISTORY,
    Delete,
    Edit,
    History,
    Message,
    Search,
    Send,
    Stored,
    Sync,
    raw,
)
from chat.search.asking import ask
from chat.threads import read_in_turn

router = Router(tags=["messages"])


@router.post(
    "/messages",
    **told("POST", Message, (200, 201), asks=Send, refuses=("not_found", "conflict")),
)
def send(request: HttpRequest) -> HttpResponse:
    """Send a message. Its `id` names it for good: sent again it is answered (200) with what was
    stored the first time (201)."""
    frame, account = asked(request, Send), person(request)
    paces.take_message(account)
    conversation = addressed(frame.to, account)
    sending.require(account, conversation, frame.to)
    running.call(sending.require_seen, account, conversation)
    draft = posting.Draft(
        sender=account, conversation=conversation, client_id=frame.id, body=frame.body
    )
    (outcome,) = posting.post([draft])
    if outcome.message is None:
        raise outcome.error or RuntimeError("A post without an outcome.")
    return answer_json(outcome.message, 200 if outcome.repeated else 201)


@router.put(
    "/messages/{message}",
    **told("PUT", Message, asks=Edit, path=["message"], refuses=["not_found"]),
)
def edit(request: HttpRequest, message: str) -> HttpResponse:
    """Have one's own message say something else."""
    frame, account = asked(request, Edit, message=message), person(request)
    paces.take_amendment(account)
    return answer_json(amending.edit(account, frame.message, frame.body))


@router.delete("/messages/{message}", **told("DELETE", Message, refuses=["not_found"]))
def delete(request: HttpRequest, message: str) -> HttpResponse:
    """Leave nothing of one's own message, or of another's in a room that one governs, but its
    place. The answer is what is left."""
    frame, account = asked(request, Delete, message=message), person(request)
    paces.take_amendment(account)
    return answer_json(amending.delete(account, frame.message))


@router.get(
    "/conversations/{conversation}/messages",
    **told("GET", MessagesPage, asks=History, path=["conversation"], refuses=["not_found"]),
)
def history(request: HttpRequest, conversation: str) -> HttpResponse:
    """One page of a conversation, oldest first: the last messages before the seq `before`."""
    frame = asked(request, History, conversation=conversation)
    found = in_turn(reading.history, person(request), frame)
    return answer_json(MessagesPage(*last_that_fit(found, frame.limit)))


@router.get("/stored", **told("GET", MessagesPage, asks=Stored))
def stored(request: HttpRequest) -> HttpResponse:
    """What others sent and no client of this person has received, oldest first; ask on with the
    last id as `after`."""
    frame = asked(request, Stored)
    found = running.wait_for(_stored(person(request), frame))
    page = first_that_fit(found[:MAX_HISTORY])
    return answer_json(MessagesPage(page, more=len(page) < len(found)))


async def _stored(account: str, frame: Stored) -> list[Message]:
    known: Mapping = cursors.of(account)
    return await read_in_turn(account, reading.stored, account, known, frame)


@router.post("/sync", **told("POST", SyncPage, asks=Sync, refuses=["not_found"]))
def sync(request: HttpRequest) -> HttpResponse:
    """What is newer than one has: `since` holds the last seq of each conversation, `changes` the
    number of its last change. Ask again for those in `more`."""
    messages, changes, more = in_turn(reading.newer, person(request), asked(request, Sync))
    return answer_json(SyncPage([raw(message) for message in messages], changes, more))


@router.get("/search", **told("GET", ResultsPage, asks=Search, refuses=["not_found"]))
def search(request: HttpRequest) -> HttpResponse:
    """One's messages with these words, newest first; ask on with the last id as `before`."""
    found = running.wait_for(ask(person(request), asked(request, Search)))
    page = first_that_fit(found.messages)
    return answer_json(
        ResultsPage(page, found.terms, found.more or len(page) < len(found.messages))
    )
