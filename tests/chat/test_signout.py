"""Who is signed out, suspended or deleted loses their sockets: at once, or within 30 seconds."""

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from chat.models import Account, Token
from chat.models.token import digest_of
from tests import http
from tests.chat.conftest import EMBEDDED
from tests.installation import Installation

PASSWORD = "correct horse battery"
CSRF = "c" * 32


@pytest.fixture(scope="module")
def never_looking(module_server: Callable[..., Installation]) -> Installation:
    return module_server(RECHECK_INTERVAL="3600")


@pytest.fixture
def server(never_looking: Installation) -> Iterator[Installation]:
    """It does not look again who may be connected: what takes effect here does so at once."""
    before = never_looking.log_length
    yield never_looking
    assert "Traceback" not in never_looking.log_since(before)


@pytest.fixture
def looking(topology: str, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """It looks again every few seconds."""
    shared = "shared_server" if topology == EMBEDDED else "shared_cluster"
    installation: Installation = request.getfixturevalue(shared)
    before = installation.log_length
    yield installation
    assert "Traceback" not in installation.log_since(before)


async def post(server, path: str, session: str, **fields: str) -> int:
    """Post a form of the pages in a browser session; the status."""
    body = urlencode({"csrfmiddlewaretoken": CSRF, **fields})
    answer = await http.request(
        server,
        "POST",
        path,
        body,
        {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": server.origin,
        },
    )
    return answer.status


async def test_signing_out_ends_the_sessions_sockets(server, alice):
    session, elsewhere = server.session(alice), server.session(alice)
    async with (
        server.connect(session=session, origin=server.origin) as tab,
        server.connect(session=session, origin=server.origin) as other_tab,
        server.connect(session=elsewhere, origin=server.origin) as phone,
        server.connect(alice) as program,
    ):
        assert await post(server, "/leave/", session) in (200, 302)
        for ws in (tab, other_tab):
            assert await ws.closed() == 4401
        await phone.barrier()
        await program.barrier()
    async with server.connect(session=session, origin=server.origin, hello=False) as ws:
        assert (await ws.expect("error"))["code"] == "unauthenticated"


async def test_revoking_a_token_ends_its_sockets(server, alice):
    spare = await server.database.run(lambda: issue(alice))
    pk = await server.database.run(lambda: Token.objects.get(digest=digest_of(spare)).pk)
    async with server.connect(alice) as kept, server.connect(token=spare) as ws:
        session = server.session(alice)
        assert await post(server, f"/account/tokens/{pk}/revoke/", session) in (200, 302)
        assert await ws.closed() == 4401
        await kept.barrier()


def issue(person) -> str:
    return Token.objects.issue(Account.objects.get(pk=person.name))[1]


async def test_deleting_the_account_ends_all_its_sockets(server, bob):
    alice = server.person("alice", password=PASSWORD)
    session = server.session(alice)
    async with (
        server.connect(session=session, origin=server.origin) as tab,
        server.connect(alice) as program,
        server.connect(bob) as his,
    ):
        await program.send_text(bob.name, "good-bye")
        assert await post(server, "/account/delete/", session, password=PASSWORD) in (200, 302)
        for ws in (tab, program):
            assert await ws.closed() == 4401
        assert (await his.refused("send", to=alice.name, body="hello?"))["code"] == "not_found"
    async with server.connect(bob) as his:
        (conversation,) = his.hello["conversations"]
        assert conversation["title"] == "Deleted account"
        page = await his.request("history", conversation=conversation["id"], limit=1)
        assert page["messages"][0]["body"] == "good-bye"


async def test_a_new_password_ends_all_sessions_and_tokens(server):
    alice = server.person("alice", password=PASSWORD)
    session, elsewhere = server.session(alice), server.session(alice)
    new = "a horse of another colour"
    async with (
        server.connect(session=elsewhere, origin=server.origin) as phone,
        server.connect(alice) as program,
    ):
        fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert await post(server, "/account/password/", session, **fields) in (200, 302)
        for ws in (phone, program):
            assert await ws.closed() == 4401
    async with server.connect(alice, hello=False) as ws:
        assert (await ws.expect("error"))["code"] == "unauthenticated"


async def test_what_ends_behind_the_servers_back_takes_effect_within_30_seconds(looking):
    """A row deleted by another process, a suspension whose news was lost."""
    server = looking
    names = ("revoked", "suspended", "deleted", "expired", "password", "kept")
    people = {name: server.person(name) for name in names}
    sessions = {name: server.session(people[name]) for name in ("expired", "password")}

    def end() -> None:
        from django.contrib.sessions.models import Session

        Token.objects.filter(account=people["revoked"].name).delete()
        account = Account.objects
        account.filter(pk=people["suspended"].name).update(is_active=False)
        account.filter(pk=people["deleted"].name).update(deleted_at=timezone.now())
        account.filter(pk=people["password"].name).update(password="changed")
        Session.objects.filter(pk=sessions["expired"]).delete()

    def connect(name: str):
        if session := sessions.get(name):
            return server.connect(session=session, origin=server.origin)
        return server.connect(people[name])

    ready = asyncio.Barrier(len(names))

    async def is_closed(name: str) -> None:
        async with connect(name) as ws:
            await ready.wait()
            assert await ws.closed(within=30) == 4401

    async with server.connect(people["kept"]) as kept:
        async with asyncio.TaskGroup() as group:
            for name in names[:-1]:
                group.create_task(is_closed(name))
            await ready.wait()
            await server.database.run(end)
        await kept.barrier()
