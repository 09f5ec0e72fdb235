"""The settings, each by itself and together; Django's own findings that matter here."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from django.conf import settings
from django.core.checks import Tags, run_checks
from dotenv import dotenv_values

from chatproject import env
from chatproject.operations.doctor.finding import Finding, fail, ok, warn

BESIDE_THE_POINT = {
    "security.W004", "security.W005", "security.W008", "security.W012", "security.W016",
    "security.W021",
}  # fmt: skip
"""What follows from HTTPS being off, which is said once; and what a proxy does in our place."""
IN_OUR_WORDS = {
    "security.W009": (
        "Secret key",
        "easy to guess: it is short, or has few different characters",
        "Make one with: openssl rand -hex 32. Everybody signs in again.",
    ),
    "security.W018": ("DEBUG", "on: an error shows all it knows, to everybody", "Set DEBUG=off."),
}
LOOK_UP = "python manage.py check --deploy says more."


def secret_key() -> Iterator[Finding]:
    kept = not env.text("SECRET_KEY")
    yield ok("Secret key", "made and kept in the data folder" if kept else "given")


def addresses() -> Iterator[Finding]:
    if _for_this_machine_alone():
        yield ok("Addresses", "for this machine alone; ALLOWED_HOSTS lets others in")
    elif "*" not in settings.ALLOWED_HOSTS:  # that one is a system check's
        yield ok("Addresses", f"the chat is called {', '.join(settings.ALLOWED_HOSTS)}")


def _for_this_machine_alone() -> bool:
    return set(settings.ALLOWED_HOSTS) <= set(settings.LOCAL_HOSTS)


def https() -> Iterator[Finding]:
    secure = [origin for origin in settings.CSRF_TRUSTED_ORIGINS if origin.startswith("https")]
    if settings.HTTPS and settings.TRUSTED_PROXIES:
        yield ok("HTTPS", f"on, behind {', '.join(settings.TRUSTED_PROXIES)}")
    elif settings.HTTPS:
        return  # a system check says so
    elif secure:
        yield warn("HTTPS", f"off, while CSRF_TRUSTED_ORIGINS has {secure[0]}",
                   "Set HTTPS=on: cookies then travel by https only.")  # fmt: skip
    elif _for_this_machine_alone():
        yield ok("HTTPS", "off")
    else:
        yield warn("HTTPS", "off: who is on the network between sees passwords",
                   "Within a house it may do; else put a proxy with TLS before the chat, set"
                   " HTTPS=on and TRUSTED_PROXIES.")  # fmt: skip


def mode() -> Iterator[Finding]:
    """Which way to run the settings make."""
    files = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if settings.EMBEDDED:
        yield ok("Mode", "embedded: one process, with its worker and its clock inside")
    elif files:
        yield warn("Mode", "distributed, while accounts are in a file of this machine",
                   "Set DATABASE_URL to PostgreSQL before there is a second machine.")  # fmt: skip
    else:
        yield ok("Mode", "distributed: any number of web processes and workers")


def system_checks() -> Iterator[Finding]:
    """`manage.py check --deploy`, without the databases (see stores.py)."""
    for message in run_checks(include_deployment_checks=True):
        if message.id in IN_OUR_WORDS:
            yield warn(*IN_OUR_WORDS[message.id])
        elif message.id not in BESIDE_THE_POINT and not message.is_silenced():
            level = fail if message.is_serious() else warn
            yield level("Settings", str(message.msg).partition("\n")[0], message.hint or LOOK_UP)


def mistyped(file: Path, example: Path) -> Iterator[Finding]:
    """Variables in `file` that no setting reads, and that look like one that a setting does."""
    known = set(re.findall(r"^#?([A-Z_]+)=", example.read_text(), re.M))
    for name in dotenv_values(file).keys() - known:
        if meant := get_close_matches(name, known, 1, 0.85):
            yield warn(file.name, f"nothing reads {name}", f"Is {meant[0]} meant?")


def dotenv() -> Iterator[Finding]:
    file, example = env.BASE_DIR / ".env", env.BASE_DIR / ".env.example"
    if file.exists() and example.exists():
        yield from mistyped(file, example)


def database_checks(alias: str) -> Iterator[Finding]:
    """Whether commits there are durable, as the start of a server asks too."""
    for message in run_checks(tags=[Tags.database], databases=[alias]):
        yield fail(f"Database {alias}", str(message.msg), message.hint or "")
