"""What was published, on its way into the store: until it is there, or refused for good."""

import asyncio
import logging

from django.db import DatabaseError, InterfaceError

from chat.protocol import ChatError, Unavailable
from chatproject import threaded
from devices.intake.taking import take
from devices.models import Device
from devices.mqtt import complaints
from devices.mqtt.pausing import Pauses

log = logging.getLogger(__name__)


async def deliver(name: str, payload: bytes) -> None:
    """Returns when nothing is left to do for this report; while the store is away, it waits."""
    pauses = Pauses()
    while True:
        try:
            await threaded.run(lambda: _take(name, payload))
            return
        except (Unavailable, DatabaseError, InterfaceError) as error:
            if pauses.first:
                log.warning("Reports by MQTT wait for the store: %s", type(error).__name__)
            await asyncio.sleep(pauses.next())


def _take(name: str, payload: bytes) -> None:
    """Raises what will pass; tells the log of what will not."""
    device = Device.objects.filter(
        pk=name, mqtt=True, enabled=True, account__is_active=True, account__deleted_at=None
    ).first()
    if device is None:
        complaints.unexpected(name)
        return
    try:
        take(device, payload, timed=True)
    except (Unavailable, DatabaseError, InterfaceError):
        raise
    except ChatError as error:
        complaints.refused(name, error)
    except Exception as error:  # whatever it is, the next report must not wait for it
        complaints.failed(name, error)
