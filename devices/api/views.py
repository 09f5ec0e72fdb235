"""`/api/v1/devices` and `/api/v1/devices/NAME/readings`, as docs/devices.md has them."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from chat.http_api import answer_json, body_of, endpoint, person_of
from chat.models import Membership
from chat.names import normalise
from chat.protocol import Invalid, NotFound, format_time
from devices import charts
from devices.api.proving import device_of
from devices.api.shown import ShownDevices, Stored, shown_chart, shown_device
from devices.intake.shapes import BODY_MAX
from devices.intake.taking import take
from devices.visibility import visible

RANGE = "24h"


@endpoint("GET")
def devices(request: HttpRequest) -> HttpResponse:
    """All that the person may see, by name."""
    person, now = person_of(request), timezone.now()
    found = list(visible(person).order_by("account_id"))
    feeds = Membership.objects.filter(
        account=person, conversation__in=[device.feed for device in found]
    )
    subscribed = set(feeds.values_list("conversation_id", flat=True))
    days = charts.days(found, now)
    shown = [shown_device(each, now, subscribed, days.get(each.name)) for each in found]
    return answer_json(ShownDevices(format_time(now), shown))


@endpoint("GET", "POST")
def readings(request: HttpRequest, name: str) -> HttpResponse:
    return _report(request, name) if request.method == "POST" else _chart(request, name)


def _chart(request: HttpRequest, name: str) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    range_ = request.GET.get("range", RANGE)
    if range_ not in charts.RANGES:
        raise Invalid(f"“range” must be one of {', '.join(charts.RANGES)}.")
    device = visible(person).filter(account_id=normalise(name)).first()
    if device is None:
        raise NotFound("There is no device of this name.")
    return answer_json(shown_chart(device, now, charts.chart(device, range_, now)))


def _report(request: HttpRequest, name: str) -> HttpResponse:
    device = device_of(request, name)
    taken = take(device, body_of(request, BODY_MAX))
    return answer_json(Stored(taken.stored, taken.repeated))
