"""Who is told by an alert, and how that is said to them: a person, or all in a room."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from chat.models import Membership
from devices.commands.phrases import held_back
from devices.models import Device, Threshold


class Listener(NamedTuple):
    device: Device
    account: str | None
    """The person; None for a room."""
    place: Membership | None = None
    """The device's own in the room."""

    @property
    def thresholds(self) -> QuerySet[Threshold]:
        return Threshold.objects.filter(device=self.device, account=self.account, place=self.place)

    @property
    def you(self) -> str:
        return "The room" if self.place else "You"

    @property
    def are(self) -> str:
        return "is" if self.place else "are"

    @property
    def have(self) -> str:
        return "has" if self.place else "have"

    @property
    def examples(self) -> str:
        called = f"@{self.device.name} " if self.place else ""
        typed = [f"“{called}alert {argument}”" for argument in ("above 30", "below 5", "off")]
        return f"Write {typed[0]}, {typed[1]} or {typed[2]}."

    def set(self, direction: str, value: float, now: datetime) -> Threshold:
        return Threshold.objects.update_or_create(
            device=self.device,
            account_id=self.account,
            place=self.place,
            direction=direction,
            defaults={"value": value, "told": False, "made_at": now},
        )[0]

    def held_back(self, now: datetime) -> list[str]:
        """Until when nothing is told, where that is so: a line, or none."""
        return held_back(self.device, self.account, now) if self.account else []
