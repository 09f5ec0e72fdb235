"""Refusals as HTTP answers: the status of each error code, the way back to a page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from chat.accounts.throttle import with_retry_after
from chat.protocol import ChatError

STATUS = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "rate_limited": 429,
    "unavailable": 503,
}


def next_url(request: HttpRequest) -> str:
    """Where the person was going; only a place on this server, else the chat."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else str(settings.LOGIN_REDIRECT_URL)


def notice(request: HttpRequest, title: str, error: ChatError) -> HttpResponse:
    """A page that says why not."""
    page = render(
        request,
        "accounts/notice.html",
        {"heading": title, "detail": error.detail},
        status=STATUS[error.code],
    )
    return with_retry_after(page, error)
