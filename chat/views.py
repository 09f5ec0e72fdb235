"""The chat's page."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
LATER = {
    "about", "amending", "bots", "cards", "composing", "context", "devices", "further", "growing",
    "links", "log", "refused", "rooms", "search", "stored", "to", "typing",
    "view/layout.js", "view/log.js", "view/rows.js",
}  # fmt: skip
"""Folders of scripts that are fetched when somebody first needs what they do, and single ones."""


@cache
def modules() -> list[str]:
    """URLs of the page's scripts, which it asks for at once instead of import by import."""
    paths = sorted(path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js"))
    first = (path for path in paths if LATER.isdisjoint({path, path.partition("/")[0]}))
    return [static(f"js/{path}") for path in first if path != "main.js"]


@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The chat. All it shows comes over the WebSocket; the page itself says only who looks."""
    return render(
        request, "chat/index.html", {"modules": modules(), "join_url": settings.LOGIN_URL}
    )
