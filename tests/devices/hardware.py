"""A real device, as far as the chat can see: a name, a token, and what it reports."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chat.models import Message
from devices import registration
from devices.ids import feed_of
from devices.models import Device
from tests.http import Answer, request
from tests.installation import Installation


@dataclass(frozen=True)
class Hardware:
    server: Installation
    name: str
    token: str
    reported: set[int] = field(default_factory=set, compare=False, repr=False)
    """Times, in milliseconds: of each there is one reading."""

    @property
    def path(self) -> str:
        return f"/api/v1/devices/{self.name}/readings"

    async def post(self, body: Any, **headers: str) -> Answer:
        """`body` as JSON, or, where it is text, as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        given = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        return await request(self.server, "POST", self.path, text, {**given, **headers})

    async def report(self, *values: float, at: float | None = None) -> Answer:
        """Readings of one second each, from `at` (seconds since 1970) on, or else up to now."""
        begin = self._unused(len(values)) if at is None else at
        self.reported.update(_milliseconds(begin, len(values)))
        return await self.post(
            [{"value": value, "time": begin + index} for index, value in enumerate(values)]
        )

    def _unused(self, count: int) -> float:
        """The beginning of as many seconds before now, at none of which it has reported."""
        begin = now() - count
        while not self.reported.isdisjoint(_milliseconds(begin, count)):
            begin = round(begin - 0.001, 3)
        return begin

    def readings(self) -> list[tuple[float, str]]:
        """Value and time of all that is stored, in the order of storing."""
        return [(data["value"], data["at"]) for data in self.server.database.call(self._data)]

    def values(self) -> list[float]:
        return [value for value, _ in self.readings()]

    def _data(self) -> list[Any]:
        found = Message.objects.filter(conversation=feed_of(self.name), kind="reading")
        return [message.data for message in found.order_by("seq")]


def _milliseconds(begin: float, count: int) -> list[int]:
    return [round(1000 * (begin + index)) for index in range(count)]


def now() -> float:
    """Seconds since 1970, to the millisecond."""
    return round(datetime.now(UTC).timestamp(), 3)


def new_device(server: Installation, name: str = "boiler", **fields: Any) -> Hardware:
    """A device whose name begins with `name`, in °C unless told otherwise, with a token."""
    full = f"{name}-{uuid.uuid4().hex[:8]}"

    def make() -> str:
        device = Device(**{"unit": "°C", **fields})
        registration.add(device, full, title=name.capitalize())
        return registration.new_token(device)

    return Hardware(server, full, server.database.call(make))
