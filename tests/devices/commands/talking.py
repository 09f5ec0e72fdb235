"""Devices of a test's own, and how people talk to them over sockets."""

import asyncio
import uuid
from typing import Any

from chat.models import Account
from devices import registration
from devices.models import Device
from tests.client import WITHIN, Client, Frame
from tests.installation import Installation, Person


def add_device(
    server: Installation, *, only: Person | None = None, title: str = "Kitchen", **fields: Any
) -> str:
    """A new device, which `only` sees where one is named; gives its name."""

    def make() -> str:
        device = Device(unit="°C", lowest=-10.0, highest=40.0, **fields)
        registration.add(device, f"kitchen-{uuid.uuid4().hex[:8]}", title)
        if only is not None:
            registration.show_to(device, [Account.objects.get(pk=only.name)])
        return device.name

    return server.database.call(make)


def token_of(server: Installation, device: str) -> str:
    return server.database.call(lambda: registration.new_token(Device.objects.get(pk=device)))


async def meet(ws: Client, device: str) -> None:
    """Wait until the process of this connection knows of the device: it asks once a second."""
    if any(person["name"] == device for person in ws.hello["people"]):
        return
    async with asyncio.timeout(WITHIN):
        while True:
            people = (await ws.expect("presence"))["people"]
            if any(person["name"] == device for person in people):
                return


async def answer(ws: Client, device: str) -> str:
    """The next answer of the device that comes here."""
    frame = await ws.expect("message", message={"sender": device, "kind": "text"})
    body: str = frame["message"]["body"]
    return body


async def ask(ws: Client, device: str, text: str) -> str:
    """Send a command and give what is answered; an earlier answer may come twice."""
    question = await ws.send_text(device, text)
    while True:
        frame = await ws.expect("message", message={"sender": device, "kind": "text"})
        if frame["message"]["seq"] > question["seq"]:
            body: str = frame["message"]["body"]
            return body


async def reading(ws: Client, device: str, within: float = WITHIN) -> Frame:
    """The next reading of the device that comes here."""
    frame = await ws.expect(
        "message", within, message={"conversation": f"device:{device}", "kind": "reading"}
    )
    message: Frame = frame["message"]
    return message
