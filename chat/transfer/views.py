"""`/account/download/`: a person has all that is theirs put into a file, and fetches it.

The link alone opens nothing, and neither does the session: it takes both.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import IO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from chat.accounts.answers import STATUS
from chat.accounts.throttle import with_retry_after
from chat.models import Download
from chat.protocol import RateLimited
from chat.transfer import downloads, files
from chat.transfer.beginning import begin

log = logging.getLogger(__name__)

LOOK_AGAIN_AFTER = 2
"""Seconds until the page, while the copy is being made, asks how far it is."""
CHUNK = 256 * 1024


@never_cache
@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200, error: str = "") -> HttpResponse:
    found = downloads.latest(request.user.get_username())
    is_ready = found is not None and found.state == Download.State.READY
    is_under_way = found is not None and found.state in downloads.UNFINISHED
    context = {
        "download": found,
        "error": error,
        "token": downloads.token_of(found) if found is not None and is_ready else "",
        "under_way": is_under_way,
        "percent": 100 * found.done // max(found.total, 1) if found else 0,
    }
    answer = render(request, "accounts/download.html", context, status=status)
    if is_under_way:
        answer["Refresh"] = str(LOOK_AGAIN_AFTER)  # without a script
    return answer


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    try:
        downloads.ask(request.user.get_username())
    except RateLimited as error:
        return with_retry_after(_page(request, STATUS[error.code], error.detail), error)
    begin()
    return redirect("download")


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    downloads.revoke(request.user.get_username())
    messages.success(request, "The copy is deleted, and its link opens nothing any more.")
    return redirect("download")


@never_cache
@login_required
@require_GET
def fetch(request: HttpRequest, token: str) -> HttpResponse | StreamingHttpResponse:
    found = downloads.fetch(request.user.get_username(), token)
    if found is None:
        raise Http404
    try:
        file = files.path_of(found.pk).open("rb")
    except FileNotFoundError:
        log.error("A download is not in DOWNLOAD_DIR, which workers must share with web processes")
        raise Http404 from None
    name = f"p2p-chat-{found.account_id}-{found.asked_at:%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        _chunks(file),
        content_type="application/zip",
        headers={
            "Content-Length": str(found.size),
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file, read as fast as it is taken; a synchronous one Django would read as a whole."""
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
