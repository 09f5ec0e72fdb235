"""`received` and `read`: forward only, clamped, told to whom they concern, kept."""

import pytest

from tests.server import dm
from tests.waiting import until_awaited

IN_ONE_PLACE = pytest.mark.embedded("it is judged by the process that it comes to")

CURSORS = pytest.mark.parametrize("cursor", ["received", "read"])


def seq_of(ws, cursor: str) -> int:
    (conversation,) = ws.hello["conversations"]
    return conversation[f"{cursor}_seq"]


async def keeps(server, person, cursor: str, seq: int) -> None:
    """Wait until the next connection of `person` sees the cursor there: what one process was told,
    another one hears of a moment later."""

    async def is_there() -> bool:
        async with server.connect(person) as ws:
            return seq_of(ws, cursor) == seq

    await until_awaited(is_there)


@CURSORS
async def test_it_reaches_the_other_side_and_ones_own_other_connections(server, alice, bob, cursor):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(bob) as phone,
    ):
        await hers.send_text(bob.name, "hello")
        await his.send(cursor, conversation=dm(alice, bob), seq=1)
        for ws in (hers, phone):
            assert await ws.expect(cursor) == {
                "type": cursor,
                "conversation": dm(alice, bob),
                "user": bob.name,
                "seq": 1,
            }
        await his.nothing(cursor)
        await his.nothing("error")


@CURSORS
async def test_it_is_kept(server, alice, bob, cursor):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, ["one", "two", "three"])
        await his.send(cursor, conversation=dm(alice, bob), seq=2)
        await hers.expect(cursor, seq=2)
    await keeps(server, bob, cursor, 2)


@CURSORS
async def test_it_only_moves_forward(server, alice, bob, cursor):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, ["one", "two", "three"])
        await his.send(cursor, conversation=dm(alice, bob), seq=2)
        await hers.expect(cursor, seq=2)
        await his.send(cursor, conversation=dm(alice, bob), seq=1)
        await his.send(cursor, conversation=dm(alice, bob), seq=0)
        await his.send(cursor, conversation=dm(alice, bob), seq=2)
        await his.send(cursor, conversation=dm(alice, bob), seq=3)
        await hers.expect(cursor, seq=3)
        await hers.nothing(cursor)
    await keeps(server, bob, cursor, 3)


@CURSORS
async def test_it_does_not_go_back_on_another_connection(server, alice, bob, cursor):
    async with server.connect(alice) as hers:
        await hers.send_texts(bob.name, ["one", "two", "three"])
        for seq in (2, 1, 3):
            async with server.connect(bob) as his:
                await his.send(cursor, conversation=dm(alice, bob), seq=seq)
                await his.barrier()
                if seq > 1:  # what comes next may come to another process
                    await hers.expect(cursor, seq=seq)
        await hers.nothing(cursor, seq=1)
    await keeps(server, bob, cursor, 3)


@CURSORS
async def test_it_is_clamped_to_the_last_seq(server, alice, bob, cursor):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, ["one", "two"])
        await his.send(cursor, conversation=dm(alice, bob), seq=2**53 - 1)
        assert (await hers.expect(cursor))["seq"] == 2
        await his.nothing("error")
    await keeps(server, bob, cursor, 2)


async def test_the_other_sides_cursors_come_with_a_conversation(server, alice, bob):
    """So that marks of what was received and read are there after a reload, too."""
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, ["one", "two", "three"])
        await his.send("received", conversation=dm(alice, bob), seq=3)
        await his.send("read", conversation=dm(alice, bob), seq=1)
        await hers.expect("received", seq=3)
        await hers.expect("read", seq=1)

    async def are_shown() -> bool:
        """Also by a process that has yet to hear of them."""
        async with server.connect(alice) as hers:
            (shown,) = hers.hello["conversations"]
            assert (shown["received_seq"], shown["read_seq"]) == (0, 0)
            page = await hers.request("conversations", before=None, limit=1)
            theirs = (shown["their_received_seq"], shown["their_read_seq"])
            return theirs == (3, 1) and page["conversations"] == [shown]

    await until_awaited(are_shown)


@CURSORS
async def test_what_comes_after_a_clamped_cursor_is_new(server, alice, bob, cursor):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "one")
        await his.send(cursor, conversation=dm(alice, bob), seq=1_000)
        await hers.expect(cursor, seq=1)
        await hers.send_text(bob.name, "two")
    await keeps(server, bob, cursor, 1)


async def test_reading_takes_away_the_unread(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, [str(n) for n in range(5)])
        await his.send("read", conversation=dm(alice, bob), seq=3)
        await hers.expect("read", seq=3)

    async def two_are_left() -> bool:
        async with server.connect(bob) as his:
            return his.hello["conversations"][0]["unread"] == 2

    await until_awaited(two_are_left)


@CURSORS
async def test_the_two_sides_have_cursors_of_their_own(server, alice, bob, cursor):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "one")
        await his.send_text(alice.name, "two")
        await hers.expect("message", message={"seq": 2})
        await his.send(cursor, conversation=dm(alice, bob), seq=1)
        await hers.send(cursor, conversation=dm(alice, bob), seq=2)
        await hers.expect(cursor, user=bob.name, seq=1)
        await his.expect(cursor, user=alice.name, seq=2)
    await keeps(server, bob, cursor, 1)
    await keeps(server, alice, cursor, 2)


@CURSORS
async def test_many_are_coalesced_to_the_highest(server, alice, bob, cursor):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_texts(bob.name, [str(n) for n in range(200)])
        for seq in range(1, 201):
            await his.send(cursor, conversation=dm(alice, bob), seq=seq)
        await hers.expect(cursor, seq=200)
        before = [frame["seq"] for frame in await hers.seen(cursor)]
        assert before == sorted(set(before))
        assert len(before) < 70, "200 cursors in one breath must not make 70 frames"


@CURSORS
async def test_a_cursor_of_the_notebook_goes_to_ones_other_connections(server, alice, cursor):
    async with server.connect(alice) as ws, server.connect(alice) as tab:
        await ws.send_text(alice.name, "note")
        await ws.send(cursor, conversation=dm(alice, alice), seq=1)
        await tab.expect(cursor, user=alice.name, seq=1)


@CURSORS
async def test_what_is_not_ones_own_is_not_found(server, alice, bob, charlie, cursor):
    async with server.connect(alice) as hers, server.connect(charlie) as ws:
        await hers.send_text(bob.name, "secret")
        for conversation in (dm(alice, bob), dm(alice, charlie), "room:lobby", "", "nonsense"):
            error = await ws.refused(cursor, conversation=conversation, seq=1)
            assert error["code"] == "not_found", conversation
        await hers.nothing(cursor)


@IN_ONE_PLACE
@CURSORS
async def test_bad_fields_are_invalid(server, alice, bob, cursor):
    async with server.connect(alice) as ws:
        await ws.send_text(bob.name, "hello")
        for seq in (-1, 2**53, 2**63, 2**70, 1.5, "1", None, True, [1]):
            error = await ws.refused(cursor, conversation=dm(alice, bob), seq=seq)
            assert error["code"] == "invalid", seq
            assert "seq" in error["detail"]
        assert (await ws.refused(cursor, conversation=dm(alice, bob)))["code"] == "invalid"
        assert (await ws.refused(cursor, conversation=7, seq=1))["code"] == "invalid"
