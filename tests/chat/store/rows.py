"""Rows and posts to store."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from chat.appender import Appender
from chat.posts import Post
from chat.store import Row

AB, AC = "dm:alice:bob", "dm:alice:charlie"
NOW = datetime(2026, 11, 22, 9, 30, 0, 125_000, tzinfo=UTC)
_ids = itertools.count()


def row(conversation: str, seq: int, sender: str = "alice", **fields: Any) -> Row:
    number = next(_ids)
    return Row(**{
        "id": f"00000000-0000-7000-8000-{number:012}",
        "conversation": conversation,
        "seq": seq,
        "sender": sender,
        "client_id": f"client-{number}",
        "kind": "text",
        "body": f"body {seq}",
        "data": None,
        "sent_at": NOW + timedelta(milliseconds=number),
        **fields,
    })  # fmt: skip


def post(body: str, conversation: str = AB, sender: str = "alice", client_id: str = "") -> Post:
    return Post(
        sender=sender,
        client_id=client_id or f"post-{next(_ids)}",
        conversation=conversation,
        body=body,
    )


def append(appender: Appender, *posts: Post) -> list[Post]:
    appender.append(list(posts))
    return list(posts)


def seqs(posts: list[Post]) -> list[int | None]:
    return [p.message.seq if p.message else None for p in posts]


def codes(posts: list[Post]) -> list[str | None]:
    return [p.error.code if p.error else None for p in posts]
