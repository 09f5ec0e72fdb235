"""The message store on MongoDB, with either engine: many conversations in one round trip.

Pages and single messages are read through the ORM. What that would ask once for each conversation,
MongoDB is asked here for all at once; and an insert costs a quarter of the CPU time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import islice
from typing import Any

from bson import Int64
from django.db import connections

from chat.models import Message as MessageModel
from chat.protocol import Message
from chat.store.general import FIELDS, NO_TIP, OWN_COUNTED, GeneralStore, Head, Row, Tip, message
from chatproject.databases import MESSAGES
from chatproject.mongo.errors import translated

COLUMNS = ("_id", *Row._fields[1:])
Document = dict[str, Any]
Pipeline = list[Document]

ASKED_AT_ONCE = 500
"""Conversations in one round trip."""
AFTER: Document = {"$match": {"$expr": {"$gt": ["$seq", "$$after"]}}}
"""Messages above the seq that was asked for with their conversation."""
LAST: Pipeline = [{"$sort": {"seq": -1}}, {"$limit": 1}, {"$project": {"seq": 1}}]


class MongoStore(GeneralStore):
    def insert(self, rows: Sequence[Row]) -> None:
        """Where one is refused, those before it are stored, and stay."""
        documents = [_document(row) for row in rows]
        with translated():
            _collection().insert_many(documents)

    def tips(self, conversations: Iterable[str]) -> dict[str, Tip]:
        found = self._ask(dict.fromkeys(conversations, 0), LAST)
        return {conversation: Tip(int(last["seq"]), last["_id"]) if last else NO_TIP
                for conversation, last in found}  # fmt: skip

    def heads(self, account: str, read: Mapping[str, int]) -> dict[str, Head]:
        """The own are counted where there is something unread: mostly there is not."""
        last_seqs = self.last_seqs(read)
        unread = {c: seq for c, seq in read.items() if seq < last_seqs[c]}
        counting: Pipeline = [AFTER, {"$sort": {"seq": -1}}, {"$limit": OWN_COUNTED},
                    {"$match": {"sender": account}},
                    {"$group": {"_id": None, "own": {"$sum": 1}}}]  # fmt: skip
        own = {c: int(counted["own"]) for c, counted in self._ask(unread, counting) if counted}
        return {c: Head(last_seq, own.get(c, 0)) for c, last_seq in last_seqs.items()}

    def oldest(self, after: Mapping[str, int], besides: str | None = None,
               after_id: str | None = None) -> dict[str, str]:  # fmt: skip
        wanted = {"sender": {"$ne": besides or ""}, "_id": {"$gt": after_id or ""}}
        first: Pipeline = [AFTER, {"$match": wanted}, {"$sort": {"seq": 1}}, {"$limit": 1},
                 {"$project": {"_id": 1}}]  # fmt: skip
        return {conversation: found["_id"] for conversation, found in self._ask(after, first)
                if found}  # fmt: skip

    def sent(self, client_ids: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], Message]:
        found = {}
        with translated():
            for sender, ids in client_ids.items():
                wanted = {"sender": sender, "client_id": {"$in": list(ids)}}
                for document in _collection().find(wanted):
                    found[sender, document["client_id"]] = _message(document)
        return found

    def _ask(
        self, asked: Mapping[str, int], pipeline: Pipeline
    ) -> Iterator[tuple[str, Document | None]]:
        """What `pipeline` finds first of the messages of each conversation in `asked`, which says
        above which seq (`AFTER`)."""
        pairs = iter(asked.items())
        while some := list(islice(pairs, ASKED_AT_ONCE)):
            questions = [{"conversation": {"$literal": c}, "after": seq} for c, seq in some]
            for answer in _aggregate(_each(questions, pipeline), len(questions)):
                yield answer["conversation"], next(iter(answer["found"]), None)


def _document(row: Row) -> Document:
    """Its seq as 64 bits, however small: that is how both engines store it."""
    return dict(zip(COLUMNS, row._replace(seq=Int64(row.seq)), strict=True))


def _message(found: Document) -> Message:
    """A document, as pymongo gives it, as the protocol's message."""
    conversation, seq, *others, sent_at = (found[name] for name in FIELDS[1:])
    return message((found["_id"], conversation, int(seq), *others, sent_at.replace(tzinfo=UTC)))


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
                "let": {"after": "$after"},
                "pipeline": pipeline,
                "as": "found",
            }
        },
    ]


def _aggregate(pipeline: Pipeline, most: int) -> list[Document]:
    """All that it finds, `most` at the most, in one go: MongoDB's own first portion is of 101."""
    with translated():
        return list(_collection().database.aggregate(pipeline, batchSize=most + 1))


def _collection() -> Any:
    """pymongo's, of this thread's connection; both engines have the method."""
    return connections[MESSAGES].get_collection(MessageModel._meta.db_table)  # type: ignore[attr-defined]
