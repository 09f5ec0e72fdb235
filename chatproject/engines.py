"""The databases' entries in settings: SQLite, PostgreSQL, MongoDB, by their URLs."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url

from chatproject import env

POSTGRES = ("postgres", "postgresql")
MONGO = ("mongodb", "mongodb+srv")
CHAT_THREADS = 9
"""Threads of a web process that keep their connection: see `chat/threads.py`."""
POOL = {"min_size": 1, "max_size": CHAT_THREADS + 5, "timeout": 5, "reconnect_timeout": 5}
"""Connections of one process to one database: its chat threads' and, at most, five of pages,
handlers and tasks, which take one for a while and hold none while they wait for the writer.
`timeout`: seconds until who waits for one is refused. `reconnect_timeout`: seconds of pauses that
double while the server is away, before it is tried at once again; by psycopg's own five minutes a
server that is back would not be seen for one or two."""
NOTICES_DEATH = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,  # milliseconds
}
"""A server whose machine or network died sends nothing: by these it is missed after 20 s."""
STANDS_STILL = "-c idle_in_transaction_session_timeout=10000"
"""Milliseconds: the server ends a transaction whose process does not go on, as one that is frozen;
others would wait for its locks."""
MESSAGES_SCHEMA = "messages"
MONGO_ENGINES = {
    "djongo": "chatproject.mongo",
    "django_mongodb_backend": "chatproject.mongo.official",
}
MONGO_DURABLE = {"w": "majority", "journal": "true", "j": "true", "readpreference": "primary",
                 "readconcernlevel": "majority"}  # fmt: skip
"""What the engines ask for themselves; a URL may say so, and may not say otherwise."""
MONGO_DATABASE = re.compile(r"[^\s/\\.\"$*<>:|?]{1,63}")


def databases(data_dir: Path) -> dict[str, dict[str, Any]]:
    """Settings' DATABASES: DATABASE_URL is for all, MONGO_URL takes the messages away from it."""
    messages_file = data_dir / "messages.sqlite3"
    if (url := env.text("DATABASE_URL")).partition("://")[0] in POSTGRES:
        default = postgres("DATABASE_URL", url)
        messages = for_messages(default)
    else:
        default = sqlite(env.sqlite_file("DATABASE_URL", data_dir / "chat.sqlite3", messages_file))
        messages = sqlite(messages_file)
    if url := env.server_url("MONGO_URL", MONGO, "mongodb://host:27017/chat"):
        messages = mongo("MONGO_URL", url)
    return {"default": default, "messages": messages}


def sqlite(path: Path) -> dict[str, Any]:
    """WAL lets readers go on beside the writer; FULL syncs every commit, so an ack is durable."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def is_file(database: dict[str, Any]) -> bool:
    """Whether all who use this database are on one machine."""
    return database["ENGINE"] == "django.db.backends.sqlite3"


def postgres(name: str, url: str) -> dict[str, Any]:
    env.server_url(name, POSTGRES, "postgres://user:password@host:5432/chat")
    found: dict[str, Any] = dict(dj_database_url.parse(url))
    if not found["NAME"]:
        example = "a URL that names a database, like postgres://user:password@host:5432/chat"
        raise env.refuse(name, env.without_secrets(url), example)
    given = found.get("OPTIONS", {})
    words = f"{STANDS_STILL} {given.get('options', '')}".strip()  # what is given wins
    options = {**NOTICES_DEATH, **given, "options": words, "pool": POOL}
    return {**found, "OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


def for_messages(database: dict[str, Any]) -> dict[str, Any]:
    """The same PostgreSQL database, as the one of the messages: a schema of its own.

    Each of the two databases of the project has a table that says how far it is migrated.
    """
    options = database["OPTIONS"]
    search = f"{options.get('options', '')} -c search_path={MESSAGES_SCHEMA}".strip()
    return {**database, "OPTIONS": {**options, "options": search}}


def mongo(name: str, url: str) -> dict[str, Any]:
    """MongoDB through djongo, or, with MONGO_ENGINE, through MongoDB's own backend."""
    database = unquote(urlsplit(url).path.lstrip("/"))
    if not MONGO_DATABASE.fullmatch(database):
        example = "a URL that names a database, like mongodb://host:27017/chat"
        raise env.refuse(name, env.without_secrets(url), example)
    _refuse_bad_options(name, url)
    engine = env.choice("MONGO_ENGINE", "djongo", tuple(MONGO_ENGINES))
    return {"ENGINE": MONGO_ENGINES[engine], "HOST": url, "NAME": database}


def _refuse_bad_options(name: str, url: str) -> None:
    for option, value in parse_qsl(urlsplit(url).query):
        wanted = MONGO_DURABLE.get(option.lower(), value)
        if value.lower() != wanted.lower():
            rest = f"{option}={wanted}, or left out: what is acknowledged must last"
            raise env.refuse(name, f"{option}={value}", rest)
    if url.startswith("mongodb://"):  # +srv would be looked up in the DNS
        _refuse_unreadable(name, url)


def _refuse_unreadable(name: str, url: str) -> None:
    from pymongo.errors import PyMongoError  # only who uses MongoDB waits for it
    from pymongo.uri_parser import parse_uri

    try:
        parse_uri(url)
    except (PyMongoError, ValueError):
        wanted = "a URL that MongoDB takes; in user and password write : / ? # [ ] @ % as %3A …"
        raise env.refuse(name, env.without_secrets(url), wanted) from None
