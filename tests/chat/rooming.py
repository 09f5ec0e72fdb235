"""People in rooms, for tests of these."""

import uuid

from tests.client import Client, Frame
from tests.server import Person


def new_name() -> str:
    return f"room-{uuid.uuid4().hex[:8]}"


async def made(ws: Client, *guests: Person, **fields: object) -> str:
    """A new room's id; `guests` are in it, and told."""
    answer = await ws.request("create", room=new_name(), **fields)
    assert answer["type"] == "ok", answer
    room: str = answer["conversation"]["id"]
    for guest in guests:
        await done(ws, "invite", room=room, user=guest.name)
    return room


async def done(ws: Client, type: str, **fields: object) -> Frame:
    """Ask for what must not be refused; gives the answer."""
    answer = await ws.request(type, **fields)
    assert answer["type"] == "ok", answer
    return answer


async def bodies(ws: Client, room: str) -> list[str]:
    """What the page of its history shows."""
    page = await ws.request("history", conversation=room)
    assert page["type"] == "history", page
    return [message["body"] for message in page["messages"]]
