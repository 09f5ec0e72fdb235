"""The admin's pages of who is in which room, and as what."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from chat.conversation_ids import ROOM, room_id
from chat.models import Account, Conversation, Membership, Room
from chat.protocol import ChatError
from chat.rooms import overruling
from chat.rooms.places import Role


class PlaceForm(forms.ModelForm):
    """Another role for somebody in a room."""

    class Meta:
        model = Membership
        fields = ("account", "role")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        account, role = cleaned.get("account", self.instance.account_id), cleaned.get("role")
        kind = Account.objects.filter(pk=account).values_list("kind", flat=True).first()
        if kind != Account.Kind.PERSON and role != Role.MEMBER:
            self.add_error("role", "Devices and bots have no say in a room.")
        return cleaned


class NewPlaceForm(PlaceForm):
    """Somebody who is brought into a room."""

    room = forms.CharField(help_text="its name, such as #garden")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Account.objects.filter(kind=Account.Kind.PERSON, deleted_at=None)
        self.fields["account"].queryset = people  # type: ignore[attr-defined]

    def clean_room(self) -> Room:
        name = self.cleaned_data["room"]
        room = Room.objects.select_related("conversation").filter(pk=room_id(name)).first()
        if room is None:
            raise ValidationError("There is no such room.")
        return room

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (room := cleaned.get("room")) and (account := cleaned.get("account")):
            self.instance.conversation = room.conversation
            if Membership.objects.filter(account=account, conversation=room.pk).exists():
                self.add_error("account", "They are in it already.")
        return cleaned


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Of rooms alone: who has written to whom is nobody's to change."""

    list_display = ["account", "room", "role", "muted", "received_seq", "read_seq", "joined_at"]
    list_select_related = ["account", "conversation__room"]
    list_filter = ["role"]
    search_fields = ["=account__name", "=conversation__id"]
    search_help_text = "An account’s name, or a room (#lobby)"
    ordering = ["conversation", "account"]
    sortable_by = ["account", "room"]
    autocomplete_fields = ["account"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they would be counted over all members
    actions = ["make_owner", "make_moderator", "make_member", "remove"]
    seen = ["account", "room", "muted", "first_seq", "received_seq", "read_seq", "joined_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rooms = super().get_queryset(request).filter(conversation__kind=Conversation.Kind.ROOM)
        return rooms.select_related("account", "conversation__room")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Membership], search_term: str
    ) -> tuple[QuerySet[Membership], bool]:
        word = search_term.strip().lower()
        if word.startswith(("#", ROOM)):
            return queryset.filter(conversation=room_id(word)), False
        return (queryset.filter(account=word) if word else queryset), False

    @admin.display(ordering="conversation")
    def room(self, place: Membership) -> str:
        address = reverse("admin:chat_room_change", args=[place.conversation_id])
        return format_html('<a href="{}">{}</a>', address, place.conversation.room)

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        return [*self.seen[:2], "role", *self.seen[2:]] if obj else ["account", "room", "role"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        kwargs["form"] = PlaceForm if obj else NewPlaceForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        return self.seen if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is removed is told: see the action."""
        return False

    # ---- what is changed -----------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        by = str(request.user.pk)
        if not change:
            overruling.bring(by, obj.conversation.room, obj.account)
        place = self.get_queryset(request).get(account=obj.account, conversation=obj.conversation)
        overruling.appoint(by, place, form.cleaned_data["role"])
        obj.pk = place.pk

    @admin.action(description="Make the owner", permissions=["change"])
    def make_owner(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        if len({place.conversation_id for place in queryset}) < queryset.count():
            self.message_user(request, "A room has one owner: choose one.", messages.ERROR)
        else:
            self._appoint(request, queryset, Role.OWNER)

    @admin.action(description="Make a moderator", permissions=["change"])
    def make_moderator(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._appoint(request, queryset, Role.MODERATOR)

    @admin.action(description="Make a mere member", permissions=["change"])
    def make_member(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._appoint(request, queryset, Role.MEMBER)

    @admin.action(description="Remove from the room", permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for place in queryset:
            try:
                overruling.remove(str(request.user.pk), place)
            except ChatError as error:
                self.message_user(request, error.detail, messages.ERROR)

    def _appoint(self, request: HttpRequest, queryset: QuerySet[Membership], role: str) -> None:
        people = queryset.filter(account__kind=Account.Kind.PERSON)
        if people.count() < queryset.count():
            self.message_user(request, "Devices and bots have no say in a room.", messages.WARNING)
        for place in people:
            overruling.appoint(str(request.user.pk), place, role)
