"""A person fetches all that is theirs, and nobody else does."""

import asyncio
import json
from pathlib import Path

from django.utils import timezone

from chat.models import Download, Message
from chat.transfer import downloads
from tests.chat.rooming import made
from tests.chat.transfer.browsing import PAGE, Browser, lines, unpacked
from tests.chatproject.programs import manage
from tests.cluster.cluster import Cluster
from tests.installation import Installation, dm
from tests.server import Server

MOST_IN_A_ROW = 2 * downloads.AT_ONCE
"""Two processes agree on a limit a moment later."""
NASTY = '<script>alert("&")</script> 🌡 \u2028 "quoted"'


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
    asked = 0
    while (answer := await browser.post(f"{PAGE}ask/")).status == 302:
        asked += 1
        assert asked <= MOST_IN_A_ROW
        await browser.link()
    assert (answer.status, asked >= downloads.AT_ONCE) == (429, True)
    assert int(answer.headers["Retry-After"]) > 0


async def test_it_expires(server, alice):
    browser = Browser(server, alice)
    await browser.post(f"{PAGE}ask/")
    link = await browser.link()
    rows = Download.objects.filter(account=alice.name)
    server.database.call(lambda: rows.update(expires_at=timezone.now()))
    assert (await browser.get(link)).status == 404


async def test_what_was_downloaded_is_brought_back_while_people_are_here(
    server, alice, bob, tmp_path
):
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, ["one", "two", f"@{bob.name} three"])
    browser = Browser(server, alice)
    await browser.post(f"{PAGE}ask/")
    path = tmp_path / "alice.zip"
    path.write_bytes((await browser.get(await browser.link())).body)
    last = Message.objects.filter(conversation=dm(alice, bob), seq__gt=1)
    server.database.call(last.delete)
    async with server.connect(bob) as his:
        environment = environment_of(server)
        result = await asyncio.to_thread(
            manage, "import", str(path), data_dir=Path(environment.pop("DATA_DIR")), **environment
        )
        assert "2 messages are brought in; 1 were here already." in result.stdout, result.stderr
        if environment.get("REDIS_URL"):  # else nobody hears of it
            await his.expect("resync")
        await his.nothing("message")
        page = await his.request("history", conversation=dm(alice, bob), before=None, limit=10)
        bodies = [message["body"] for message in page["messages"]]
        assert bodies == ["one", "two", f"@{bob.name} three"]


def environment_of(server: Installation) -> dict[str, str]:
    """Of one of its processes."""
    process = server.webs[0] if isinstance(server, Cluster) else server
    assert isinstance(process, Server)
    return {**process._process.environment}
