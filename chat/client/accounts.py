"""Accounts and tokens, over HTTP: signing up, signing in, giving a token back."""

import asyncio
import json
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPResponse
from typing import Any

from chat.client.address import Address
from chat.client.errors import ClientError, Refused, SignedOut, Unreachable

WITHIN = 30.0
"""Seconds for an answer."""
MOST = 64 * 1024
"""Bytes of an answer."""


async def sign_in(address: Address, name: str, password: str, label: str = "") -> str:
    """A new token of the account; `label` tells its owner later which one it is.

    Raises SignedOut (wrong password), Refused, Unreachable.
    """
    more = {"label": label} if label else {}
    return await _token(address, "tokens", username=name, password=password, **more)


async def register(address: Address, name: str, password: str, invite: str = "") -> str:
    """Make an account; gives a token of it. Raises as `sign_in`; `conflict`: the name is taken."""
    more = {"invite": invite} if invite else {}
    return await _token(address, "accounts", username=name, password=password, **more)


async def _token(address: Address, path: str, **body: str) -> str:
    answer = await call(address, "POST", path, body)
    token = answer.get("token")
    if not isinstance(token, str):
        raise Unreachable(f"What answers at {address.url} is no chat.")
    return token


async def number_of(address: Address, token: str, label: str) -> int | None:
    """The number of the token with that label, by which it is revoked; None where that is not
    had."""
    try:
        answer = await call(address, "GET", "tokens", token=token)
    except ClientError:
        return None
    found = [each["id"] for each in answer.get("tokens", []) if each["label"] == label]
    return found[0] if len(found) == 1 else None


async def revoke(address: Address, token: str, number: int) -> None:
    """Revoke the token of that number, by one of the same account. Raises as `sign_in`."""
    await call(address, "DELETE", f"tokens/{number}", token=token)


async def call(
    address: Address, method: str, path: str, body: object = None, token: str | None = None
) -> dict[str, Any]:
    """The JSON object that the API answers with, {} where it is empty."""
    return await asyncio.to_thread(_call, address, method, path, body, token)


def _call(
    address: Address, method: str, path: str, body: object, token: str | None
) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310  Address admits http and https alone
        address.api(path), data=data, headers=headers, method=method
    )
    try:
        with _opener(address).open(request, timeout=WITHIN) as response:
            return _object(response)
    except urllib.error.HTTPError as error:
        raise _refusal(address, error) from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{address.url} does not answer: {_reason(error)}.") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A password is sent to the address that was given, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _opener(address: Address) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [
        _NoRedirects(), urllib.request.HTTPSHandler(context=address.tls())
    ]  # fmt: skip
    if address.is_local:
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def _object(response: HTTPResponse | urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.loads(response.read(MOST) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(address: Address, error: urllib.error.HTTPError) -> Refused | SignedOut | Unreachable:
    answer = _object(error)
    code, detail = answer.get("code"), answer.get("detail")
    if not isinstance(code, str) or not isinstance(detail, str):
        return Unreachable(f"{address.url} answered with HTTP {error.code}, as no chat does.")
    if code == "unauthenticated":
        return SignedOut(detail)
    return Refused(code, detail, _seconds(error.headers.get("Retry-After")))


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None


def _reason(error: Exception) -> str:
    """The operating system's word for it, without the URL or the like around it."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted, {reason.verify_message}"
    return getattr(reason, "strerror", None) or type(reason).__name__
