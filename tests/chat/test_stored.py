"""`stored`: what others sent and no client of this user has received."""

import pytest

from tests.server import dm


async def stored(ws, after=None):
    page = await ws.request("stored", after=after)
    assert page["type"] == "stored", page
    return page["messages"], page["more"]


async def test_nothing_is_stored_for_a_newcomer(server, alice):
    async with server.connect(alice) as ws:
        assert await stored(ws) == ([], False)


async def test_what_came_while_away_is_there_oldest_first(server, alice, bob, charlie):
    async with server.connect(alice) as hers, server.connect(charlie) as theirs:
        sent = []
        for number in range(3):
            sent.append(await hers.send_text(bob.name, f"from Alice {number}"))
            sent.append(await theirs.send_text(bob.name, f"from Charlie {number}"))
    async with server.connect(bob) as ws:
        messages, more = await stored(ws)
        assert (messages, more) == (sent, False)


async def test_ones_own_messages_are_left_out(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await his.send_text(alice.name, "mine")
        sent = await hers.send_text(bob.name, "hers")
        await his.send_text(alice.name, "mine again")
        assert await stored(his) == ([sent], False)


async def test_what_was_received_is_left_out(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        sent = await hers.send_texts(bob.name, [str(n) for n in range(10)])
        await his.send("received", conversation=dm(alice, bob), seq=4)
        assert await stored(his) == (sent[4:], False)
        await his.send("received", conversation=dm(alice, bob), seq=10)
        assert await stored(his) == ([], False)


async def test_what_another_client_of_the_user_received_is_left_out(server, alice, bob):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(bob) as phone,
    ):
        await hers.send_text(bob.name, "hello")
        await phone.send("received", conversation=dm(alice, bob), seq=1)
        await his.expect("received", seq=1)
        assert await stored(his) == ([], False)


@pytest.mark.parametrize("count", [100, 101, 250])
async def test_100_at_most_then_ask_on_with_the_last_id(server, alice, bob, charlie, count):
    async with server.connect(alice) as hers, server.connect(charlie) as theirs:
        sent = await hers.send_texts(bob.name, [str(n) for n in range(count // 2)])
        sent += await theirs.send_texts(bob.name, [str(n) for n in range(count - count // 2)])
    async with server.connect(bob) as ws:
        got, after, more = [], None, True
        while more:
            messages, more = await stored(ws, after)
            assert 0 < len(messages) <= 100
            got += messages
            after = got[-1]["id"]
    assert [m["id"] for m in got] == [m["id"] for m in sent]


async def test_large_bodies_are_cut_to_the_frame(server, alice, bob):
    async with server.connect(alice) as hers:
        sent = await hers.send_texts(bob.name, ["🙂" * 10_000 for _ in range(15)])
    async with server.connect(bob) as ws:
        got, after, more = [], None, True
        while more:
            messages, more = await stored(ws, after)
            got += messages
            after = got[-1]["id"]
        assert got == sent
        assert ws.largest <= 256 * 1024


async def test_an_id_that_is_not_there_is_refused_or_gives_nothing_of_others(
    server, alice, bob, charlie
):
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        secret = await hers.send_text(bob.name, "secret")
        for after in (secret["id"], "no-such-id", "00000000-0000-7000-8000-000000000000"):
            page = await ws.request("stored", after=after)
            assert page.get("messages", []) == []
            assert page.get("code", "not_found") in ("not_found", "invalid")


async def test_bad_fields_are_invalid(server, alice):
    async with server.connect(alice) as ws:
        for after in ("", "x" * 65, 5, ["x"]):
            assert (await ws.refused("stored", after=after))["code"] == "invalid", after
        assert (await ws.refused("stored", limit=5))["code"] == "invalid"
