"""`typing`: to the other members, while it happens, kept nowhere."""

from tests.server import dm


async def test_the_other_side_is_told(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await hers.send_text(bob.name, "hello")
        await hers.send("typing", conversation=dm(alice, bob))
        assert await his.expect("typing") == {
            "type": "typing",
            "conversation": dm(alice, bob),
            "user": alice.name,
        }


async def test_oneself_is_not(server, alice, bob):
    async with (
        server.connect(alice) as hers,
        server.connect(alice) as tab,
        server.connect(bob) as his,
    ):
        await hers.send_text(bob.name, "hello")
        await hers.send("typing", conversation=dm(alice, bob))
        await his.expect("typing")
        await hers.nothing("typing")
        await tab.nothing("typing")
        await hers.nothing("error")


async def test_every_connection_of_the_other_side_is_told(server, alice, bob):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(bob) as phone,
    ):
        await hers.send_text(bob.name, "hello")
        await hers.send("typing", conversation=dm(alice, bob))
        await his.expect("typing", user=alice.name)
        await phone.expect("typing", user=alice.name)


async def test_what_is_not_ones_own_is_not_found(server, alice, bob, charlie):
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as ws,
    ):
        await hers.send_text(bob.name, "secret")
        for conversation in (dm(alice, bob), "dm:no-such:nobody", "room:lobby", ""):
            error = await ws.refused("typing", conversation=conversation)
            assert error["code"] == "not_found", conversation
        await hers.nothing("typing")
        await his.nothing("typing")


async def test_bad_fields_are_invalid(server, alice):
    async with server.connect(alice) as ws:
        for fields in (
            {}, {"conversation": None}, {"conversation": 5}, {"conversation": "\0"},
            {"user": alice.name},
        ):  # fmt: skip
            assert (await ws.refused("typing", **fields))["code"] == "invalid", fields
