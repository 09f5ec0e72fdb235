"""The MQTT broker: whether it lets us in, and whether a bridge of this installation is there."""

import asyncio
import uuid
from collections.abc import Iterator

from aiomqtt import MqttError
from django.db.models.functions import Now

from chatproject.models import Lease
from chatproject.operations.doctor.finding import Finding, fail, ok, warn
from devices.mqtt.hosting import LEASE
from devices.mqtt.session import new_client
from devices.mqtt.topics import ALL

SUBJECT = "MQTT"
REACH = "See that the broker runs, and what MQTT_URL says of it."


def mqtt() -> Iterator[Finding]:
    try:
        asyncio.run(_visit())
    except (MqttError, OSError) as error:
        yield fail(SUBJECT, f"the broker cannot be reached ({error})", REACH)
    else:
        yield ok(SUBJECT, "the broker lets us in")
    yield from _bridge()


async def _visit() -> None:
    """Under a name of our own: with the bridge's, the broker would turn that one out."""
    async with new_client(f"p2p-chat-doctor-{uuid.uuid4().hex[:7]}", lasting=False) as client:
        await client.subscribe(ALL)


def _bridge() -> Iterator[Finding]:
    if Lease.objects.filter(name=LEASE, until__gt=Now()).exists():
        yield ok(SUBJECT, "a bridge is there for devices")
    else:
        yield warn(SUBJECT, "no bridge is there: what devices publish is not taken",
                   "Start the chat, and where it is many processes, a worker.")  # fmt: skip
