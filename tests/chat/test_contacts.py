"""Devices among the people one is shown: whoever may know of them, and nobody else."""

import asyncio

from chat.models import Account
from devices.models import Device
from tests.chat.subscribing import report, said, subscribe
from tests.client import WITHIN, Client, Frame
from tests.devices.commands.talking import meet
from tests.devices.hardware import Hardware, new_device, now
from tests.installation import Installation, Person
from tests.waiting import until_awaited


def hidden(server: Installation, *seeing: Person) -> Hardware:
    """A new device that these people alone may know of."""
    device = new_device(server, "secret", visible_to_all=False)
    show(server, device, *seeing)
    return device


def show(server: Installation, device: Hardware, *people: Person) -> None:
    names = [person.name for person in people]
    server.database.call(
        lambda: Device.objects.get(pk=device.name).visible_to.set(
            Account.objects.filter(pk__in=names)
        )
    )


def change(server: Installation, device: Hardware, **fields: object) -> None:
    server.database.call(lambda: Device.objects.filter(pk=device.name).update(**fields))


async def is_told(ws: Client, device: Hardware, **fields: object) -> Frame:
    """Wait until a `presence` frame says this of the device; gives what it says."""
    async with asyncio.timeout(WITHIN):
        while True:
            for shown in (await ws.expect("presence"))["people"]:
                if shown["name"] == device.name and fields.items() <= shown.items():
                    return shown


def people(ws: Client) -> dict[str, Frame]:
    return {person["name"]: person for person in ws.hello["people"]}


async def test_a_device_is_shown_as_one(server, alice):
    device = new_device(server)
    async with server.connect(alice) as one, server.connect(alice) as other:
        for ws in (one, other):
            await meet(ws, device.name)
    async with server.connect(alice) as ws:
        assert people(ws)[device.name] == {
            "name": device.name,
            "title": "Boiler",
            "kind": "device",
            "online": False,
            "last_seen": None,
        }


async def test_it_comes_and_goes_with_its_readings(server, alice, bob):
    """It need not say good-bye: it is overdue one and a half intervals after its last."""
    device = new_device(server, interval=4.0)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        for ws in (hers, his):
            await meet(ws, device.name)
        told = [asyncio.create_task(is_told(ws, device, online=True)) for ws in (hers, his)]
        waiting = set(told)
        while waiting:  # again: a process that stalls for so long sees one come and go
            answer = await device.report(20, at=now())
            assert answer.status == 200, answer.body
            _, waiting = await asyncio.wait(told, timeout=2)
        times = [time for _, time in device.readings()]
        for each in told:
            assert each.result()["last_seen"] in times
        for ws in (hers, his):
            await is_told(ws, device, online=False)


async def test_a_new_title_is_told(server, alice):
    device = new_device(server)
    async with server.connect(alice) as ws:
        await meet(ws, device.name)
        accounts = Account.objects.filter(pk=device.name)
        server.database.call(lambda: accounts.update(title="Boiler ♨"))
        await is_told(ws, device, title="Boiler ♨")


# ---- hidden ones ------------------------------------------------------------------------------


async def test_a_hidden_one_is_shown_to_nobody_else(server, alice, bob):
    device = hidden(server, alice)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await meet(hers, device.name)
        await report(device, 20)
        await is_told(hers, device, online=True)
        async with server.connect(bob) as later:
            for ws in (his, later):
                assert device.name not in people(ws)
                await ws.nothing_about(device.name)


async def test_to_others_it_is_as_if_it_did_not_exist(server, alice, bob):
    device = hidden(server, alice)
    async with (
        server.connect(alice) as hers,
        server.connect(alice) as hers_too,  # of another process: both know of it
        server.connect(bob) as his,
    ):
        for ws in (hers, hers_too):
            await meet(ws, device.name)
        await report(device, 20)
        await is_told(hers, device, online=True)
        assert await words(his, bob, device.name) == await words(his, bob, "nobody-at-all")
        change(server, device, enabled=False)
        await is_told(hers, device, online=False)
        assert await words(his, bob, device.name) == await words(his, bob, "nobody-at-all")
        await subscribe(hers, new_device(server))  # and all the while it works for her
    async with server.connect(bob) as his:
        assert his.hello["conversations"] == []


async def words(ws: Client, person: Person, name: str) -> list[tuple[str, str]]:
    """How all that one can ask of `name` is refused, but for the name."""
    direct, feed = ":".join(["dm", *sorted([person.name, name])]), f"device:{name}"
    errors = [await ws.refused("send", to=to, body="subscribe") for to in (name, direct, feed)]
    for conversation in (direct, feed):
        errors.append(await ws.refused("history", conversation=conversation, limit=10))
        errors.append(await ws.refused("sync", since={conversation: 0}))
    assert {error["code"] for error in errors} == {"not_found"}
    return [(error["code"], error["detail"].replace(name, "…")) for error in errors]


async def test_who_is_let_see_it_is_told_of_it_and_who_no_longer_is_told_nothing(
    server, alice, bob
):
    device = hidden(server, alice)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await meet(hers, device.name)
        show(server, device, bob)
        await is_told(his, device, title="Secret")
        await report(device, 20)
        await is_told(his, device, online=True)
        await hers.nothing_about(device.name)
        await his.send_text(device.name, "subscribe")
        await said(his, device, "You are subscribed")
        await until_awaited(lambda: is_shown_nowhere(server, alice, device))
        refusal = await hers.refused("send", to=device.name, body="help")
        assert refusal["code"] == "not_found"


async def is_shown_nowhere(server: Installation, person: Person, device: Hardware) -> bool:
    """By no process: each looks it up by itself."""
    async with server.connect(person) as one, server.connect(person) as other:
        return all(device.name not in people(ws) for ws in (one, other))
