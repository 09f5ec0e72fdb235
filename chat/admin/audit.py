"""The list of who looked at which private messages: nobody adds to it, or takes from it, here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from chat.admin.bases import Kept
from chat.models import Inspection

TITLE = "Audit: who looked at private messages"


@admin.register(Inspection)
class InspectionAdmin(Kept):
    list_display = ["at", "by", "what", "conversation", "of_message", "reason"]
    list_display_links = None
    list_select_related = ["by"]
    list_filter = ["what"]
    date_hierarchy = "at"
    search_fields = ["=by__name", "=conversation", "=message"]
    search_help_text = "Who looked, a conversation such as dm:alice:bob, or a message’s id"
    fields = ["at", "by", "what", "conversation", "message", "reason"]
    ordering = ["-at", "-pk"]
    sortable_by = ["at"]
    show_facets = admin.ShowFacets.NEVER  # they would be counted over all rows

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": TITLE, **(extra_context or {})})

    @admin.display(description="message")
    def of_message(self, inspection: Inspection) -> str:
        if not inspection.message:
            return "-"
        address = reverse("admin:chat_message_change", args=[inspection.message])
        return format_html('<a href="{}">{}</a>', address, inspection.message)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Whoever may look at messages may see who did."""
        may_look = request.user.has_perm("chat.view_message")
        return may_look or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
