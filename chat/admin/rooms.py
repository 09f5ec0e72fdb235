"""The admin's pages of rooms: their titles, who may see them, closed and opened."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from chat.models import LOBBY, Membership, Room
from chat.rooms import overruling

_PLACES = Membership.objects.filter(conversation=OuterRef("pk")).order_by()
MEMBERS = Coalesce(
    Subquery(_PLACES.values("conversation").annotate(n=Count("pk")).values("n")),
    0,
    output_field=IntegerField(),
)
OWNER = Subquery(_PLACES.filter(role=Membership.Role.OWNER).values("account")[:1])


class RoomForm(forms.ModelForm):
    closed = forms.BooleanField(
        required=False, help_text="Its members may read it, and nobody writes or joins."
    )

    class Meta:
        model = Room
        fields = ("title", "private")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed"].initial = self.instance.closed_at is not None

    def clean_private(self) -> bool:
        private = bool(self.cleaned_data["private"])
        if private and self.instance.pk == LOBBY:
            raise ValidationError("Whoever signs up comes into the lobby: it stays public.")
        if self.initial.get("private") and not private:
            raise ValidationError(
                "What was written among its members alone would be everybody’s: make a new room."
            )
        return private

    def save(self, commit: bool = True) -> Any:
        if "closed" in self.changed_data:
            closed = self.cleaned_data["closed"]
            self.instance.closed_at = timezone.now() if closed else None
        return super().save(commit)


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    form = RoomForm
    list_display = ["room", "title", "private", "closed", "owner", "members", "messages", "last"]
    list_select_related = ["conversation"]
    list_filter = ["private", ("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["conversation__id", "title"]
    ordering = ["conversation"]
    actions = ["close", "reopen"]
    show_full_result_count = False
    readonly_fields = ["room", "owner", "members", "messages", "created_at", "closed_at"]
    fieldsets = [
        (None, {"fields": ["room", "title", "private", "closed"]}),
        ("How it is", {"fields": ["owner", "members", "messages", "created_at", "closed_at"]}),
    ]

    # ---- what is shown -------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        return super().get_queryset(request).annotate(counted=MEMBERS, owned_by=OWNER)

    @admin.display(ordering="pk")
    def room(self, room: Room) -> str:
        return str(room)

    @admin.display(boolean=True, ordering="closed_at")
    def closed(self, room: Room) -> bool:
        return room.closed_at is not None

    @admin.display
    def owner(self, room: Room) -> str:
        return room.owned_by or "-"  # type: ignore[attr-defined]  # annotated

    @admin.display(ordering="counted")
    def members(self, room: Room) -> str:
        address = reverse("admin:chat_membership_changelist")
        count = room.counted  # type: ignore[attr-defined]  # annotated
        return format_html('<a href="{}?q={}">{}</a>', address, room.pk, count)

    @admin.display
    def messages(self, room: Room) -> str:
        address = reverse("admin:chat_message_changelist")
        return format_html('<a href="{}?q={}">Messages</a>', address, room.pk)

    @admin.display(ordering="conversation__last_at", description="last activity")
    def last(self, room: Room) -> Any:
        return room.conversation.last_at

    # ---- what is changed -----------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rooms are made in the chat: whoever makes one owns it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        """Its messages and its name stay; it can be closed."""
        return False

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        renamed = {"closed": "closed_at"}
        fields = {renamed.get(name, name) for name in form.changed_data}
        obj.save(update_fields=fields)
        if fields:
            overruling.changed(str(request.user.pk), obj, fields)

    @admin.action(description="Close: nobody writes or joins", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Room]) -> None:
        for room in queryset:
            overruling.close(str(request.user.pk), room, True)

    @admin.action(description="Open again", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Room]) -> None:
        for room in queryset:
            overruling.close(str(request.user.pk), room, False)
