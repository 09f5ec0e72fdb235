"""A backup in the middle of talk, a restore, and all that must hold after it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.client import Client
from tests.deploy.contents import Contents, assert_whole, contents, last_seq
from tests.deploy.programs import in_path
from tests.deploy.stack import Stack
from tests.installation import Installation
from tests.services.postgres import bin_folder
from tests.waiting import until

FEWEST = 20
"""Messages acked before the backup begins, so that it is taken in the middle of writing."""
PASSWORD = "correct horse battery staple"
Acked = list[dict[str, Any]]


# ---- people who talk while it is done ---------------------------------------------------------


async def chatter(client: Client, partner: str, acked: Acked) -> None:
    """Send on and on, and read what comes: messages, cursors and hints move all the time."""
    while True:
        message = await client.send_text(partner, "hello")
        acked.append(message)
        await client.send("read", conversation=message["conversation"], seq=message["seq"])


@asynccontextmanager
async def talking(stack: Installation, alice: Any, bob: Any) -> AsyncIterator[Acked]:
    """Both send all the while; gives what is acked by now, and is still growing."""
    acked: Acked = []
    async with stack.connect(alice) as alices, stack.connect(bob) as bobs:
        tasks = [asyncio.create_task(chatter(alices, bob.name, acked)),
                 asyncio.create_task(chatter(bobs, alice.name, acked))]  # fmt: skip
        await until(lambda: len(acked) >= FEWEST)
        yield acked
        assert not any(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def sign_in(stack: Installation, name: str) -> int:
    """By form, as a browser does; 302 leads into the chat."""
    form = HTTPConnection("127.0.0.1", stack.port, 30)
    form.request("GET", "/join/")
    answer = form.getresponse()
    answer.read()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    token = cookie.partition("=")[2]
    body = f"name={name}&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={token}"
    form.request("POST", "/join/", body, headers)
    return form.getresponse().status


async def back_up_and_restore(
    stack: Stack, back_up: Callable[[], Any], restore: Callable[[], Any]
) -> Contents:
    """All of it; gives what is there after the restore, when people have begun to talk again."""
    alice, bob = stack.person("alice"), stack.person("bob", password=PASSWORD)
    session = stack.session(alice)
    async with talking(stack, alice, bob) as acked:
        before = list(acked)
        await asyncio.to_thread(back_up)
    async with stack.connect(alice) as client:
        lost = await client.send_text(bob.name, "after the backup")
    for web in stack.webs:
        await asyncio.to_thread(web.terminate)
    await asyncio.to_thread(restore)
    found = contents(stack.database)
    assert_whole(found, before)
    assert lost["id"] not in {message["id"] for message in found["Message"]}
    await asyncio.to_thread(stack.restore)
    assert await asyncio.to_thread(sign_in, stack, bob.name) == 302
    browser = stack.connect(session=session, origin=stack.origin)
    async with browser as again, stack.connect(bob) as bobs:
        message = await again.send_text(bob.name, "and on")
        await bobs.expect("message", message={"id": message["id"]})
        assert message["seq"] == last_seq(found, message["conversation"]) + 1
    return found


def postgres_environment(url: str) -> dict[str, str]:
    """What docker-compose.yml gives the service, and where it is here."""
    place = urlsplit(url)
    return {
        "PATH": f"{bin_folder()}:{in_path()}",
        "PGHOST": str(place.hostname),
        "PGPORT": str(place.port),
        "PGUSER": str(place.username),
        "PGDATABASE": place.path.lstrip("/"),
    }
