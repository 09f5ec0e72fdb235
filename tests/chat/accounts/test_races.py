"""Many at once, against a real server: one gets it, the others are told so."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Sequence

import pytest

from chat.accounts import invites
from chat.models import Account, Invite
from tests import http
from tests.chat.accounts.conftest import PASSWORD
from tests.client import new_id
from tests.installation import Installation
from tests.people import people

AT_ONCE = 4
JSON = {"Content-Type": "application/json"}


async def make(server, name: str, **fields: str) -> http.Answer:
    body = json.dumps({"username": name, "password": PASSWORD, **fields})
    return await http.request(server, "POST", "/api/v1/accounts", body, JSON)


def codes(answers: list[http.Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


async def test_one_name_is_given_out_once(server):
    name = f"dora-{new_id()[:8]}"
    answers = await asyncio.gather(*(make(server, name) for _ in range(AT_ONCE)))
    assert codes(answers) == {201: 1, 409: AT_ONCE - 1}


@pytest.mark.embedded("on many processes it is tested in test_many_processes.py")
async def test_an_invitation_is_used_no_more_often_than_it_says(own_server):
    server = own_server(REGISTRATION="invite")

    await one_invitation_for_two(server, [server])


async def one_invitation_for_two(installation, doors: Sequence[Installation]) -> None:
    """As many as come at once, by these doors in turn, use up an invitation that two may use."""

    def invite() -> str:
        host = Account.objects.create(name=f"host-{new_id()[:8]}")
        return invites.make(host, uses=2, days=1).code

    code = await installation.database.run(invite)
    names = [f"guest{number}" for number in range(AT_ONCE)]
    answers = await asyncio.gather(
        *(make(door, name, invite=code) for door, name in zip(itertools.cycle(doors), names))
    )
    assert codes(answers) == {201: 2, 403: AT_ONCE - 2}
    assert await installation.database.run(lambda: Invite.objects.get().uses_left) == 0
    made = people().filter(name__startswith="guest")
    assert await installation.database.run(made.count) == 2


async def test_a_lockout_is_answered_by_the_server_itself(server):
    """Only a server runs axes' asynchronous middleware, whose callable gets other arguments."""
    alice = server.person("alice", password=PASSWORD)
    body = json.dumps({"username": alice.name, "password": "wrong"})
    answers = [await http.request(server, "POST", "/api/v1/tokens", body, JSON) for _ in range(6)]
    assert [answer.status for answer in answers] == [401, 401, 401, 401, 429, 429]
    csrf = "c" * 32
    form = f"csrfmiddlewaretoken={csrf}&username={alice.name}&password=wrong"
    page = await http.request(
        server,
        "POST",
        "/admin/login/",
        form,
        {"Cookie": f"csrftoken={csrf}", "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert page.status == 429
    assert "Retry-After" in page.headers
    assert "Too many wrong passwords" in page.body
