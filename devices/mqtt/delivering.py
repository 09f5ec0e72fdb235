"""What was published, on its way into the store: until it is there, or refused for good."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from aiomqtt import Message
from django.db import InterfaceError, OperationalError

from chat.names import is_name
from chat.protocol import ChatError, Unavailable
from chatproject import threaded
from devices.intake.shapes import READINGS_MAX
from devices.intake.taking import Report, accept, store
from devices.models import Device
from devices.mqtt import complaints
from devices.mqtt.pausing import Pauses
from devices.readings import Reading

T = TypeVar("T")
PASSES = (Unavailable, OperationalError, InterfaceError)
"""What does not last: the store is away."""
# one, in which the devices take turns: READINGS_MAX of one, then the next one's
_thread = ThreadPoolExecutor(1, thread_name_prefix="mqtt")
log = logging.getLogger(__name__)


async def deliver(name: str, messages: list[Message]) -> None:
    """Returns when nothing is left to do for these reports of one device, in their order; while
    the store is away, it waits."""
    # apart: what is tried again counts once for how much a device may report
    for report in await _as_soon_as_possible(name, partial(_accept, name, messages)) or []:
        await _as_soon_as_possible(name, partial(store, report))


def _accept(name: str, messages: list[Message]) -> list[Report]:
    """What of it is good, in as few reports as can be.

    What is promised (QoS 1) is not limited: nobody would give it again, and after an outage it is
    much. The broker gives a few messages at a time, so it waits there.
    """
    device = _device(name)
    if device is None:
        complaints.unexpected(name)
        return []
    good: list[tuple[Reading, str]] = []
    for message in messages:
        raw = bytes(message.payload or b"")
        try:
            good += accept(device, raw, timed=True, limited=not message.qos).readings
        except ChatError as error:
            complaints.refused(name, error)
    parts = [good[at : at + READINGS_MAX] for at in range(0, len(good), READINGS_MAX)]
    return [Report(device, part, len(part)) for part in parts]


def _device(name: str) -> Device | None:
    """The one that may report by MQTT under this name."""
    reporting = Device.objects.filter(
        mqtt=True, enabled=True, account__is_active=True, account__deleted_at=None
    )
    return reporting.filter(pk=name).first() if is_name(name) else None


async def _as_soon_as_possible(name: str, step: Callable[[], T]) -> T | None:
    """What `step`, in a thread, gives; None, and a word in the log, where it is refused."""
    pauses = Pauses()
    while True:
        try:
            return await threaded.run(step, _thread)
        except PASSES as error:
            if pauses.first:
                log.warning("Reports by MQTT wait for the store: %s", type(error).__name__)
            await asyncio.sleep(pauses.next())
        except ChatError as error:
            complaints.refused(name, error)
            return None
        except Exception as error:  # whatever it is, the next report must not wait for it
            complaints.failed(name, error)
            return None
