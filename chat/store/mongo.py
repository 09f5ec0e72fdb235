"""The message store on MongoDB, with either engine: many conversations in one round trip.

Pages and single messages are read through the ORM. What that would ask once for each conversation,
MongoDB is asked here for all at once; and an insert costs a quarter of the CPU time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bson import Int64
from django.db import connections
from pymongo.read_concern import ReadConcern

from chat.models import Message as MessageModel
from chat.protocol import Message
from chat.store.general import (
    FIELDS,
    NO_TIP,
    OWN_COUNTED,
    GeneralStore,
    Head,
    Member,
    Row,
    Said,
    Tip,
    message,
)
from chatproject.databases import MESSAGES
from chatproject.mongo.errors import translated

LOCAL = ReadConcern("local")
"""Also what a new primary might not have; the connection's own concern is the majority."""
COLUMNS = ("_id", *Row._fields[1:])
SAID = ("_id", *Said._fields[1:])
Document = dict[str, Any]
Pipeline = list[Document]

ASKED_AT_ONCE = 500
"""Conversations in one round trip."""
AFTER: Document = {"$match": {"$expr": {"$gt": ["$seq", "$$after"]}}}
"""Messages above the seq that was asked for with their conversation."""
LAST: Pipeline = [{"$sort": {"seq": -1}}, {"$limit": 1}, {"$project": {"seq": 1}}]
FIRST: Pipeline = [{"$sort": {"seq": 1}}, {"$limit": 1}, {"$project": {"sent_at": 1}}]
OWN: Pipeline = [
    AFTER,
    {"$sort": {"seq": -1}},
    {"$limit": OWN_COUNTED},
    {"$match": {"$expr": {"$eq": ["$sender", "$$account"]}}},
    {"$group": {"_id": None, "own": {"$sum": 1}}},
]
"""How many of them the account sent itself."""


class MongoStore(GeneralStore):
    def insert(self, rows: Sequence[Row]) -> None:
        """Where one is refused, those before it are stored, and stay."""
        documents = [_document(row) for row in rows]
        with translated():
            _collection().insert_many(documents)

    def tips(self, conversations: Iterable[str]) -> dict[str, Tip]:
        return self._tips(conversations)

    def taken(self, conversations: Iterable[str]) -> dict[str, int]:
        return {conversation: tip.seq
                for conversation, tip in self._tips(conversations, LOCAL).items()}  # fmt: skip

    def _tips(
        self, conversations: Iterable[str], concern: ReadConcern | None = None
    ) -> dict[str, Tip]:
        questions = (_question(conversation, 0) for conversation in conversations)
        return {asked["conversation"]: Tip(int(last["seq"]), last["_id"]) if last else NO_TIP
                for asked, last in self._ask(questions, LAST, concern)}  # fmt: skip

    def heads(self, read: Mapping[Member, int]) -> dict[Member, Head]:
        """The own are counted where there is something unread: mostly there is not."""
        last_seqs = self.last_seqs({conversation for _, conversation in read})
        unread = (_question(conversation, seq, account)
                  for (account, conversation), seq in read.items()
                  if seq < last_seqs[conversation])  # fmt: skip
        own = {(asked["account"], asked["conversation"]): int(counted["own"])
               for asked, counted in self._ask(unread, OWN) if counted}  # fmt: skip
        return {member: Head(last_seqs[member[1]], own.get(member, 0)) for member in read}

    def oldest(self, after: Mapping[str, int], besides: str | None = None,
               after_id: str | None = None) -> dict[str, str]:  # fmt: skip
        wanted = {"sender": {"$ne": besides or ""}, "_id": {"$gt": after_id or ""}}
        first: Pipeline = [AFTER, {"$match": wanted}, {"$sort": {"seq": 1}}, {"$limit": 1},
                 {"$project": {"_id": 1}}]  # fmt: skip
        found = self._ask((_question(c, seq) for c, seq in after.items()), first)
        return {asked["conversation"]: first["_id"] for asked, first in found if first}

    def said(self, spans: Mapping[str, tuple[int, int]]) -> list[Said]:
        wanted = [
            {"conversation": conversation, "seq": {"$gt": after, "$lte": last}}
            for conversation, (after, last) in spans.items()
        ]
        with translated():
            found = _collection().find({"$or": wanted}, projection=SAID) if wanted else ()
            rows = [Said(*(one[name] for name in SAID)) for one in found]
        return [row._replace(seq=int(row.seq)) for row in rows]

    def beginnings(self, conversations: Iterable[str]) -> dict[str, datetime]:
        questions = (_question(conversation, 0) for conversation in conversations)
        return {asked["conversation"]: first["sent_at"].replace(tzinfo=UTC)
                for asked, first in self._ask(questions, FIRST) if first}  # fmt: skip

    def remove_below(self, conversation: str, seq: int) -> None:
        with translated():
            _collection().delete_many({"conversation": conversation, "seq": {"$lt": seq}})

    def sent(self, client_ids: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], Message]:
        found = {}
        with translated():
            for sender, ids in client_ids.items():
                wanted = {"sender": sender, "client_id": {"$in": list(ids)}}
                for document in _collection().find(wanted):
                    found[sender, document["client_id"]] = _message(document)
        return found

    def _ask(
        self, questions: Iterable[Document], pipeline: Pipeline, concern: ReadConcern | None = None
    ) -> Iterator[tuple[Document, Document | None]]:
        """Each question, and what `pipeline` finds first of its conversation's messages."""
        waiting = iter(questions)
        while some := list(islice(waiting, ASKED_AT_ONCE)):
            for answer in _aggregate(_each(some, pipeline), len(some), concern):
                yield answer, next(iter(answer["found"]), None)


def _question(conversation: str, after: int, account: str = "") -> Document:
    """About the messages of `conversation` above `after` (`AFTER`), as `account` sees them."""
    return {
        "conversation": {"$literal": conversation},
        "after": after,
        "account": {"$literal": account},
    }


def _document(row: Row) -> Document:
    """Its seq as 64 bits, however small: that is how both engines store it."""
    return dict(zip(COLUMNS, row._replace(seq=Int64(row.seq)), strict=True))


def _message(found: Document) -> Message:
    """A document, as pymongo gives it, as the protocol's message."""
    conversation, seq, *others, sent_at = (found[name] for name in FIELDS[1:-1])
    edited_at = found.get("edited_at")
    return message((
        found["_id"], conversation, int(seq), *others, sent_at.replace(tzinfo=UTC),
        edited_at and edited_at.replace(tzinfo=UTC),
    ))  # fmt: skip


def _each(questions: list[Document], pipeline: Pipeline) -> Pipeline:
    """Run `pipeline` on the messages of each question's conversation: by the index, one by one,
    where $in with $group would read all messages of all of them."""
    return [
        {"$documents": questions},
        {
            "$lookup": {
                "from": MessageModel._meta.db_table,
                "localField": "conversation",
                "foreignField": "conversation",
                "let": {"after": "$after", "account": "$account"},
                "pipeline": pipeline,
                "as": "found",
            }
        },
    ]


def _aggregate(pipeline: Pipeline, most: int, concern: ReadConcern | None = None) -> list[Document]:
    """All that it finds, `most` at the most, in one go: MongoDB's own first portion is of 101."""
    with translated():
        database = _collection().database.with_options(read_concern=concern)
        return list(database.aggregate(pipeline, batchSize=most + 1))


def _collection() -> Any:
    """pymongo's, of this thread's connection; both engines have the method."""
    return connections[MESSAGES].get_collection(MessageModel._meta.db_table)  # type: ignore[attr-defined]
