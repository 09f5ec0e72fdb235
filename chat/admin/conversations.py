"""The admin's page of conversations: which there are, and how far they have come."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from chat.admin.bases import Kept
from chat.models import Conversation


@admin.register(Conversation)
class ConversationAdmin(Kept):
    list_display = ["id", "kind", "last_seq", "last_at", "messages"]
    list_filter = ["kind"]
    search_fields = ["=id"]
    search_help_text = "The whole name, such as dm:alice:bob or room:lobby"
    ordering = ["id"]
    fields = ["id", "kind", "first_seq", "last_seq", "last_at", "changes", "messages"]
    readonly_fields = ["messages"]
    show_facets = admin.ShowFacets.NEVER  # they would be counted over all conversations

    @admin.display
    def messages(self, conversation: Conversation) -> str:
        address = reverse("admin:chat_message_changelist")
        return format_html('<a href="{}?q={}">Messages</a>', address, conversation.pk)
