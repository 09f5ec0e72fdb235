"""What lists of rows have in common that are made elsewhere."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class SeenOnly(admin.ModelAdmin):
    """Rows that are looked at here, and made and changed elsewhere."""

    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What is not shown can't be guessed at by filters in the address either."""
        return lookup.split("__")[0] in (self.fields or ()) and super().lookup_allowed(
            lookup, value, request
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Kept(SeenOnly):
    """What promise 3 keeps: no row of it disappears by a click."""

    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
