"""The admin's page of devices: added, set up, switched off, given tokens."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from chat.models import Membership
from chatproject.databases import MESSAGES
from devices import registration
from devices.admin.filters import StateFilter
from devices.admin.forms import DeviceForm, NewDeviceForm
from devices.ids import FEED, THERMOMETER
from devices.models import Device, FeedMessage
from devices.restarting import restart
from devices.states import state
from devices.visibility import locked
from devices.words import age, amount

NEWEST = 10
"""Readings on a device's page."""
_MEMBERS = Membership.objects.filter(
    conversation=Concat(Value(FEED), OuterRef("pk")), account__deleted_at=None
)
SUBSCRIBERS = Coalesce(
    Subquery(_MEMBERS.order_by().values("conversation").annotate(n=Count("pk")).values("n")),
    0,
    output_field=IntegerField(),
)


@admin.register(Device)
class DeviceAdmin(admin.ModelAdmin):
    list_display = [
        "account", "title", "kind", "unit", "interval", "last_reading", "state", "subscribers",
    ]  # fmt: skip
    list_select_related = ["account"]
    ordering = ["account_id"]
    list_filter = [StateFilter, "kind", "simulated", "mqtt", "enabled", "visible_to_all"]
    search_fields = ["account__name", "account__title", "kind"]
    autocomplete_fields = ["visible_to"]
    show_full_result_count = False
    actions = ["new_token", "disable", "enable"]
    readonly_fields = [
        "account", "title", "unit", "simulated", "token", "last_reading", "state", "epoch",
        "subscribers", "newest",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["account", "title", "kind", "unit"]}),
        ("Measuring", {"fields": ["interval", "lowest", "highest"]}),
        ("Reporting", {"fields": ["simulated", "mqtt", "token"]}),
        ("Who sees it", {"fields": ["enabled", "visible_to_all", "visible_to"]}),
        ("How it is", {"fields": ["state", "last_reading", "epoch", "subscribers", "newest"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "title", "kind", "unit"]}),
        ("Measuring", {"fields": ["interval", "lowest", "highest"]}),
        ("Reporting", {"fields": ["simulated", "mqtt"]}),
        ("Who sees it", {"fields": ["visible_to_all", "visible_to"]}),
    ]

    # ---- what is shown -------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Device]:
        return super().get_queryset(request).annotate(subscribed=SUBSCRIBERS)

    @admin.display(ordering="account__title")
    def title(self, device: Device) -> str:
        return device.account.shown_title

    @admin.display(ordering="last_at")
    def last_reading(self, device: Device) -> str:
        if device.last_value is None or device.last_at is None:
            return "-"
        return f"{amount(device.last_value, device.unit)}, {age(device.last_at, timezone.now())}"

    @admin.display
    def state(self, device: Device) -> str:
        return state(device, timezone.now())

    @admin.display(ordering="subscribed")
    def subscribers(self, device: Device) -> str:
        address = reverse("admin:devices_subscription_changelist")
        count = device.subscribed  # type: ignore[attr-defined]  # annotated
        return format_html('<a href="{}?device={}">{}</a>', address, device.name, count)

    @admin.display
    def token(self, device: Device) -> str:
        return "issued" if device.token_digest else "none; the action “New token” issues one"

    @admin.display(description="newest readings")
    def newest(self, device: Device) -> str:
        feed = FeedMessage.objects.using(MESSAGES).filter(conversation=device.feed)
        rows = feed.order_by("-seq").values_list("sent_at", "body")[:NEWEST]
        shown = [(f"{at:%Y-%m-%d %H:%M:%S} UTC", body) for at, body in rows]
        address = reverse("admin:devices_feedmessage_changelist")
        every = format_html('<a href="{}?device={}">All readings</a>', address, device.name)
        return format_html_join("", "{}: {}<br>", shown) + every

    # ---- adding and changing -------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Device | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Device | None = None) -> Any:
        if obj is None:
            return []
        by_setting = ["interval"] if obj.pk == THERMOMETER else []
        return [*self.readonly_fields, *by_setting]

    def get_form(
        self, request: HttpRequest, obj: Device | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        kwargs["form"] = DeviceForm if obj else NewDeviceForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Device, form: Any, change: bool) -> None:
        if not change:
            registration.add(obj, form.cleaned_data["name"], form.cleaned_data["title"])
            return
        locked(obj.name)
        changed = [name for name in form.changed_data if name != "visible_to"]
        obj.save(update_fields=changed)  # what its readings change is not overwritten
        if "interval" in changed and obj.simulated:
            restart(obj, timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        registration.keep_hidden(form.instance)

    def has_delete_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        """Its readings and its name stay; it can be switched off."""
        return False

    # ---- tokens, on and off --------------------------------------------------------------------

    def response_add(
        self, request: HttpRequest, obj: Device, post_url_continue: str | None = None
    ) -> HttpResponse:
        if obj.simulated:
            return super().response_add(request, obj, post_url_continue)
        return self._show_once(request, [obj])

    @admin.action(description="New token (the old one ends)", permissions=["change"])
    def new_token(self, request: HttpRequest, queryset: QuerySet[Device]) -> HttpResponse:
        return self._show_once(request, list(queryset.filter(simulated=False)))

    def _show_once(self, request: HttpRequest, devices: list[Device]) -> HttpResponse:
        """In this answer and nowhere else: neither in a cookie nor in the database."""
        tokens = [(device.name, registration.new_token(device)) for device in devices]
        context = {**self.admin_site.each_context(request), "title": "Tokens", "tokens": tokens}
        response = TemplateResponse(request, "admin/devices/tokens.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description="Switch off", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Device]) -> None:
        self._switch(request, queryset, enabled=False)

    @admin.action(description="Switch on", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Device]) -> None:
        self._switch(request, queryset, enabled=True)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Device], enabled: bool) -> None:
        changed = queryset.exclude(enabled=enabled).update(enabled=enabled)
        devices = f"{changed} device was" if changed == 1 else f"{changed} devices were"
        self.message_user(request, f"{devices} switched {'on' if enabled else 'off'}.")
