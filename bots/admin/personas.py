"""The admin's page of personalities."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bots.admin.forms import PersonaForm
from bots.models import Persona


@admin.register(Persona)
class PersonaAdmin(admin.ModelAdmin):
    form = PersonaForm
    list_display = ["name", "title", "temperature", "greeting", "enabled"]
    list_filter = ["enabled"]
    search_fields = ["name", "title"]
    fields = ["name", "title", "instructions", "temperature", "greeting", "enabled"]
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Persona | None = None) -> Any:
        """The name is its key, and people have learned it."""
        return ["name"] if obj else []
