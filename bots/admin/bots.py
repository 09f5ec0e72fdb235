"""The admin's page of bots: added, given a model, a server and a key, switched off."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bots import connection, keys, registration
from bots.admin.forms import BotForm, NewBotForm
from bots.models import Bot


@admin.register(Bot)
class BotAdmin(admin.ModelAdmin):
    list_display = [
        "account", "title", "persona", "model_asked", "server", "key_state", "connected", "enabled",
    ]  # fmt: skip
    list_select_related = ["account", "persona"]
    ordering = ["account_id"]
    list_filter = ["enabled"]
    search_fields = ["account__name", "account__title", "model"]
    show_full_result_count = False
    actions = ["disable", "enable"]
    readonly_fields = ["account", "title", "key_state", "connected"]
    fieldsets = [
        (None, {"fields": ["account", "title", "persona", "enabled", "connected"]}),
        ("What is asked", {"fields": ["model", "base_url", "key_state", "key", "remove_key"]}),
        ("How much", {"fields": ["memory_tokens", "answer_tokens"]}),
        ("What it costs", {"fields": ["prompt_price", "answer_price"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "title", "persona"]}),
        ("What is asked", {"fields": ["model", "base_url", "key"]}),
        ("How much", {"fields": ["memory_tokens", "answer_tokens"]}),
        ("What it costs", {"fields": ["prompt_price", "answer_price"]}),
    ]

    # ---- what is shown -------------------------------------------------------------------------

    @admin.display(ordering="account__title")
    def title(self, bot: Bot) -> str:
        return bot.account.shown_title

    @admin.display(ordering="model", description="model")
    def model_asked(self, bot: Bot) -> str:
        return bot.model or f"{settings.OPENAI_MODEL} (OPENAI_MODEL)"

    @admin.display(ordering="base_url")
    def server(self, bot: Bot) -> str:
        """The installation's may hold a password, and is not shown."""
        return bot.base_url or ("OPENAI_BASE_URL" if settings.OPENAI_BASE_URL else "OpenAI")

    @admin.display(description="own key")
    def key_state(self, bot: Bot) -> str:
        if not bot.sealed_key:
            return "not set"
        known = keys.unseal(bot.sealed_key) is not None
        return "set" if known else "set under another SECRET_KEY: enter it anew"

    @admin.display(boolean=True)
    def connected(self, bot: Bot) -> bool:
        return connection.is_set(bot)

    # ---- adding and changing -------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Bot | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Bot | None = None) -> Any:
        return self.readonly_fields if obj else []

    def get_form(
        self, request: HttpRequest, obj: Bot | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        kwargs["form"] = BotForm if obj else NewBotForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Bot, form: Any, change: bool) -> None:
        entered = form.cleaned_data["key"]
        if entered or form.cleaned_data.get("remove_key"):
            registration.set_key(obj, entered)
        if change:
            obj.save()
        else:
            registration.add(obj, form.cleaned_data["name"], form.cleaned_data["title"])

    def has_delete_permission(self, request: HttpRequest, obj: Bot | None = None) -> bool:
        """What it said and its name stay; it can be switched off."""
        return False

    @admin.action(description="Switch off", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Bot]) -> None:
        self._switch(request, queryset, enabled=False)

    @admin.action(description="Switch on", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Bot]) -> None:
        self._switch(request, queryset, enabled=True)

    def _switch(self, request: HttpRequest, queryset: QuerySet[Bot], enabled: bool) -> None:
        changed = queryset.exclude(enabled=enabled).update(enabled=enabled)
        bots = f"{changed} bot was" if changed == 1 else f"{changed} bots were"
        self.message_user(request, f"{bots} switched {'on' if enabled else 'off'}.")
