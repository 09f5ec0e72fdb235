"""Charlie sees nothing of what Alice and Bob say to each other."""

import pytest

from tests.server import dm

QUESTIONS = {
    "send": {"body": "let me in", "to": "{dm}"},
    "sync": {"since": {"{dm}": 0}},
    "history": {"conversation": "{dm}", "before": None, "limit": 10},
    "received": {"conversation": "{dm}", "seq": 1},
    "read": {"conversation": "{dm}", "seq": 1},
    "typing": {"conversation": "{dm}"},
}


def about(conversation: str, value):
    if isinstance(value, dict):
        return {about(conversation, k): about(conversation, v) for k, v in value.items()}
    return conversation if value == "{dm}" else value


@pytest.mark.parametrize("type", QUESTIONS)
@pytest.mark.parametrize("exists", [True, False], ids=["exists", "does-not"])
async def test_it_is_not_found_whether_it_exists_or_not(server, alice, bob, charlie, type, exists):
    """The two answers are alike: nobody learns from them who talks to whom."""
    conversation = dm(alice, bob)
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        if exists:
            await hers.send_text(bob.name, "between us")
        error = await ws.refused(type, **about(conversation, QUESTIONS[type]))
        assert error["code"] == "not_found"
        assert error["detail"].replace(conversation, "…") == (
            await ws.refused(type, **about("dm:a:b", QUESTIONS[type]))
        )["detail"].replace("dm:a:b", "…")


async def test_no_live_frame_of_theirs_reaches_an_outsider(server, alice, bob, charlie):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as ws,
    ):
        message = await hers.send_text(bob.name, "between us")
        await his.expect("message", message=message)
        await his.send("typing", conversation=dm(alice, bob))
        await his.send("received", conversation=dm(alice, bob), seq=1)
        await his.send("read", conversation=dm(alice, bob), seq=1)
        await hers.expect("typing")
        await hers.expect("received")
        await hers.expect("read")
        await ws.nothing_about(dm(alice, bob))
        await ws.nothing_about("between us")


async def test_nothing_of_theirs_is_in_an_outsiders_lists(server, alice, bob, charlie):
    async with server.connect(alice) as hers:
        await hers.send_text(bob.name, "between us")
    async with server.connect(charlie) as ws:
        assert ws.hello["conversations"] == []
        for person in ws.hello["people"]:
            assert person["name"] not in (alice.name, bob.name) or person["online"]
        assert (await ws.request("conversations", limit=200))["conversations"] == []
        assert (await ws.request("stored", after=None))["messages"] == []


async def test_the_id_of_anothers_message_gives_nothing_away(server, alice, bob, charlie):
    """The same client id from somebody else is somebody else's message."""
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        await hers.send_text(bob.name, "between us", id="same-id")
        message = await ws.send_text(bob.name, "hello Bob", id="same-id")
        assert (message["sender"], message["body"]) == (charlie.name, "hello Bob")
