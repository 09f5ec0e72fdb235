"""Accounts in Django's admin: made, given rights and passwords, suspended, ended.

Whoever is no superuser gives no rights, and leaves the accounts of those alone who run the chat:
else each right to change accounts would be all rights.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from chat.accounts import endings
from chat.models import Account
from chat.names import normalise

THEIRS = {"message": "Messages", "membership": "Rooms", "token": "Tokens", "invite": "Invitations"}
"""Lists that are searched by an account's name, and their titles."""
RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]


class NewAccountForm(BaseUserCreationForm):
    """Names are stored without case, in the admin too."""

    class Meta:
        model = Account
        fields = ("name", "title")

    def clean_name(self) -> str:
        return normalise(self.cleaned_data["name"])


class NewPasswordForm(AdminPasswordChangeForm):
    """A new password, and nothing else: who is to have none is suspended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


@admin.register(Account)
class AccountAdmin(UserAdmin):
    add_form = NewAccountForm
    change_password_form = NewPasswordForm
    list_display = ["name", "title", "kind", "is_active", "is_staff", "last_seen", "deleted_at"]
    list_filter = ["kind", "is_active", "is_staff", ("deleted_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "title"]
    ordering = ["name"]
    readonly_fields = [
        "name", "kind", "new_password", "elsewhere", "created_at", "last_login", "last_seen",
        "deleted_at",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["name", "title", "kind", "new_password", "elsewhere"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Times", {"fields": ["created_at", "last_login", "last_seen", "deleted_at"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["name", "title", "password1", "password2"]}),
    ]
    filter_horizontal = ["groups"]
    actions = ["sign_out", "suspend", "resume", "delete_for_good"]
    show_full_result_count = False

    @admin.display(description="Password")
    def new_password(self, account: Account) -> str:
        """The way to set a new one, in place of the hash, which is nobody's business."""
        return format_html('<a href="{}">Set a new password</a>', "../password/")

    @admin.display(description="What is theirs")
    def elsewhere(self, account: Account) -> str:
        links = ((reverse(f"admin:chat_{page}_changelist"), account.pk, title)
                 for page, title in THEIRS.items())  # fmt: skip
        return format_html_join(" · ", '<a href="{}?q={}">{}</a>', links)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return []
        fields = [*super().get_readonly_fields(request, obj)]
        if obj.deleted_at is not None:
            return [*fields, "title", "is_active", *RIGHTS]
        return fields if _is_superuser(request) else [*fields, *RIGHTS]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Asked for the form and for a new password alike."""
        reached = obj is None or _is_superuser(request) or not (obj.is_staff or obj.is_superuser)
        return reached and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The row must stay, so that the name is never given out again: see the action."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Account, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            endings.suspend(obj)

    @admin.action(
        description="Sign out everywhere (sessions and tokens end)", permissions=["change"]
    )
    def sign_out(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        endings.sign_out(list(self._reached(request, queryset)))

    @admin.action(description="Suspend: sign out, and let in no more", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in self._reached(request, queryset.filter(deleted_at=None)):
            endings.suspend(account)

    @admin.action(description="Resume: let in again", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in self._reached(request, queryset.filter(deleted_at=None)):
            endings.resume(account)

    @admin.action(description="Delete for good (messages and name stay)", permissions=["change"])
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        chosen = list(self._reached(request, queryset.filter(deleted_at=None)))
        if request.user in chosen:
            self.message_user(
                request, "Delete your own account on the account page.", messages.ERROR
            )
            return
        for account in chosen:
            endings.delete(account)

    def _reached(self, request: HttpRequest, queryset: QuerySet[Account]) -> Iterator[Account]:
        """Those that may be changed; the others are told of."""
        for account in queryset:
            if self.has_change_permission(request, account):
                yield account
            else:
                refused = f"{account} runs the chat: only a superuser may change that account."
                self.message_user(request, refused, messages.ERROR)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
