"""Incoming webhooks: made, listed and revoked by who governs a room; used by who has the URL."""

import re
from urllib.parse import parse_qs

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Router

from chat import paces
from chat.api.answers import Hooks, NewHook, ShownHook
from chat.api.asked import asked, convert, read_object
from chat.api.doors import person
from chat.api.told import told
from chat.http_api import answer_json, answer_nothing, read_body
from chat.models import Webhook
from chat.protocol import MAX_CLIENT_FRAME, MAX_ID, Invalid, Message, RoomRequest, format_time
from chat.rooms import webhooks

router = Router(tags=["webhooks"])
SAID = ("invalid", "not_found", "forbidden", "rate_limited", "unavailable", "conflict")
KEY = re.compile(rf"[\x21-\x7e]{{1,{MAX_ID}}}")
KEY_HEADER = {"in": "header", "name": "Idempotency-Key", "required": False,
              "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"}}  # fmt: skip


class MakeHook(RoomRequest, kw_only=True):
    name: str
    title: str = ""


class Said(Struct):
    """What a program has to say; other fields, such as Slack's, are passed over."""

    text: str


@router.get("/rooms/{room}/hooks", **told("GET", Hooks, refuses=["not_found"]))
def list_hooks(request: HttpRequest, room: str) -> HttpResponse:
    """A room's webhooks, without their URLs; for its owner and moderators."""
    return answer_json(
        Hooks([ShownHook(*_shown(h)) for h in webhooks.listed(person(request), room)])
    )


@router.post(
    "/rooms/{room}/hooks",
    **told("POST", NewHook, 201, asks=MakeHook, path=["room"], refuses=["not_found", "conflict"]),
)
def make_hook(request: HttpRequest, room: str) -> HttpResponse:
    """Make a webhook. What comes to its URL, which is shown this once, is posted into the room in
    the name of a new account called `name`."""
    frame, account = asked(request, MakeHook, room=room), person(request)
    paces.take_act(account)
    hook, token = webhooks.make(account, frame.room, frame.name, frame.title)
    url = request.build_absolute_uri(f"/api/v1/hooks/{token}")
    return answer_json(NewHook(*_shown(hook), url=url), 201)


@router.delete("/rooms/{room}/hooks/{name}", **told("DELETE", None, 204, refuses=["not_found"]))
def revoke_hook(request: HttpRequest, room: str, name: str) -> HttpResponse:
    """The URL is good for nothing from now on."""
    account = person(request)
    paces.take_act(account)
    webhooks.revoke(account, room, name)
    return answer_nothing()


@router.post(
    "/hooks/{token}",
    auth=None,
    **told("POST", Message, (200, 201), asks_json=msgspec.json.schema(Said), always=SAID,
           parameters=[KEY_HEADER]),
)  # fmt: skip
def say(request: HttpRequest, token: str) -> HttpResponse:
    """Post into the room of the webhook: JSON with `text`, Slack's form with `payload`, or plain
    text. Under the same Idempotency-Key it is posted once."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not KEY.fullmatch(key):
        raise Invalid(
            f"The header Idempotency-Key must be 1 to {MAX_ID} letters, digits and signs."
        )
    outcome = webhooks.say(token, _text(request), key)
    if outcome.message is None:
        raise outcome.error or RuntimeError("A post without an outcome.")
    return answer_json(outcome.message, 200 if outcome.repeated else 201)


def _text(request: HttpRequest) -> str:
    raw = read_body(request, MAX_CLIENT_FRAME)
    if request.content_type == "text/plain":
        return _decoded(raw)
    if request.content_type == "application/x-www-form-urlencoded":
        raw = parse_qs(_decoded(raw)).get("payload", [""])[0].encode()
    elif request.content_type != "application/json":
        raise Invalid("The header Content-Type must be application/json or text/plain.")
    return convert(read_object(raw), Said).text


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise Invalid("The body must be in UTF-8.") from None


def _shown(hook: Webhook) -> tuple[str, str, str, str, str, str | None]:
    used = format_time(hook.last_used_at) if hook.last_used_at else None
    return (
        hook.account_id, hook.account.shown_title, hook.room_id, hook.created_by_id,
        format_time(hook.created_at), used,
    )  # fmt: skip
