"""The admin's pages of messages."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chat import amending, inspecting
from chat.admin.bases import Kept
from chat.admin.messages import filters, listing
from chat.admin.messages.forms import DeleteForm, ReadForm
from chat.conversation_ids import is_direct, is_room, room_id
from chat.models import Message
from chat.protocol import ChatError
from chat.receipts import Receipt, receipts
from chat.store import store

AROUND = 10
"""Messages shown before and after one."""
WAITING = mark_safe('<span class="waiting">stored and waiting</span>')


@admin.register(Message)
class MessageAdmin(Kept):
    """Without the bodies: who wants to read them says so by a click, which is noted."""

    list_display = ["sent", "conversation", "seq", "sender", "kind", "state"]
    list_filter = [filters.StateFilter, "kind", filters.PlaceFilter, filters.SenderFilter]
    search_fields = ["=conversation", "=sender", "=id"]
    search_help_text = (
        "A conversation (dm:alice:bob, #lobby), a sender, or a message’s id; several words: all"
        " of them. Words that people wrote are not searched here."
    )
    fields = ["id", "conversation", "seq", "sender", "kind", "state", "sent_at", "edited_at"]
    readonly_fields = ["state"]
    ordering = ["-id"]
    sortable_by = ["sent"]
    actions = None
    paginator = listing.BoundedPaginator
    show_facets = admin.ShowFacets.NEVER  # they would be counted over all messages

    # ---- the list ------------------------------------------------------------------------------

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[listing.MessageList]:
        return listing.MessageList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in filters.OWN or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        """Whole names, as they are stored: these have indexes."""
        for word in search_term.lower().split():
            place = room_id(word) if word.startswith("#") else word
            queryset = queryset.filter(Q(conversation=place) | Q(sender=word) | Q(pk=word))
        return queryset, False

    @admin.display(ordering="pk", description="time (UTC)")
    def sent(self, message: Message) -> str:
        return f"{message.sent_at:%Y-%m-%d %H:%M:%S}"

    @admin.display
    def state(self, message: Message) -> str:
        found = getattr(message, "receipt", None)
        if found is None:
            (found,) = receipts([(message.conversation, message.seq, message.sender)])
        return _state(message.conversation, found)

    # ---- one message ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        read = self.admin_site.admin_view(never_cache(require_POST(self.read_view)))
        return [
            path("<path:object_id>/read/", read, name="chat_message_read"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Without its words; noted like a list that has it."""
        message = self.get_object(request, unquote(object_id))
        if message is not None and self.has_view_permission(request, message):
            _note(request, message, inspecting.What.LISTED)
        context = {"read_form": ReadForm(), "title": "Message", "around": AROUND}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def read_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The message with those around it, once it is noted that somebody reads them."""
        message = self._existing(request, object_id)
        form = ReadForm(request.POST)
        if not form.is_valid():
            self.message_user(request, " ".join(map(str, form.errors["reason"])), messages.ERROR)
            return self._to(message)
        conversation = message.conversation
        _note(request, message, inspecting.What.READ, form.cleaned_data["reason"])
        context = {
            **self._context(request, message, f"In {conversation}"),
            "noted": bool(inspecting.private_among({conversation})),
            "messages_around": [
                *store.before(conversation, 1, message.seq, AROUND),
                *store.at(conversation, [message.seq]),
                *store.after(conversation, message.seq, AROUND),
            ],
        }
        return TemplateResponse(request, "admin/chat/message/context.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        _note(request, self._existing(request, object_id), inspecting.What.LISTED)
        return super().history_view(request, object_id, extra_context)

    # ---- deletion ------------------------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its place, its sender and its id stay: see `amending.bury`."""
        is_there = obj is None or obj.kind != Message.Kind.DELETED
        return is_there and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        message = self._existing(request, object_id)
        if not self.has_delete_permission(request, message):
            raise PermissionDenied
        form = DeleteForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            return self._bury(request, message, form.cleaned_data["reason"])
        _note(request, message, inspecting.What.LISTED)
        context = {**self._context(request, message, "Delete a message"), "form": form}
        return TemplateResponse(request, "admin/chat/message/delete.html", context)

    def _bury(self, request: HttpRequest, message: Message, reason: str) -> HttpResponse:
        """Noted first: what is noted may have failed, what was done is noted."""
        _note(request, message, inspecting.What.DELETED, reason)
        try:
            amending.bury(store.at(message.conversation, [message.seq])[0])
        except ChatError as error:
            self.message_user(request, error.detail, messages.ERROR)
        else:
            self.message_user(request, "The message is deleted; its place stays.")
        return self._to(message)

    # ---- what both need ------------------------------------------------------------------------

    def _to(self, message: Message) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:chat_message_change", args=[message.pk]))

    def _existing(self, request: HttpRequest, object_id: str) -> Message:
        message = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, message):
            raise PermissionDenied
        if message is None:
            raise Http404
        return message

    def _context(self, request: HttpRequest, message: Message, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": message,
            "may_delete": self.has_delete_permission(request, message),
        }


def _note(request: HttpRequest, message: Message, what: str, reason: str = "") -> None:
    inspecting.note(str(request.user.pk), [message.conversation], what, message, reason)


def _state(conversation: str, receipt: Receipt) -> str:
    if not receipt.others:
        return "nobody else is there"
    if not receipt.received:
        return WAITING
    if is_direct(conversation):
        return "received"
    whose = "members" if is_room(conversation) else "subscribers"
    return f"received by {receipt.received} of {receipt.others} other {whose}"
