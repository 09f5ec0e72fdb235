"""A person fetches all that is theirs, and nobody else does."""

import json
from collections.abc import Callable

import pytest
from django.utils import timezone

from chat.models import Download
from tests.chat.rooming import made
from tests.chat.transfer.browsing import PAGE, Browser, lines, unpacked
from tests.installation import Installation, dm

NASTY = '<script>alert("&")</script> 🌡 \u2028 "quoted"'


@pytest.fixture(scope="module")
def any_server(
    topology: str, module_server: Callable[..., Installation], tmp_path_factory
) -> Installation:
    """One whose workers and web processes share the folder of the copies."""
    folder = str(tmp_path_factory.mktemp("downloads"))
    more = {} if topology == "embedded" else {"background": True}
    return module_server(DOWNLOAD_DIR=folder, **more)


@pytest.fixture
def server(any_server: Installation) -> Installation:
    return any_server


async def test_it_holds_all_that_is_theirs_and_nothing_else(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(charlie) as his:
        await hers.send_texts(bob.name, ["one", NASTY, "three"])
        await his.send_text(bob.name, "a secret of Charlie's")
        room = await made(hers)
        await hers.send_text(room, "in the room")
    browser = Browser(server, alice)
    assert (await browser.post(f"{PAGE}ask/")).status == 302
    got = await browser.get(await browser.link())
    assert got.headers["Cache-Control"].find("no-store") >= 0
    assert f'filename="p2p-chat-{alice.name}-' in got.headers["Content-Disposition"]
    archive = unpacked(got.body)
    bodies = [line["body"] for line in lines(archive, "message")]
    assert {"one", NASTY, "three", "in the room"} <= set(bodies)
    assert {line["id"] for line in lines(archive, "conversation")} == {dm(alice, bob), room}
    profile = json.loads(archive.read("account.json"))
    assert profile["name"] == alice.name
    assert {"devices", "bots"} <= profile.keys()
    assert not any("Charlie" in archive.read(name).decode() for name in archive.namelist())


async def test_its_pages_show_what_was_written_as_text(server, alice, bob):
    async with server.connect(alice) as hers:
        await hers.send_text(bob.name, NASTY)
    browser = Browser(server, alice)
    await browser.post(f"{PAGE}ask/")
    archive = unpacked((await browser.get(await browser.link())).body)
    page = archive.read(f"conversations/dm+{'+'.join(dm(alice, bob).split(':')[1:])}.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(&quot;&amp;&quot;)" in page
    assert "http://" not in page
    assert "https://" not in page


async def test_the_link_alone_opens_nothing(server, alice, bob):
    hers = Browser(server, alice)
    await hers.post(f"{PAGE}ask/")
    link = await hers.link()
    assert (await Browser(server, bob).get(link)).status == 404
    assert (await Browser(server, None).get(link)).status == 302  # to the join page
    assert (await hers.get(f"{PAGE}{'0' * 64}/")).status == 404
    assert (await hers.get(link)).status == 200


async def test_it_can_be_taken_back(server, alice):
    browser = Browser(server, alice)
    await browser.post(f"{PAGE}ask/")
    link = await browser.link()
    await browser.post(f"{PAGE}revoke/")
    assert (await browser.get(link)).status == 404
    assert b"Make my file" in (await browser.get(PAGE)).body


async def test_one_is_made_at_a_time_and_not_too_often(server, alice):
    browser = Browser(server, alice)
    for _ in range(3):
        assert (await browser.post(f"{PAGE}ask/")).status == 302
        await browser.link()
    refused = await browser.post(f"{PAGE}ask/")
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0


async def test_it_expires(server, alice):
    browser = Browser(server, alice)
    await browser.post(f"{PAGE}ask/")
    link = await browser.link()
    rows = Download.objects.filter(account=alice.name)
    server.database.call(lambda: rows.update(expires_at=timezone.now()))
    assert (await browser.get(link)).status == 404
