"""Message stores other than the one in settings, by their URLs."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from chatproject import engines, env

EXAMPLES = "sqlite:///data/messages.sqlite3, postgres://user@host/chat or mongodb://host:27017/chat"


def database_at(option: str, url: str) -> dict[str, Any]:
    """The entry for DATABASES of the message store at `url`; one in MongoDB by MONGO_ENGINE.

    Raises SystemExit or CommandError, in one line that names the option, for what is no such URL.
    """
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        return engines.sqlite(_file(option, url))
    if scheme in engines.POSTGRES:
        return _without_pool(engines.for_messages(engines.postgres(option, url)))
    if scheme in engines.MONGO:
        return engines.mongo(option, url)
    raise CommandError(f"{option} must be a URL like {EXAMPLES}, not {env.without_secrets(url)!r}.")


def _without_pool(database: dict[str, Any]) -> dict[str, Any]:
    """One connection is enough, and says at once why it cannot be made."""
    options = {key: value for key, value in database["OPTIONS"].items() if key != "pool"}
    return {**database, "OPTIONS": options}


def _file(option: str, url: str) -> Path:
    match = re.fullmatch(r"sqlite:///([^?#:][^?#]*)", url)
    if not match:
        raise CommandError(f"{option} must name a file, like sqlite:///data/messages.sqlite3.")
    return env.BASE_DIR / match[1]


def use(alias: str, database: dict[str, Any]) -> None:
    """Have `alias` mean `database` from now on, in this thread."""
    defaults = {DEFAULT_DB_ALIAS: settings.DATABASES[DEFAULT_DB_ALIAS], alias: database}
    connections.settings[alias] = connections.configure_settings(defaults)[alias]
    connections[alias] = connections.create_connection(alias)
