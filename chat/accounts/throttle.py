"""How often one address may try passwords and make accounts.

Passwords: django-axes counts failures in the database for each pair of name and address, so a
lockout of alice from one address does not lock her out elsewhere, and holds over restarts.
Accounts: a token bucket for each address.

The address is REMOTE_ADDR alone. Behind a proxy the server sets that from the proxy's header,
if the proxy is among TRUSTED_PROXIES; no header is believed here.
"""

import ipaddress
import math
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from chat.limits import shared_buckets
from chat.names import NAME_MAX, normalise
from chat.protocol import RateLimited

NEW_ACCOUNTS_PER_SECOND = 1.0
NEW_ACCOUNTS_BURST = 100
"""A class of school children behind one address can join at once; a script cannot fill the disk."""
IPV6_NETWORK = 64
"""Bits of an IPv6 address that count: one household owns all the addresses behind them."""

_new_accounts = shared_buckets("new-accounts", NEW_ACCOUNTS_PER_SECOND, NEW_ACCOUNTS_BURST)


# ---- who is asking ----------------------------------------------------------------------------


def address_of(request: HttpRequest) -> str | None:
    """The client's address, an IPv6 one as its network; None on a Unix socket.

    Named in settings as AXES_CLIENT_IP_CALLABLE.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    bits = int(address) >> (128 - IPV6_NETWORK) << (128 - IPV6_NETWORK)
    return str(ipaddress.IPv6Address(bits))


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The account name of an attempt, as accounts are compared: without case.

    Named in settings as AXES_USERNAME_CALLABLE. Django's own forms say `username`, axes the
    model's field; without both, failures would be counted under another key than they are
    looked up by.
    """
    found = credentials or {}
    name = found.get("username") or found.get("name") or ""
    return normalise(str(name))[:NAME_MAX].replace("\0", "")


# ---- passwords --------------------------------------------------------------------------------


@receiver(pre_save, sender=AccessAttempt)
def keep_no_form_data(sender: type, instance: AccessAttempt, **kwargs: Any) -> None:
    """What was typed is nobody's business: axes would keep each attempt's whole form."""
    instance.get_data = instance.post_data = ""


def was_locked_out(request: HttpRequest) -> bool:
    """Whether axes refused, or with this failure began to refuse, the request's sign-in.

    Who asks answers the request: axes' middleware, which would put its own answer in the place
    of ours, is told that there is nothing left to do.
    """
    locked_out = bool(getattr(request, "axes_locked_out", False))
    request.axes_locked_out = False  # type: ignore[attr-defined]
    return locked_out


def locked_out(request: HttpRequest, name: str) -> RateLimited:
    """The error that says so, with the seconds until the lock opens by itself."""
    seconds = _seconds_locked(request, name)
    minutes = max(1, math.ceil(seconds / 60))
    return RateLimited(
        f"Too many wrong passwords for this name. Try again in {minutes}"
        f" minute{'s' if minutes > 1 else ''}.",
        retry_after=seconds,
    )


def _seconds_locked(request: HttpRequest, name: str) -> float:
    attempts = AccessAttempt.objects.filter(
        username=name_tried(request, {"name": name}), ip_address=address_of(request)
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return max(1.0, (last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds())


def forget_failures(request: HttpRequest, account: Any) -> None:
    """A right password wipes out the wrong ones before it, also where no session is begun."""
    AxesProxyHandler.user_logged_in(type(account), request=request, user=account)


def lockout_response(request: HttpRequest, *args: Any) -> HttpResponse:
    """What axes' middleware answers for views other than ours: the admin's sign-in.

    Named in settings as AXES_LOCKOUT_CALLABLE. The further arguments differ between axes'
    synchronous and asynchronous middleware, so the credentials are taken from the request.
    """
    error = locked_out(request, name_tried(request, getattr(request, "axes_credentials", None)))
    page = render(
        request,
        "accounts/notice.html",
        {"heading": "Too many wrong passwords", "detail": error.detail},
        status=429,
    )
    return with_retry_after(page, error)


# ---- new accounts -----------------------------------------------------------------------------


def take_new_account(request: HttpRequest) -> None:
    """Count one new account of the request's address; raises RateLimited above the limit."""
    wait = _new_accounts.take(address_of(request) or "unix socket")
    if wait:
        raise RateLimited(
            "Too many new accounts from this address. Try again in a moment.", retry_after=wait
        )


def with_retry_after(response: HttpResponse, error: Any) -> HttpResponse:
    """`response` with the header Retry-After (whole seconds), where `error` knows how long."""
    if error.retry_after is not None:
        response["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    return response
