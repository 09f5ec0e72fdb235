"""Filters of the admin's lists."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from devices.ids import feed_of
from devices.models import Device
from devices.states import STATES, state


class StateFilter(admin.SimpleListFilter):
    """There are few devices, so their states are found by looking at each."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Device]) -> QuerySet[Device]:
        if self.value() is None:
            return queryset
        now = timezone.now()
        chosen = [
            device.pk for device in Device.objects.all() if state(device, now) == self.value()
        ]
        return queryset.filter(pk__in=chosen)


class DeviceFilter(admin.SimpleListFilter):
    title = "device"
    parameter_name = "device"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = Device.objects.order_by("pk").values_list("pk", flat=True)
        return [(name, name) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        device = self.value()
        return queryset if device is None else self.of(queryset, device)

    def of(self, queryset: QuerySet[Any], device: str) -> QuerySet[Any]:
        return queryset.filter(device=device)


class FeedFilter(DeviceFilter):
    """By device, of rows that know its feed."""

    def of(self, queryset: QuerySet[Any], device: str) -> QuerySet[Any]:
        return queryset.filter(conversation=feed_of(device))


class OneFeedFilter(FeedFilter):
    """Always one device: the readings of all would be a scan of all messages."""

    def value(self) -> str | None:
        return super().value() or next((name for name, _ in self.lookup_choices), None)

    def choices(self, changelist: Any) -> Iterator[Any]:
        _, *each = super().choices(changelist)
        yield from each
