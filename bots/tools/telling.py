"""A reading as the model is told of it, and as an answer cites it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bots.tools.citing import Given
from chat.protocol import format_time
from devices.subscriptions import Subscribed
from devices.words import tidy

Told = dict[str, Any]
"""A `value`, `at` when it was measured, and the `seq` of its message."""


def told(subscribed: Subscribed, value: float, at: datetime, seq: int | None) -> Told:
    """Without a seq where the person can't open the message: what a device measured before they
    subscribed is in its chart, and not in their feed."""
    openable = seq is not None and seq >= subscribed.first_seq
    return {"value": tidy(value), "at": format_time(at), "seq": seq if openable else None}


def given(subscribed: Subscribed, readings: Iterable[Told], chief: bool = False) -> list[Given]:
    """Those of these readings that can be cited."""
    device = subscribed.device
    whose = {"device": device.name, "unit": device.unit}
    return [Given({**whose, **reading}, chief) for reading in readings if reading["seq"]]
