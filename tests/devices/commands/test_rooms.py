"""A device in a room: what it is asked there and its alerts are for all in it, its readings not."""

import json

from chat.models import Account
from devices import registration
from devices.models import Device, Threshold
from tests.chat.rooming import bodies, done, made
from tests.client import Client, Frame
from tests.devices.commands.talking import add_device, meet, token_of
from tests.http import request
from tests.installation import Installation


async def report(server: Installation, device: str, token: str, value: float) -> None:
    path, body = f"/api/v1/devices/{device}/readings", json.dumps({"value": value})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    response = await request(server, "POST", path, body, headers)
    assert response.status < 300, response.body


async def asked(ws: Client, room: str, text: str) -> Frame:
    """What the device answers to that in the room."""
    question = await ws.send_text(room, text)
    wanted = {"conversation": room, "data": {"reply_to": question["id"]}}
    found: Frame = (await ws.expect("message", message=wanted))["message"]
    return found


async def test_what_it_is_asked_and_its_alerts_are_for_all_there(server, alice, bob, charlie):
    device = add_device(server)
    token = token_of(server, device)
    async with (
        server.connect(alice) as hers,
        server.connect(bob) as his,
        server.connect(charlie) as outside,
    ):
        for ws in (hers, his):
            await meet(ws, device)
        room = await made(hers, bob)
        await done(hers, "invite", room=room, user=device)
        await report(server, device, token, 20.5)
        said = await asked(his, room, f"@{device} now")
        assert said["body"].startswith("The last reading is 20.5 °C")
        await hers.expect("message", message=said)
        refused = await asked(his, room, f"@{device} alert above 30")
        assert refused["body"].startswith("Those who govern #")
        assert (await asked(hers, room, f"@{device} alert above 30"))["body"] == (
            "The room will be told when Kitchen goes above 30 °C."
        )
        await report(server, device, token, 30.5)
        await report(server, device, token, 31.5)
        for ws in (hers, his):
            alert = (await ws.expect("message", message={"kind": "alert"}))["message"]
            assert (alert["conversation"], alert["data"]["value"]) == (room, 30.5)
        await done(hers, "remove", room=room, user=device)
        await report(server, device, token, 20)
        await report(server, device, token, 32.5)
        for ws in (hers, his):
            await ws.nothing("message", message={"kind": "alert"})
            await ws.nothing("message", message={"kind": "reading"})
        await outside.nothing_about(room)
        assert len(await bodies(hers, room)) == 11
    rows = Threshold.objects.filter(device=device)
    assert server.database.call(rows.exists) is False


async def test_one_that_is_hidden_is_in_no_room(server, alice, bob):
    device = add_device(server)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await meet(hers, device)
        room = await made(hers, bob)
        await done(hers, "invite", room=room, user=device)

        def hide() -> None:
            only = Account.objects.filter(pk=alice.name)
            registration.show_to(Device.objects.get(pk=device), only)

        server.database.call(hide)
        members = (await hers.request("members", room=room))["members"]
        assert [each["name"] for each in members] == sorted([alice.name, bob.name])
        assert (await hers.refused("invite", room=room, user=device))["code"] == "forbidden"
        assert (await his.refused("invite", room=room, user=device))["code"] == "not_found"
