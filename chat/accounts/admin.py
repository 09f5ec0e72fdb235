"""Accounts, tokens and invitations in Django's admin: what may be changed, and what only seen."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from chat.accounts import endings, tokens
from chat.models import Account, Invite, Token
from chat.names import normalise


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
        "name", "kind", "new_password", "created_at", "last_login", "last_seen", "deleted_at",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["name", "title", "kind", "new_password"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Times", {"fields": ["created_at", "last_login", "last_seen", "deleted_at"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["name", "title", "password1", "password2"]}),
    ]
    filter_horizontal = ["groups"]
    actions = ["suspend", "resume", "delete_for_good"]
    show_full_result_count = False

    @admin.display(description="Password")
    def new_password(self, account: Account) -> str:
        """The way to set a new one, in place of the hash, which is nobody's business."""
        return format_html('<a href="{}">Set a new password</a>', "../password/")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return []
        fields = super().get_readonly_fields(request, obj)
        if obj.deleted_at is not None:
            return [*fields, "title", "is_active", "is_staff", "is_superuser", "groups"]
        return fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The row must stay, so that the name is never given out again: see the action."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Account, form: forms.ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            endings.suspend(obj)

    @admin.action(description="Suspend: sign out, and let in no more", permissions=["change"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in queryset.filter(deleted_at=None):
            endings.suspend(account)

    @admin.action(description="Resume: let in again", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        for account in queryset.filter(deleted_at=None):
            endings.resume(account)

    @admin.action(description="Delete for good (messages and name stay)", permissions=["change"])
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Account]) -> None:
        chosen = list(queryset.filter(deleted_at=None))
        if request.user in chosen:
            self.message_user(
                request, "Delete your own account on the account page.", messages.ERROR
            )
            return
        for account in chosen:
            endings.delete(account)


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
