"""The admin's site: Django's, with the dashboard on its first page."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string


class Panel(NamedTuple):
    name: str
    """Of its module beside this one, whose `look()` gives what its template shows."""
    right: str
    """Who may see it."""

    @property
    def look(self) -> Callable[[], Any]:
        found: Callable[[], Any] = import_string(f"{__package__}.{self.name}.look")
        return found

    @property
    def template(self) -> str:
        return f"admin/dashboard/{self.name}.html"


PANELS = (
    Panel("messages", "chat.view_message"),
    Panel("people", "chat.view_account"),
    Panel("health", ""),
    Panel("waiting", "chat.view_message"),
    Panel("devices", "devices.view_device"),
    Panel("bots", "bots.view_answer"),
)


ORDER = ("chat", "devices", "bots", "auth", "axes")
"""Of the apps; what is not named comes last."""
NAMES = {"Inspection": "Audit", "Membership": "Members of rooms"}
"""Of models, in lists of pages, where they are not the model's own."""


class Site(AdminSite):
    site_title = "P2P Chat"
    index_title = "Dashboard"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for model in app["models"]:
                model["name"] = NAMES.get(model["object_name"], model["name"])
        return sorted(apps, key=_place)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        allowed = request.user.has_perm
        panels = [panel for panel in PANELS if not panel.right or allowed(panel.right)]
        shown = [{"template": panel.template, "shown": panel.look()} for panel in panels]
        return super().index(request, {"panels": shown, **(extra_context or {})})


def _place(app: dict[str, Any]) -> int:
    label = app["app_label"]
    return ORDER.index(label) if label in ORDER else len(ORDER)


class SiteConfig(AdminConfig):
    """In place of django.contrib.admin's own."""

    default_site = "chatproject.operations.dashboard.site.Site"
