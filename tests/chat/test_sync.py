"""`sync`: what is newer in the conversations named, in pieces, whole in the end."""

import pytest

from tests.server import dm

IN_ONE_PLACE = pytest.mark.embedded("one process answers by itself")


async def sync(ws, since):
    """All messages of one sync, the sizes of its frames, and its `more`."""
    answer = await ws.request("sync", since=since)
    assert answer["type"] == "synced", answer
    frames = [frame["messages"] for frame in await ws.seen("messages")]
    return [m for frame in frames for m in frame], list(map(len, frames)), answer["more"]


async def test_it_gives_what_is_newer(server, alice, bob):
    async with server.connect(alice) as ws:
        sent = await ws.send_texts(bob.name, [str(n) for n in range(1, 8)])
    async with server.connect(bob) as ws:
        assert await sync(ws, {dm(alice, bob): 0}) == (sent, [7], [])
        assert await sync(ws, {dm(alice, bob): 5}) == (sent[5:], [2], [])
        assert await sync(ws, {dm(alice, bob): 7}) == ([], [], [])
        assert await sync(ws, {dm(alice, bob): 2**53 - 1}) == ([], [], [])
        assert await sync(ws, {}) == ([], [], [])


async def test_the_answer_repeats_the_id(server, alice):
    async with server.connect(alice) as ws:
        await ws.send("sync", id="mine", since={})
        assert await ws.expect("synced") == {
            "type": "synced", "id": "mine", "more": [], "changes": {},
        }  # fmt: skip


async def test_messages_come_before_synced(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "hello")
        await ws.send("sync", id="s", since={dm(alice, bob): 0})
        while (frame := await ws.expect())["type"] not in ("messages", "synced"):
            pass
        assert frame["type"] == "messages"
        await ws.expect("synced", id="s")


async def test_1000_at_most_and_100_a_frame(server, alice, bob):
    conversation = dm(alice, bob)
    async with server.connect(alice) as ws, server.connect(bob) as his:
        sent = await ws.send_texts(bob.name, [str(n) for n in range(1_000)])
        messages, _, more = await sync(ws, {conversation: 0})
        assert (len(messages), more) == (1_000, [])
        sent += await ws.send_texts(bob.name, [str(n) for n in range(1_000, 1_020)])
        await his.seen("message")
        messages, frames, more = await sync(his, {conversation: 0})
        assert messages == sent[:1_000]
        assert max(frames) <= 100
        assert more == [conversation]
        messages, _, more = await sync(his, {conversation: messages[-1]["seq"]})
        assert (messages, more) == (sent[1_000:], [])


async def test_several_conversations_share_the_1000(server, alice, bob, charlie):
    with_bob, with_charlie = dm(alice, bob), dm(alice, charlie)
    async with server.connect(alice) as ws:
        sent = await ws.send_texts(bob.name, [f"b{n}" for n in range(520)])
        sent += await ws.send_texts(charlie.name, [f"c{n}" for n in range(520)])
        since, got = {with_bob: 0, with_charlie: 0}, []
        rounds = 0
        while since:
            messages, _, more = await sync(ws, since)
            assert len(messages) <= 1_000
            got += messages
            newest = {m["conversation"]: m["seq"] for m in got}
            since = {conversation: newest.get(conversation, 0) for conversation in more}
            rounds += 1
        assert rounds == 2
    for conversation in (with_bob, with_charlie):
        seqs = [m["seq"] for m in got if m["conversation"] == conversation]
        assert seqs == list(range(1, 521))
    assert sorted(m["id"] for m in got) == sorted(m["id"] for m in sent)


@IN_ONE_PLACE
async def test_no_frame_is_over_256_kib(server, alice, bob):
    """100 bodies of 10,000 characters, four bytes each, are 4 MB: many frames, none too large."""
    async with server.connect(alice) as ws:
        sent = await ws.send_texts(bob.name, ["🙂" * 10_000 for _ in range(40)])
    async with server.connect(bob) as ws:
        messages, frames, more = await sync(ws, {dm(alice, bob): 0})
        assert messages == sent
        assert ws.largest <= 256 * 1024
        assert (len(frames) > 1, more) == (True, [])


@IN_ONE_PLACE
async def test_large_bodies_are_all_given_or_more_says_so(server, alice, bob):
    conversation = dm(alice, bob)
    async with server.connect(alice) as ws:
        sent = await ws.send_texts(bob.name, [f"{n:04}" + "x" * 9_996 for n in range(450)])
    async with server.connect(bob) as ws:
        got: list[dict] = []
        more = [conversation]
        while more:
            messages, _, more = await sync(ws, {conversation: len(got)})
            assert messages
            got += messages
    assert [m["seq"] for m in got] == [m["seq"] for m in sent]


@IN_ONE_PLACE
async def test_escaped_bodies_do_not_break_the_limit(server, alice, bob):
    """A control character takes six bytes on the wire."""
    async with server.connect(alice) as ws:
        sent = await ws.send_texts(bob.name, ["\x01" * 9_999 + "x" for _ in range(12)])
    async with server.connect(bob) as ws:
        messages, _, _ = await sync(ws, {dm(alice, bob): 0})
        assert messages == sent
        assert ws.largest <= 256 * 1024


async def test_live_messages_go_on_between_the_pieces(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, [str(n) for n in range(350)])
        await his.seen("message")
        await his.send("sync", id="s", since={dm(alice, bob): 0})
        live = await hers.send_text(bob.name, "live")
        await his.expect("synced", id="s")
        await his.expect("message", message=live)


async def test_what_is_not_ones_own_is_not_found(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        await hers.send_text(bob.name, "secret")
        for conversation in (dm(alice, bob), "dm:no-such:nobody", "room:lobby", "none", "", "\0"):
            error = await ws.refused("sync", since={conversation: 0})
            assert error["code"] == "not_found", conversation
        await ws.nothing("messages")


@IN_ONE_PLACE
async def test_bad_fields_are_invalid(server, alice, bob):
    conversation = dm(alice, bob)
    async with server.connect(alice) as ws:
        for since in (
            {conversation: -1},
            {conversation: 2**53},
            {conversation: "1"},
            {conversation: 1.5},
            {conversation: None},
            [conversation],
            None,
            "all",
        ):
            assert (await ws.refused("sync", since=since))["code"] == "invalid", since
        assert (await ws.refused("sync"))["code"] == "invalid"


async def test_thousands_of_conversations_may_be_named(server, alice, bob):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "hello")
        since = {f"dm:a{number}:b": 0 for number in range(3_000)}
        assert (await ws.refused("sync", since=since))["code"] == "not_found"
        assert (await sync(ws, {dm(alice, bob): 0}))[2] == []
