"""`/account/`: what a person can change, revoke and end. Each part is a form of its own."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.middleware import get_user
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from chat import inspecting, revocation
from chat.accounts import endings, invites, registration, signin, throttle, tokens
from chat.accounts.answers import STATUS
from chat.accounts.forms import DeleteForm, InviteForm, PasswordForm, TitleForm, TokenForm
from chat.models import Account, Invite, Token
from chat.protocol import ChatError, RateLimited, Unauthenticated

WRONG_PASSWORD = "This is not your password. Type the one that you sign in with."  # noqa: S105


# ---- the page ---------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _me(request: HttpRequest) -> Account:
    """The account itself: `request.user` is a lazy stand-in, which is no model instance."""
    return cast(Account, get_user(request))


def _page(request: HttpRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    """The account page; `given` replaces forms that were filled in wrongly, or adds to it."""
    me = _me(request)
    context = {
        "me": me,
        "title_form": TitleForm(initial={"title": me.title}, auto_id="title-%s"),
        "password_form": PasswordForm(me, auto_id="password-%s"),
        "token_form": TokenForm(auto_id="token-%s"),
        "invite_form": InviteForm(auto_id="invite-%s"),
        "delete_form": DeleteForm(auto_id="delete-%s"),
        "tokens": me.tokens.all(),
        "invites": _invites(request, me),
        "inviting": settings.REGISTRATION == registration.INVITE,
        "looks": _looks(me),
    }
    return render(request, "accounts/account.html", context | given, status=status)


def _invites(request: HttpRequest, me: Account) -> list[tuple[Invite, str]]:
    """This member's links that still work, with the address to pass on."""
    mine = invites.live().filter(inviter=me)
    return [(invite, request.build_absolute_uri(f"/invite/{invite.code}/")) for invite in mine]


def _looks(me: Account) -> list[tuple[inspecting.Look, str]]:
    """Who of those who run the chat looked at this member's conversations, and at which."""
    return [(look, inspecting.named(look.conversation, me.name))
            for look in inspecting.looks_at(me.name)]  # fmt: skip


# ---- display name, password -------------------------------------------------------------------


@login_required
@require_POST
def change_title(request: HttpRequest) -> HttpResponse:
    form = TitleForm(request.POST, auto_id="title-%s")
    if not form.is_valid():
        return _page(request, status=400, title_form=_focused(form))
    me = _me(request)
    me.title = form.cleaned_data["title"]
    me.save(update_fields=["title"])
    revocation.account_renamed(me.name, me.shown_title)
    messages.success(request, f"Others now see you as {me.shown_title}.")
    return redirect("account")


@never_cache
@login_required
@sensitive_post_parameters()
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    form = PasswordForm(me, request.POST, auto_id="password-%s")
    error = _check_password(request, form, "old_password")
    if error or not form.is_valid():
        return _not_yet(request, error, password_form=form)
    with transaction.atomic():  # sockets are closed after it, and may come back at once
        endings.change_password(me, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, me)
    messages.success(
        request,
        "The password is changed. All other browsers are signed out, and all tokens revoked.",
    )
    return redirect("account")


def _check_password(request: HttpRequest, form: forms.Form, field: str) -> ChatError | None:
    """Check the password typed in `field`, and say at that field what is wrong with it."""
    if not form.is_valid():
        return None
    me = _me(request)
    try:
        account = signin.verify(request, me.name, form.cleaned_data[field])
    except ChatError as error:
        wrong = isinstance(error, Unauthenticated)
        form.add_error(field, WRONG_PASSWORD if wrong else error.detail)
        return error
    if account.password != me.password:  # Django has hashed it anew, by today's cost
        me.password = account.password
        update_session_auth_hash(request, me)
    return None


def _not_yet(request: HttpRequest, error: ChatError | None, **filled: forms.Form) -> HttpResponse:
    for form in filled.values():
        _focused(form)
    if error is None:
        return _page(request, status=400, **filled)
    limited = isinstance(error, RateLimited)
    page = _page(request, status=STATUS[error.code] if limited else 400, **filled)
    return throttle.with_retry_after(page, error)


def _focused(form: forms.Form) -> forms.Form:
    for name in list(form.errors)[:1]:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
    return form


# ---- tokens -----------------------------------------------------------------------------------


@never_cache
@login_required
@sensitive_variables("secret")
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Shown in this answer and never again, so there is no redirect."""
    form = TokenForm(request.POST, auto_id="token-%s")
    if not form.is_valid():
        return _page(request, status=400, token_form=_focused(form))
    try:
        secret = tokens.issue(_me(request), form.cleaned_data["label"])
    except ChatError as error:
        form.add_error("label", error.detail)
        return _page(request, status=STATUS[error.code], token_form=_focused(form))
    return _page(request, new_token=secret, new_label=form.cleaned_data["label"])


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = Token.objects.filter(account=_me(request), pk=pk).first()
    if token is None:
        raise Http404
    tokens.revoke(token)
    messages.success(request, "The token is revoked. What used it is signed out.")
    return redirect("account")


# ---- invitations ------------------------------------------------------------------------------


@login_required
@require_POST
def make_invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST, auto_id="invite-%s")
    if settings.REGISTRATION != registration.INVITE:
        raise Http404
    if not form.is_valid():
        return _page(request, status=400, invite_form=_focused(form))
    try:
        invites.make(_me(request), **form.cleaned_data)
    except ChatError as error:
        form.add_error(None, error.detail)
        return _page(request, status=STATUS[error.code], invite_form=form)
    messages.success(request, "The invitation is made. Pass its link on.")
    return redirect("account")


@login_required
@require_POST
def withdraw_invite(request: HttpRequest) -> HttpResponse:
    if not invites.withdraw(_me(request), request.POST.get("code", "")):
        raise Http404
    messages.success(request, "The invitation is withdrawn. Its link makes no account any more.")
    return redirect("account")


# ---- the end ----------------------------------------------------------------------------------


@never_cache
@login_required
@sensitive_post_parameters()
@require_POST
def delete_account(request: HttpRequest) -> HttpResponse:
    form = DeleteForm(request.POST, auto_id="delete-%s")
    error = _check_password(request, form, "password")
    if error or not form.is_valid():
        return _not_yet(request, error, delete_form=form)
    key = request.session.session_key
    endings.delete(_me(request))
    logout(request)
    if key:
        revocation.session_ended(key)
    messages.success(request, "Your account is deleted. Its name will not be given out again.")
    return redirect("join")
