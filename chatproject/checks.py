"""System checks of an installation: what works, but not as its owner would want it to."""

import stat
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

FULL = 2  # PRAGMA synchronous


@register(Tags.security)
def data_folder_is_private(**_: Any) -> list[CheckMessage]:
    mode = stat.S_IMODE(settings.DATA_DIR.stat().st_mode)
    if not mode & 0o077:
        return []
    return [
        Warning(
            f"Other users of this machine get into the data folder {settings.DATA_DIR}.",
            hint=f"chmod 700 {settings.DATA_DIR}",
            id="chatproject.W001",
        )
    ]


@register(Tags.security)
def hosts_are_named(**_: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            "ALLOWED_HOSTS=* lets in whatever name a stranger's page gives to this server.",
            hint="Name the hosts that people type, e.g. ALLOWED_HOSTS=localhost,192.168.1.10",
            id="chatproject.W002",
        )
    ]


@register(Tags.security)
def https_comes_through_a_proxy(**_: Any) -> list[CheckMessage]:
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "HTTPS is on, but no proxy is trusted to say that a request came by it.",
            hint="Set TRUSTED_PROXIES to the address of the proxy that speaks TLS, e.g. 127.0.0.1",
            id="chatproject.W003",
        )
    ]


@register(Tags.database)
def sqlite_commits_are_durable(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    return [message for alias in databases or () for message in _durability_of(alias)]


def _durability_of(alias: str) -> list[CheckMessage]:
    if connections[alias].vendor != "sqlite":
        return []
    with connections[alias].cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if journal == "wal" and synchronous >= FULL:
        return []
    return [
        Error(
            f"The {alias!r} database runs with journal_mode={journal} and"
            f" synchronous={synchronous}: an acknowledged message could be lost with the power.",
            hint="Keep DATA_DIR on a local disk; network file systems cannot do SQLite's WAL.",
            id="chatproject.E001",
        )
    ]


@register(Tags.database)
def postgres_commits_are_durable(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    return [message for alias in databases or () for message in _patience_of(alias)]


def _patience_of(alias: str) -> list[CheckMessage]:
    if connections[alias].vendor != "postgresql":
        return []
    with connections[alias].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        if cursor.fetchone()[0] != "off":
            return []
    return [
        Error(
            f"The {alias!r} database runs with synchronous_commit=off: an acknowledged message"
            " could be lost with the power.",
            hint="ALTER DATABASE … SET synchronous_commit = on",
            id="chatproject.E002",
        )
    ]
