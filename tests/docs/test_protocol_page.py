"""docs/protocol.md says what chat/protocol.py does, and what a real server answers."""

import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
import pytest

from chat import http_api, protocol
from chat.accounts.answers import STATUS
from chat.accounts.views import api
from chat.hub import MAX_CONNECTIONS
from chat.models import Account, Message, Token
from chat.names import RESERVED
from tests.client import Client, new_id
from tests.docs.pages import examples, fences, section
from tests.server import Person, Server
from tests.waiting import until_awaited

PAGE = "docs/protocol.md"
SERVER_FRAMES = {
    struct.__struct_config__.tag: struct for struct in protocol.ServerFrame.__subclasses__()
}
SHAPES = {
    "request": api.NewAccount,
    "answer": api.SignedIn,
    "refusal": http_api.Refusal,
    "message": protocol.Message,
    "conversation": protocol.Conversation,
}
OPTIONAL = {"request": {"invite": ""}}
Frame = dict[str, Any]


def as_sent(example: str, shape: type) -> Frame:
    """The example as the program would write it: every field there is, and no other."""
    decoded: Any = msgspec.json.decode(example, type=shape)
    frame: Frame = json.loads(msgspec.json.encode(decoded))
    return frame


def messages_in(value: Any) -> list[Frame]:
    """The messages anywhere in a frame."""
    if isinstance(value, dict):
        inside = [found for part in value.values() for found in messages_in(part)]
        return [value, *inside] if "sent_at" in value else inside
    if isinstance(value, list):
        return [found for part in value for found in messages_in(part)]
    return []


def requests() -> list[Frame]:
    return [json.loads(line) for line in examples(PAGE, "client")]


def answers() -> dict[str, Frame]:
    """The examples of the server that answer a request, by its id."""
    frames = [json.loads(line) for line in examples(PAGE, "server")]
    return {frame["id"]: frame for frame in frames if "id" in frame}


# ---- the page and the types -------------------------------------------------------------------


def test_every_json_example_says_what_it_is():
    roles = {fence.role for fence in fences(PAGE) if fence.language == "json"}
    assert roles == {"client", "server", *SHAPES}


@pytest.mark.parametrize("line", examples(PAGE, "client"))
def test_a_clients_frame_is_one(line):
    protocol.decode(line)


@pytest.mark.parametrize("line", examples(PAGE, "server"))
def test_a_servers_frame_is_one_and_whole(line):
    frame = json.loads(line)
    assert as_sent(line, SERVER_FRAMES[frame["type"]]) == frame
    for message in messages_in(frame):
        assert as_sent(json.dumps(message), protocol.Message) == message


@pytest.mark.parametrize(
    ("role", "line"), [(role, line) for role in SHAPES for line in examples(PAGE, role)]
)
def test_other_examples_have_their_shape(role, line):
    assert as_sent(line, SHAPES[role]) == json.loads(line) | OPTIONAL.get(role, {})


def test_every_frame_has_an_example():
    assert {frame["type"] for frame in requests()} == protocol.FRAME_TYPES
    shown = {json.loads(line)["type"] for line in examples(PAGE, "server")}
    assert shown == SERVER_FRAMES.keys()


def test_every_error_code_is_in_the_table_and_no_other():
    codes = {error.code for error in protocol.ChatError.__subclasses__()}
    told = set(re.findall(r"^\| `(\w+)` \|", section(PAGE, "## Errors"), re.M))
    assert told == codes


def test_every_closing_code_is_in_the_table_and_no_other():
    codes = {value for name, value in vars(protocol.Close).items() if name.isupper()}
    told = set(map(int, re.findall(r"^\| (\d{4}) \|", section(PAGE, "## Closing"), re.M)))
    assert told == codes


def test_every_status_of_the_api_is_in_its_table():
    text = section(PAGE, "## Accounts and tokens")
    told = set(re.findall(r"^\| (\d{3}) \| `(\w+)` \|", text, re.M))
    assert told <= {(str(status), code) for code, status in STATUS.items()} | {("405", "invalid")}


def test_the_limits_are_the_programs():
    text = section(PAGE, "## Limits")
    for number in (
        f"{protocol.MAX_CLIENT_FRAME // 1024} KiB; {protocol.MAX_SERVER_FRAME // 1024} KiB",
        f"{protocol.MAX_ID}; {protocol.MAX_BODY:,} characters",
        f"{protocol.MAX_HISTORY}; {protocol.MAX_SYNC:,}",
        f"| {protocol.MAX_CONVERSATIONS} |",
        f"| {MAX_CONNECTIONS} |",
    ):
        assert number in text
    hello = next(json.loads(e) for e in examples(PAGE, "server") if '"hello"' in e)
    assert hello["limits"] == msgspec.to_builtins(protocol.Limits())
    assert hello["version"] == protocol.VERSION


def test_reserved_names_and_kinds_of_messages_are_named():
    text = section(PAGE, "## Names, messages, conversations")
    assert [name for name in RESERVED if f"`{name}`" not in text] == []
    assert [kind for kind in Message.Kind.values if f"`{kind}`" not in text] == []


# ---- the page and a server --------------------------------------------------------------------


def shape(value: Any) -> Any:
    """What a frame consists of; which words, numbers and times stand in it aside."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value[:1]]
    return type(value).__name__


def people(server: Server, *names: str) -> list[Person]:
    """Accounts with exactly these names, which the page's examples have."""

    def make() -> list[Person]:
        return [
            Person(name, Token.objects.issue(Account.objects.create(name=name))[1])
            for name in names
        ]

    return server.database.call(make)


async def test_a_server_answers_as_the_page_says(own_server: Callable[..., Server]):
    server = own_server()
    alice, bob = people(server, "alice", "bob")
    answered = answers()
    made: dict[str, str] = {}
    """The ids of messages in the examples, and what they are here."""
    async with server.connect(alice) as alices, server.connect(bob) as bobs:
        for request in requests():
            if "message" in request:
                request["message"] = made[request["message"]]
            if "id" not in request:
                await alices.send(**request)
                continue
            if request["type"] == "search":
                await until_awaited(partial(finds, alices, request))
            answer = await alices.request(**request)
            assert answer["type"] == answered[request["id"]]["type"]
            assert shape(answer) == shape(answered[request["id"]]), answer
            if request["type"] == "send":
                made[answered[request["id"]]["message"]["id"]] = answer["message"]["id"]
                await bobs.send_text("alice", "Hi Alice!")
        await alices.nothing("error")


async def finds(client: Client, request: Frame) -> bool:
    """Whether there are results: what was just sent is found a little later."""
    return bool((await client.request(**{**request, "id": new_id()})).get("messages"))


async def test_subscribing_goes_as_the_page_says(own_server: Callable[..., Server]):
    """The feed comes, then the answer; it is left, then comes the answer; and who may write."""
    server = own_server()
    [alice] = people(server, "alice")
    feed = "device:thermometer1"
    async with server.connect(alice) as client:
        await client.send_text("thermometer1", "subscribe")
        frames = [frame async for frame in until_answered(client)]
        [entered] = [f for f in frames if is_of(f, "conversation", feed)]
        shown = [
            json.loads(e)
            for e in examples(PAGE, "server")
            if is_of(json.loads(e), "conversation", feed)
        ]
        assert shape(entered) == shape(shown[0])
        refusal = await client.request("send", id="f1", to=feed, body="21 °C")
        assert (refusal["type"], refusal["code"]) == ("error", "forbidden")
        await client.send_text("thermometer1", "unsubscribe")
        assert {"type": "left", "conversation": feed} in [f async for f in until_answered(client)]
        refusal = await client.request("sync", id="f2", since={feed: 0})
        assert refusal["code"] == "not_found"


def is_of(frame: Frame, type: str, conversation: str) -> bool:
    return frame["type"] == type and frame["conversation"]["id"] == conversation


async def until_answered(client: Client) -> AsyncIterator[Frame]:
    """All frames before the device's next answer."""
    while True:
        frame = await client.expect()
        if frame["type"] == "message" and frame["message"]["kind"] == "text":
            return
        yield frame


@contextmanager
def running(program: str, *arguments: str) -> Iterator[None]:
    """The program as a process of its own, ended without warning."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], env={**os.environ, "NO_PROXY": "*"}
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def test_the_pages_client_answers_once_whatever_dies(own_server: Callable[..., Server]):
    server = own_server()
    alice, echo = people(server, "alice", "echo")
    [program] = [fence.text for fence in fences(PAGE) if fence.language == "python"]
    async with server.connect(alice) as client:
        await client.send_texts("echo", ["one", "two"])
        with running(program, server.host, "echo", echo.token):
            await client.expect("message", message={"body": "two"})
    server.kill()
    server.start()
    async with server.connect(alice) as client:
        await client.send_text("echo", "three")
        with running(program, server.host, "echo", echo.token):
            await client.expect("message", message={"body": "three"})
            await client.send_text("echo", "four")
            await client.expect("message", message={"body": "four"})
        page = await client.request("history", conversation="dm:alice:echo", before=None, limit=100)
    answers = [message["body"] for message in page["messages"] if message["sender"] == "echo"]
    assert sorted(answers) == sorted(["one", "two", "three", "four"])
