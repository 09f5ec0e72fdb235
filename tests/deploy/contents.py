"""All that an installation keeps, to be compared after a restore."""

from typing import Any

from django.db.models import Model

from chat.conversation_ids import is_direct
from chat.models import Account, Conversation, Invite, Membership, Message, Token
from devices.models import Device, Summary, Threshold
from tests.database import Database

KEPT: tuple[type[Model], ...] = (
    Account, Conversation, Membership, Token, Invite, Message, Device, Summary, Threshold
)  # fmt: skip
Contents = dict[str, list[dict[str, Any]]]


def contents(database: Database) -> Contents:
    """Every row of every table, with all its columns, in the order of keys."""
    return database.call(_read)


def _read() -> Contents:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in KEPT}


def seqs(found: Contents) -> dict[str, list[int]]:
    """The seqs of each conversation's messages, sorted."""
    by_conversation: dict[str, list[int]] = {}
    for message in found["Message"]:
        by_conversation.setdefault(message["conversation"], []).append(message["seq"])
    return {conversation: sorted(those) for conversation, those in by_conversation.items()}


def last_seq(found: Contents, conversation: str) -> int:
    """Others may have messages, too: the thermometer reports soon after a start."""
    return seqs(found)[conversation][-1]


def assert_whole(found: Contents, acked: list[dict[str, Any]]) -> None:
    """No hole, nothing acked is missing, everybody's membership is there, nothing is ahead."""
    stored = seqs(found)
    assert all(those == list(range(1, len(those) + 1)) for those in stored.values())
    assert {message["id"] for message in acked} <= {message["id"] for message in found["Message"]}
    members = {(row["account_id"], row["conversation_id"]) for row in found["Membership"]}
    direct = [row for row in found["Message"] if is_direct(row["conversation"])]
    assert {(row["sender"], row["conversation"]) for row in direct} <= members
    last = {conversation: those[-1] for conversation, those in stored.items()}
    for row in found["Conversation"]:
        assert row["last_seq"] == last.get(row["id"], 0)
    for row in found["Membership"]:
        furthest = max(row["received_seq"], row["read_seq"])
        assert furthest <= last.get(row["conversation_id"], 0)
