"""What lets somebody in, or something out: tokens, invitations, webhooks, downloads. Revoked here,
and never shown: each is a secret whose owner alone was shown it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from chat.accounts import tokens
from chat.admin.bases import Kept, SeenOnly
from chat.models import Download, Invite, Token, Webhook
from chat.rooms import webhooks
from chat.rooms.telling import afterwards


@admin.register(Token)
class TokenAdmin(SeenOnly):
    list_display = ["account", "label", "created_at"]
    list_select_related = ["account"]
    search_fields = ["account__name", "label"]
    fields = ["account", "label", "created_at"]

    def delete_model(self, request: HttpRequest, obj: Token) -> None:
        tokens.revoke(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        for token in queryset:
            tokens.revoke(token)


@admin.register(Invite)
class InviteAdmin(SeenOnly):
    """The code is not shown: who has it can make an account in the inviter's name."""

    list_display = ["inviter", "uses_left", "expires_at", "created_at"]
    list_select_related = ["inviter"]
    search_fields = ["inviter__name"]
    fields = ["inviter", "uses_left", "expires_at", "created_at"]


@admin.register(Webhook)
class WebhookAdmin(SeenOnly):
    """Deleted, its URL is good for nothing and its account leaves the room; what it said stays."""

    list_display = ["account", "room", "created_by", "created_at", "last_used_at"]
    list_select_related = ["account", "room", "created_by"]
    search_fields = ["account__name", "=room__conversation__id", "=created_by__name"]
    search_help_text = "Its name, a room (room:lobby), or who made it"
    fields = ["account", "room", "created_by", "created_at", "last_used_at"]

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        afterwards(webhooks.end, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        for hook in queryset:
            webhooks.end(hook)


@admin.register(Download)
class DownloadAdmin(Kept):
    """Who asked for a copy of theirs, and how far it is; never the copy itself."""

    list_display = ["account", "state", "done", "total", "size", "asked_at", "expires_at"]
    list_select_related = ["account"]
    list_filter = ["state"]
    search_fields = ["=account__name"]
    fields = ["account", "state", "done", "total", "size", "asked_at", "expires_at"]
    show_facets = admin.ShowFacets.NEVER
