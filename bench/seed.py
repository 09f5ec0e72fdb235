"""Fills empty databases through the product's own models, in a process of its own.

`python -m bench.seed PLAN` with the databases' settings in the environment: DATA_DIR, or
DATABASE_URL and MONGO_URL. Into SQLite messages go by `executemany`: a million of them as model
instances would take minutes.
"""

import argparse
import itertools
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import msgspec

from bench import names
from bench.sizes import SENDERS, Sizes

START = datetime(2026, 1, 1, tzinfo=UTC)
ROUNDS = 50
"""Conversations grow side by side, so many times in turn, and so lie mixed on the disk."""
ORDINARY = 50
"""Messages of an ordinary conversation."""
FRIENDS = 20
"""Conversations of an ordinary person."""
BATCH = 5_000
INDEX_SECONDS = "index-seconds"
"""The file in the data folder that says how long making the index took."""
MessageRows = Iterator[tuple[Any, ...]]
BODY = "An ordinary message of about a hundred bytes, as people write them all day long; number "


class Talk:
    """A direct conversation with some messages, the two taking turns."""

    def __init__(self, a: str, b: str, count: int, sender: str | None = None) -> None:
        self.members = sorted((a, b))
        self.id = names.direct(a, b)
        self.count = count
        self.sender = sender

    def sender_of(self, seq: int) -> str:
        return self.sender or self.members[seq % 2]


# ---- plans ------------------------------------------------------------------------------------


def people(sizes: Sizes) -> tuple[list[str], list[Talk]]:
    """Pairs that will talk, one whom everybody knows, one who was away, and who will ask bots."""
    everyone = [names.person(number) for number in range(sizes.people)]
    pairs = [names.pair(number) for number in range(sizes.pairs)]
    talks = [Talk(a, b, 0) for a, b in pairs]
    talks += [Talk(names.STAR, other, 1) for other in everyone[: sizes.present - 1]]
    each = sizes.stored // SENDERS
    talks += [Talk(names.AWAY, other, each, sender=other) for other in everyone[:SENDERS]]
    askers = [names.asker(number) for number in range(sizes.askers)]
    return [*everyone, *askers, names.STAR, names.AWAY], talks


def feeds(sizes: Sizes) -> tuple[list[str], list[Talk]]:
    """Those who subscribe to the devices of `subscriptions.py`."""
    return [names.person(number) for number in range(sizes.subscribers)], []


def small(sizes: Sizes) -> tuple[list[str], list[Talk]]:
    return _archive(sizes.small_accounts, sizes.small_messages, 0)


def large(sizes: Sizes) -> tuple[list[str], list[Talk]]:
    return _archive(sizes.large_accounts, sizes.large_messages, sizes.conversations)


def _archive(accounts: int, messages: int, busy: int) -> tuple[list[str], list[Talk]]:
    """`messages` in all: a tenth in one conversation, the rest in many ordinary ones."""
    others = [names.person(number) for number in range(accounts - 2)]
    talks = [Talk(names.READER, others[0], messages // 10)]
    talks += [Talk(names.READER, other, ORDINARY) for other in others[1:FRIENDS]]
    talks += [Talk(names.BUSY, other, 10) for other in others[:busy]]
    left = messages - sum(talk.count for talk in talks)
    talks += [Talk(a, b, ORDINARY) for a, b in _couples(others, left // ORDINARY)]
    return [*others, names.READER, names.BUSY], talks


def _couples(others: list[str], count: int) -> Iterator[tuple[str, str]]:
    """`count` different couples, spread evenly over all."""
    distances = range(1, len(others) // 2)
    every = ((a, others[(i + d) % len(others)]) for d in distances for i, a in enumerate(others))
    return itertools.islice(every, count)


PLANS = {"people": people, "feeds": feeds, "small": small, "large": large}


# ---- rows -------------------------------------------------------------------------------------


def accounts(everyone: list[str], sessions: bool) -> None:
    from chat.models import Account, Token
    from chat.models.token import digest_of

    rows = [Account(name=name, password=f"!{name}") for name in everyone]
    Account.objects.bulk_create(rows, batch_size=BATCH)
    tokens = (
        Token(digest=digest_of(names.token(name)), account_id=name, label="bench")
        for name in everyone
    )
    Token.objects.bulk_create(tokens, batch_size=BATCH)
    if sessions:
        _sessions(rows)


def _sessions(rows: list[Any]) -> None:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session

    store = SessionStore()
    until = datetime.now(UTC) + timedelta(days=365)
    Session.objects.bulk_create(
        [
            Session(
                session_key=names.session(account.name),
                session_data=store.encode(
                    {
                        SESSION_KEY: account.name,
                        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
                        HASH_SESSION_KEY: account.get_session_auth_hash(),
                    }
                ),
                expire_date=until,
            )
            for account in rows
        ],
        batch_size=BATCH,
    )


def conversations(talks: list[Talk]) -> None:
    from chat.models import Conversation, Membership

    talks = list({talk.id: talk for talk in talks}.values())
    Conversation.objects.bulk_create(
        (Conversation(id=t.id, kind="dm", last_seq=t.count, last_at=START) for t in talks),
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        (
            Membership(
                account_id=name,
                conversation_id=talk.id,
                received_seq=0 if talk.sender else talk.count,
                read_seq=0 if talk.sender else talk.count,
            )
            for talk in talks
            for name in talk.members
        ),
        batch_size=BATCH,
    )


def messages(talks: list[Talk]) -> dict[str, datetime]:
    """Insert every message; the time of each conversation's last."""
    from django.db import connections

    last: dict[str, datetime] = {}
    rows = _message_rows(talks, last)
    if connections["messages"].vendor == "sqlite":
        _into_sqlite(rows)
    else:
        _into_server(rows)
    return last


def _into_sqlite(rows: MessageRows) -> None:
    """Without a journal: nobody else reads the file, and a failed run is thrown away."""
    from django.db import connections

    with connections["messages"].cursor() as cursor:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute("BEGIN")
        _insert_all(cursor, _insert(), ((*row[:-1], _stored_time(row[-1])) for row in rows))
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA journal_mode=WAL")


def _into_server(rows: MessageRows) -> None:
    from chat.store import Row, store

    while batch := [Row(*row) for row in itertools.islice(rows, BATCH)]:
        store.insert(batch)


def _insert_all(cursor: Any, statement: str, rows: Iterator[tuple[Any, ...]]) -> None:
    while batch := list(itertools.islice(rows, BATCH)):
        cursor.executemany(statement, batch)


def _insert() -> str:
    from chat.models import Message

    columns = [str(field.column) for field in Message._meta.concrete_fields]
    expected = ["_id", "conversation", "seq", "sender", "client_id", "kind", "body", "data"]
    if columns.pop() != "edited_at" or columns != [*expected, "sent_at"]:
        raise SystemExit(f"chat.Message has the columns {columns}: bench/seed.py must follow.")
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO chat_message ({', '.join(columns)}) VALUES ({places})"


def _message_rows(talks: list[Talk], last: dict[str, datetime]) -> MessageRows:
    """The columns of every message, its time last."""
    numbers = itertools.count()
    talks = sorted(talks, key=lambda talk: talk.id)
    for turn in range(ROUNDS):
        for talk in talks:
            done = talk.count * turn // ROUNDS
            for seq in range(done + 1, talk.count * (turn + 1) // ROUNDS + 1):
                number = next(numbers)
                at = START + timedelta(milliseconds=number)
                last[talk.id] = at
                yield _message_row(talk, seq, number, at)


def _message_row(talk: Talk, seq: int, number: int, at: datetime) -> tuple[Any, ...]:
    stamp = int(at.timestamp() * 1000)
    key = f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7000-8000-{number:012x}"
    client_id = f"seeded-{number:012d}"
    body = f"{BODY}{number}"
    return (key, talk.id, seq, talk.sender_of(seq), client_id, "text", body, None, at)


def _stored_time(at: datetime) -> str:
    """As Django keeps a time in SQLite: without an offset."""
    return str(at.replace(tzinfo=None))


def hints(last: dict[str, datetime]) -> None:
    """Write each conversation's time, as the product keeps it on the conversation's row."""
    from django.db import connections, transaction

    adapt = connections["default"].ops.adapt_datetimefield_value
    statement = "UPDATE chat_conversation SET last_at = %s WHERE id = %s"
    with transaction.atomic(using="default"), connections["default"].cursor() as cursor:
        cursor.executemany(statement, [(adapt(at), key) for key, at in last.items()])


SETTLE = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "ANALYZE"}
"""What brings all into SQLite's files, of which servers get copies; what tells PostgreSQL's
planner how much there is, before its own daemon would get to it."""


def settle() -> None:
    from django.db import connections

    for connection in connections.all():
        if statement := SETTLE.get(connection.vendor):
            with connection.cursor() as cursor:
                cursor.execute(statement)
        connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plan", choices=PLANS)
    parser.add_argument("--sizes", required=True, help="the fields of Sizes, as JSON")
    options = parser.parse_args()
    sizes = msgspec.json.decode(options.sizes, type=Sizes)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
    django.setup()
    _fill(options.plan, sizes)


def _fill(plan: str, sizes: Sizes) -> None:
    from django.core.management import call_command

    for database in ("default", "messages"):
        call_command("migrate", database=database, verbosity=0)
    everyone, talks = PLANS[plan](sizes)
    _say(f"{len(everyone):,} accounts")
    accounts(everyone, sessions=plan == "people")
    _say(f"{len(talks):,} conversations")
    conversations(talks)
    _say(f"{sum(talk.count for talk in talks):,} messages")
    hints(messages(talks))
    if plan == "feeds":
        from bench import subscriptions

        _say(f"{sizes.subscribers + sizes.present:,} subscriptions")
        subscriptions.fill(sizes)
    _say("the index for searching")
    index()
    settle()


def index() -> None:
    """As a chat would have it that was always there; how long that took is left for `search`."""
    from django.conf import settings

    from chat.search.rebuilding import rebuild

    began = time.monotonic()
    rebuild(tell=bool)
    seconds = time.monotonic() - began
    (settings.DATA_DIR / INDEX_SECONDS).write_text(f"{seconds:.3f}")


def _say(what: str) -> None:
    print(what, flush=True)


if __name__ == "__main__":
    main()
