"""The one way for readings to come in: simulated ones, over HTTP, over MQTT."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DatabaseError

from chat.models import Message
from chat.posting import Draft, Outcome, post
from chat.protocol import Unavailable, format_time
from devices.digest import digest
from devices.models import Device
from devices.words import amount, tidy

log = logging.getLogger(__name__)


class Reading(NamedTuple):
    """What was amount, in the device's unit, and when (aware)."""

    value: float
    at: datetime


def report(device: Device, readings: Sequence[tuple[Reading, str]]) -> list[Outcome]:
    """Store readings, each with its id (see `ids`), in the device's feed, and take them in.

    For any thread but the event loop's. Raises Unavailable where the store did not confirm them
    in time: reporting the same again is harmless, and stores what is missing.
    """
    outcomes = post([draft(device, reading, id_) for reading, id_ in readings])
    try:
        digest(device)
    except (DatabaseError, Unavailable) as error:  # they are stored; the next tick finds them
        log.error("Readings wait to be digested: %s", type(error).__name__)
    return outcomes


def draft(device: Device, reading: Reading, id_: str) -> Draft:
    return Draft(
        sender=device.name,
        conversation=device.feed,
        client_id=id_,
        kind=Message.Kind.READING.value,
        body=amount(reading.value, device.unit),
        data=data_of(reading, device.unit),
    )


def data_of(reading: Reading, unit: str) -> dict[str, Any]:
    """What a reading's message has for programs."""
    return {"value": tidy(reading.value), "unit": unit, "at": format_time(reading.at)}
