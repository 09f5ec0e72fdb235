"""Django's admin of the chat. Messages can be counted and found here, not read or changed."""

from django.contrib import admin
from django.http import HttpRequest

from chat.accounts.admin import AccountAdmin, InviteAdmin, SeenOnly, TokenAdmin
from chat.models import Conversation, Message

__all__ = ["AccountAdmin", "ConversationAdmin", "InviteAdmin", "MessageAdmin", "TokenAdmin"]


class Kept(SeenOnly):
    """What promise 3 keeps: no row of it disappears by a click."""

    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(Kept):
    list_display = ["id", "kind", "last_seq", "last_at"]
    search_fields = ["id"]
    ordering = ["id"]
    fields = ["id", "kind", "last_seq", "last_at"]


@admin.register(Message)
class MessageAdmin(Kept):
    """Without the body: what two people write each other is theirs."""

    list_display = ["conversation", "seq", "sender", "kind", "sent_at"]
    search_fields = ["=conversation", "=sender"]
    fields = ["id", "conversation", "seq", "sender", "kind", "sent_at"]
