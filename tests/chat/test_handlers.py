"""What is written to a device is answered, also where the process that stored it died of it."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from chat.ids import moment
from chat.models import Conversation, Membership, Message
from tests.devices.commands.talking import answer, meet
from tests.devices.hardware import Hardware, new_device
from tests.installation import Installation, Person
from tests.waiting import until_awaited

FOUND_WITHIN = 30.0
"""Seconds: it is looked for every five, once it is five old."""
LONG_AGO = timedelta(seconds=10)


def leave_behind(server: Installation, person: Person, device: Hardware, *bodies: str) -> str:
    """Messages of `person` as a process leaves them that died once they were stored; gives their
    conversation."""
    conversation = ":".join(["dm", *sorted([person.name, device.name])])
    at = timezone.now() - LONG_AGO

    def store() -> None:
        Conversation.objects.create(id=conversation, kind="dm", last_seq=len(bodies), last_at=at)
        for name in (person.name, device.name):
            Membership.objects.create(account_id=name, conversation_id=conversation)
        Message.objects.bulk_create(
            Message(
                id=(id_ := _id(at, seq)),
                conversation=conversation,
                seq=seq,
                sender=person.name,
                client_id=f"question {seq}",
                body=body,
                sent_at=moment(id_),
            )
            for seq, body in enumerate(bodies, start=1)
        )

    server.database.call(store)
    return conversation


def _id(at: datetime, number: int) -> str:
    """A UUIDv7 of that time."""
    stamp = round(at.timestamp() * 1000)
    return f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7000-8000-{uuid.uuid4().hex[:6]}{number:06x}"


async def test_what_nobody_attended_to_is_found_again(server, alice, bob):
    device = new_device(server)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        await meet(hers, device.name)
        conversation = leave_behind(server, alice, device, "help", "alerts")
        frame = await hers.expect("message", FOUND_WITHIN, message={"sender": device.name})
        assert frame["message"]["body"].startswith("Boiler knows these commands")
        assert "alert" in await answer(hers, device.name)
        await hers.send_text(device.name, "status")

        async def each_is_answered_once() -> bool:
            """The same answer may come again: whoever gave it had not noted yet that it did."""
            page = await hers.request("history", conversation=conversation, before=None, limit=10)
            senders = [message["sender"] for message in page["messages"]]
            return senders == [alice.name] * 2 + [device.name] * 2 + [alice.name, device.name]

        await until_awaited(each_is_answered_once)
        await his.nothing("message")


async def test_of_two_people_who_ask_at_once_each_is_answered_alone(server, alice, bob):
    device = new_device(server)
    async with server.connect(alice) as hers, server.connect(bob) as his:
        for ws in (hers, his):
            await meet(ws, device.name)
        for ws in (hers, his):
            await ws.send_texts(device.name, ["help", "alerts", "status"])
        for ws in (hers, his):
            for _ in range(3):
                await answer(ws, device.name)
            await ws.nothing("message")
