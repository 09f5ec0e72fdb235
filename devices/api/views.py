"""`/api/v1/devices` and `/api/v1/devices/NAME/readings`, as docs/devices.md has them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import Struct
from ninja import Router

from chat.api.asked import parameters
from chat.api.doors import person
from chat.api.told import told
from chat.http_api import answer_json, body_of
from chat.models import Membership
from chat.names import normalise
from chat.protocol import Invalid, NotFound, format_time
from devices import charts
from devices.api.proving import device_of
from devices.api.shown import ShownChart, ShownDevices, Stored, shown_chart, shown_device
from devices.intake.shapes import BODY_MAX, READINGS_MAX
from devices.intake.taking import take
from devices.visibility import visible

RANGE = "24h"

router = Router(tags=["devices"])


READING = {
    "type": "object",
    "properties": {"value": {"type": "number"}, "unit": {"type": "string"},
                   "time": {"type": "string", "format": "date-time"}},
    "required": ["value"],
    "additionalProperties": False,
}  # fmt: skip
READINGS = {"type": "array", "items": READING, "minItems": 1, "maxItems": READINGS_MAX}
FORMS = {
    "anyOf": [
        READING,
        {"type": "object", "properties": {"readings": READINGS}, "required": ["readings"]},
        READINGS,
    ]
}
"""What a report may be, for OpenAPI; `devices/intake/shapes.py` reads it."""


class Range(Struct):
    range: str = RANGE


@router.get("/devices", **told("GET", ShownDevices))
def devices(request: HttpRequest) -> HttpResponse:
    """All that one may see, by name."""
    name, now = person(request), timezone.now()
    found = list(visible(name).order_by("account_id"))
    feeds = Membership.objects.filter(
        account=name, conversation__in=[device.feed for device in found]
    )
    subscribed = set(feeds.values_list("conversation_id", flat=True))
    days = charts.days(found, now)
    shown = [shown_device(each, now, subscribed, days.get(each.name)) for each in found]
    return answer_json(ShownDevices(format_time(now), shown))


@router.get(
    "/devices/{name}/readings",
    **told("GET", ShownChart, asks=Range, path=["name"], refuses=["not_found"]),
)
def chart(request: HttpRequest, name: str) -> HttpResponse:
    """What a chart of the device is drawn from, of the time that `range` says up to now."""
    now = timezone.now()
    range_ = parameters(dict(request.GET.lists()), ["range"]).get("range", RANGE)
    if range_ not in charts.RANGES:
        raise Invalid(f"“range” must be one of {', '.join(charts.RANGES)}.")
    device = visible(person(request)).filter(account_id=normalise(name)).first()
    if device is None:
        raise NotFound("There is no device of this name.")
    return answer_json(shown_chart(device, now, charts.chart(device, range_, now)))


@router.post(
    "/devices/{name}/readings",
    auth=None,
    **told("POST", Stored, asks_json=FORMS, refuses=["not_found"]),
)
def report(request: HttpRequest, name: str) -> HttpResponse:
    """A device, by the token of its own, reports what it has measured: docs/devices.md."""
    device = device_of(request, name)
    taken = take(device, body_of(request, BODY_MAX))
    return answer_json(Stored(taken.stored, taken.repeated))
