"""A real device, as far as the chat can see: a name, a token, and what it reports."""

import json
import uuid
from dataclasses import dataclass
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

    @property
    def path(self) -> str:
        return f"/api/v1/devices/{self.name}/readings"

    async def post(self, body: Any, **headers: str) -> Answer:
        """`body` as JSON, or, where it is text, as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        given = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        return await request(self.server, "POST", self.path, text, {**given, **headers})

    async def report(self, *values: float, at: float | None = None) -> Answer:
        """Readings of one second each, beginning at `at` (seconds since 1970)."""
        begin = now() - len(values) if at is None else at
        return await self.post(
            [{"value": value, "time": begin + index} for index, value in enumerate(values)]
        )

    def readings(self) -> list[tuple[float, str]]:
        """Value and time of all that is stored, in the order of storing."""
        return [(data["value"], data["at"]) for data in self.server.database.call(self._data)]

    def values(self) -> list[float]:
        return [value for value, _ in self.readings()]

    def _data(self) -> list[Any]:
        found = Message.objects.filter(conversation=feed_of(self.name), kind="reading")
        return [message.data for message in found.order_by("seq")]


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
