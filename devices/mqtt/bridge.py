"""The bridge: connected to the broker for as long as this process has the lease."""

import asyncio
import logging
import time
from collections import defaultdict

from aiomqtt import Client, Message, MqttError
from paho.mqtt.reasoncodes import ReasonCode

from devices.mqtt.delivering import deliver
from devices.mqtt.pausing import Pauses
from devices.mqtt.session import acknowledge, bridges_client
from devices.mqtt.topics import ALL, device_in

QOS = 1
"""At least once: with the ids of readings, that is once."""
STEADY = 10.0
"""Seconds that a connection has to last before the next attempt after it comes soon."""
log = logging.getLogger(__name__)


async def bridge() -> None:
    """Takes what devices publish, until cancelled, whatever becomes of the broker."""
    pauses = Pauses()
    while True:
        began, reason = time.monotonic(), "it ended the connection"
        try:
            await _connected(pauses)
        except (MqttError, OSError) as error:
            reason = str(error)
        except Exception as error:  # of the library: the bridge goes on
            reason = type(error).__name__
        if time.monotonic() - began > STEADY:
            pauses.begin_anew()
        _tell_away(pauses, reason)
        await asyncio.sleep(pauses.next())


async def _connected(pauses: Pauses) -> None:
    """Raises what ended the connection."""
    async with bridges_client() as client:
        granted = await client.subscribe(ALL, qos=QOS)
        if any(code.is_failure for code in granted if isinstance(code, ReasonCode)):
            raise MqttError(f"it does not let us subscribe to {ALL}")
        _tell_back(pauses)
        await _take_all(client)


async def _take_all(client: Client) -> None:
    """What waits is taken together: a backlog is not stored one reading at a time."""
    async for first in client.messages:
        waiting = [first] + [await anext(client.messages) for _ in range(len(client.messages))]
        of_device: defaultdict[str, list[Message]] = defaultdict(list)
        for message in waiting:
            of_device[device_in(message.topic.value)].append(message)
        await asyncio.gather(*(deliver(name, its) for name, its in of_device.items()))
        for message in waiting:
            acknowledge(client, message)


def _tell_away(pauses: Pauses, reason: str) -> None:
    """A line when the broker goes, another when it is back."""
    if pauses.first:
        log.warning("The MQTT broker is away (%s); trying again.", reason)


def _tell_back(pauses: Pauses) -> None:
    level = logging.INFO if pauses.first else logging.WARNING
    log.log(level, "The MQTT broker is there; devices can report.")
