"""`/join/`, the one form: a name that is free makes an account, a taken one signs in.

Works without JavaScript. A new account takes two steps: name and password, then the password
again (chat/accounts/pending.py keeps what the first step said).
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chat import revocation
from chat.accounts import pending, registration, signin, throttle
from chat.accounts.answers import STATUS, next_url, notice
from chat.accounts.elsewhere import ServerForm
from chat.accounts.forms import ConfirmForm, JoinForm
from chat.models import Account, Invite
from chat.protocol import ChatError, Forbidden, RateLimited, Unauthenticated

TOO_LATE = "That took too long, or the browser kept no cookie. Type the password once more."
NOT_THE_SAME = (
    "The two passwords were not the same. Type the one you want here; you are asked for it "
    "again on the next page."
)


# ---- the views --------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password", "confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_url(request))
    if request.method != "POST":
        return _page(request, JoinForm(initial={"next": request.GET.get("next", "")}))
    if "confirm" in request.POST:
        return _second_step(request, ConfirmForm(request.POST))
    return _first_step(request, JoinForm(request.POST))


@never_cache
@require_http_methods(["GET", "HEAD"])
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """The join page with an invitation in hand."""
    if request.user.is_authenticated:
        return redirect(next_url(request))
    try:
        registration.check_admitted(code)
    except ChatError as error:
        return notice(request, "No new account by this link", error)
    invite = Invite.objects.select_related("inviter").filter(code=code).first()
    return _page(request, JoinForm(initial={"invite": code}), invite=invite)


@never_cache
@require_POST
def elsewhere(request: HttpRequest) -> HttpResponse:
    """On to another server's join page.

    By a page that moves on at once, not by a redirect: browsers hold the redirect of a form to
    the policy `form-action`, which lets forms go to this server alone.
    """
    form = ServerForm(request.POST)
    if not form.is_valid():
        return _page(request, JoinForm(), status=400, server_form=form)
    response = render(request, "accounts/elsewhere.html", {"url": form.url()})
    response["Refresh"] = f"0; url={form.url()}"
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out; the session's sockets are closed at once."""
    key = request.session.session_key
    logout(request)
    if key:
        revocation.session_ended(key)
    return redirect("join")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form without its CSRF token is answered. Named in settings as CSRF_FAILURE_VIEW."""
    error = Forbidden(
        "The page was out of date: you have signed in or out since it was opened, or the browser "
        "keeps no cookies. Open it again, and repeat what you did."
    )
    return notice(request, "Please try again", error)


# ---- the steps --------------------------------------------------------------------------------


def _first_step(request: HttpRequest, form: JoinForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, status=400)
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        account = Account.objects.filter(name=name).first()
        if account is None:
            return _ask_again(request, form)
        if account.deleted_at is not None:
            raise registration.taken(name)
        if account.kind != Account.Kind.PERSON:
            registration.check_name(name)  # says why it cannot be had
        signin.begin_session(request, signin.verify(request, name, password))
    except ChatError as error:
        return _refused(request, form, error)
    return redirect(next_url(request))


def _ask_again(request: HttpRequest, form: JoinForm) -> HttpResponse:
    """The name is free: check what can be checked, and ask for the password again."""
    name, password = form.cleaned_data["name"], form.cleaned_data["password"]
    try:
        registration.check_admitted(form.cleaned_data["invite"])
    except Forbidden as error:
        raise Forbidden(f"There is no account “{name}”. {error.detail}") from None
    registration.check_name(name)
    try:
        validate_password(password, Account(name=name))
    except ValidationError as error:
        form.add_error("password", error)
        return _page(request, form, status=400)
    throttle.take_new_account(request)
    pending.keep(request.session, name, make_password(password))
    return _page(request, ConfirmForm(initial=form.cleaned_data))


def _second_step(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, status=400)
    name, title = form.cleaned_data["name"], form.cleaned_data["title"]
    kept = pending.find(request.session, name)
    if kept is None:
        return _start_over(request, form, "password", TOO_LATE)
    if not check_password(form.cleaned_data["confirm"], kept.password_hash):
        pending.forget(request.session)
        return _start_over(request, form, "password", NOT_THE_SAME)
    try:
        validate_password(form.cleaned_data["confirm"], Account(name=name, title=title))
        account = registration.create(
            name, kept.password_hash, title=title, code=form.cleaned_data["invite"]
        )
    except ValidationError as error:
        form.add_error("title", error)
        return _page(request, form, status=400)
    except ChatError as error:
        pending.forget(request.session)
        return _start_over(request, form, "name", error.detail, STATUS[error.code])
    pending.forget(request.session)
    signin.begin_session(request, account)
    return redirect(next_url(request))


def _start_over(
    request: HttpRequest, form: ConfirmForm, field: str, message: str, status: int = 400
) -> HttpResponse:
    """The first step again, with what is known filled in and the reason at `field`."""
    first = JoinForm(form.cleaned_data)
    first.errors.clear()
    first.add_error(field, message)
    return _page(request, first, status=status)


def _refused(request: HttpRequest, form: JoinForm, error: ChatError) -> HttpResponse:
    name = form.cleaned_data["name"]
    if isinstance(error, Unauthenticated):
        form.add_error(
            "password",
            f"This is not the password of “{name}”, a name that is taken. "
            "If you are new here, choose another name.",
        )
    else:
        form.add_error(None if isinstance(error, RateLimited) else "name", error.detail)
    page = _page(request, form, status=STATUS[error.code])
    return throttle.with_retry_after(page, error)


def _page(
    request: HttpRequest,
    form: forms.Form,
    *,
    status: int = 200,
    server_form: ServerForm | None = None,
    invite: Any = None,
) -> HttpResponse:
    context = {
        "form": form,
        "confirming": isinstance(form, ConfirmForm),
        "server_form": server_form or ServerForm(),
        "invite": invite,
        "registration": settings.REGISTRATION,
    }
    _focus(form if server_form is None else server_form)
    return render(request, "accounts/join.html", context, status=status)


def _focus(form: forms.Form) -> None:
    """The cursor goes to the first field that is wrong, else to the first that is empty."""
    visible = [bound.name for bound in form.visible_fields()]
    wrong = [name for name in visible if name in form.errors]
    empty = [name for name in visible if not form[name].value()]
    for name in (wrong or empty or visible)[:1]:
        form.fields[name].widget.attrs["autofocus"] = True
