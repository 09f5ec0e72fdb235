"""Devices at the broker: what they publish, as any MQTT client does."""

import json
from typing import Any

from aiomqtt import Client

from devices.mqtt.topics import topic_of
from tests.devices.hardware import Hardware
from tests.services.mosquitto import Mosquitto
from tests.waiting import until

QOS = 1
WITHIN = 60.0
"""Seconds: a lease may have to run out, and a worker to start."""


def reading(value: float, at: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "time": at, **more}


async def publish(
    broker: Mosquitto,
    device: Hardware | str,
    *bodies: Any,
    retain: bool = False,
    qos: int = QOS,
    as_user: tuple[str, str] | None = None,
) -> None:
    """Returns once the broker has acknowledged all of `bodies`: JSON, or text as it is.

    `as_user`: name and password.
    """
    name = device if isinstance(device, str) else device.name
    user, password = as_user or (None, None)
    async with Client("127.0.0.1", broker.port, username=user, password=password) as client:
        for body in bodies:
            text = body if isinstance(body, str) else json.dumps(body)
            await client.publish(topic_of(name), text, qos=qos, retain=retain)


async def stored(device: Hardware, *values: float) -> None:
    """Return once these are stored, in whatever order, each once."""
    await until(lambda: sorted(device.values()) == sorted(values), WITHIN)
