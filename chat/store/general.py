"""The message store through Django's ORM: join-free queries that every engine can answer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from chat import models
from chat.protocol import Message, format_time

FIELDS = (
    "id", "conversation", "seq", "sender", "kind", "body", "data", "sent_at", "edited_at",
)  # fmt: skip
OWN_COUNTED = 10_000
"""Rows looked at for one's own messages among the unread; more unread than that is rounded up."""


class Row(NamedTuple):
    """A message to insert: the columns of the table, in their order."""

    id: str
    conversation: str
    seq: int
    sender: str
    client_id: str
    kind: str
    body: str
    data: dict[str, Any] | None
    sent_at: datetime
    edited_at: datetime | None = None


Member = tuple[str, str]
"""An account, and one of its conversations."""


class Head(NamedTuple):
    """How far a conversation has come, and how much of its unread part is one's own."""

    last_seq: int
    own: int


class Tip(NamedTuple):
    """The last message of a conversation; seq 0 and no id where there is none."""

    seq: int
    id: str


NO_TIP = Tip(0, "")


class Said(NamedTuple):
    """As much of a message as makes it findable."""

    id: str
    conversation: str
    seq: int
    sender: str
    kind: str
    body: str


class Place(NamedTuple):
    """Where a message is in its conversation, and when it was sent."""

    seq: int
    sent_at: datetime


def message(row: Sequence[Any]) -> Message:
    """A row of FIELDS as the protocol's message."""
    id_, conversation, seq, sender, kind, body, data, sent_at, edited_at = row
    found = Message(id_, conversation, seq, sender, kind, body, data, format_time(sent_at))
    if edited_at is not None:
        found.edited_at = format_time(edited_at)
    return found


class GeneralStore:
    """Reads and inserts messages. Every method runs queries: call it from a thread."""

    def insert(self, rows: Sequence[Row]) -> None:
        """Insert `rows`, which are sorted by conversation and seq.

        Raises django.db.IntegrityError where a seq or an id is taken already. Then none of them is
        stored, or, on MongoDB, those before that one are, and stay.
        """
        models.Message.objects.bulk_create([models.Message(**row._asdict()) for row in rows])

    def heads(self, read: Mapping[Member, int]) -> dict[Member, Head]:
        """The heads of conversations, as accounts see them; `read` says how far they have read."""
        return {(account, conversation): self._head(account, conversation, seq)
                for (account, conversation), seq in read.items()}  # fmt: skip

    def _head(self, account: str, conversation: str, read_seq: int) -> Head:
        newest = models.Message.objects.filter(conversation=conversation).order_by("-seq")
        last_seq = newest.values_list("seq", flat=True).first() or 0
        unread = newest.filter(seq__gt=read_seq).values_list("sender", flat=True)[:OWN_COUNTED]
        own = sum(sender == account for sender in unread) if last_seq > read_seq else 0
        return Head(last_seq, own)

    def last_seqs(self, conversations: Iterable[str]) -> dict[str, int]:
        """The last seq of each conversation; 0 where there is no message."""
        return {conversation: tip.seq for conversation, tip in self.tips(conversations).items()}

    def tips(self, conversations: Iterable[str]) -> dict[str, Tip]:
        """The last message's seq and id, of each conversation."""
        return {conversation: self._tip(conversation) for conversation in conversations}

    def taken(self, conversations: Iterable[str]) -> dict[str, int]:
        """Like `last_seqs`, with those that are stored and not confirmed yet, if the engine has
        such: nobody may build on them, and nobody can have their seqs."""
        return self.last_seqs(conversations)

    def _tip(self, conversation: str) -> Tip:
        newest = models.Message.objects.filter(conversation=conversation).order_by("-seq")
        last = newest.values_list("seq", "id").first()
        return Tip(*last) if last else NO_TIP

    def before(self, conversation: str, first_seq: int, before: int | None, limit: int
               ) -> list[Message]:  # fmt: skip
        """The last `limit` messages from `first_seq` on, below `before`; oldest first."""
        rows = self._of(conversation, first_seq - 1)
        if before is not None:
            rows = rows.filter(seq__lt=before)
        newest = rows.order_by("-seq").values_list(*FIELDS)[:limit]
        return [message(row) for row in reversed(newest)]

    def after(self, conversation: str, seq: int, limit: int, besides: str | None = None,
              after_id: str | None = None) -> list[Message]:  # fmt: skip
        """The first `limit` messages after `seq`, oldest first; without those of `besides`,
        and without those up to the message `after_id`."""
        rows = self._of(conversation, seq)
        if after_id is not None:
            rows = rows.filter(id__gt=after_id)
        if besides is not None:
            rows = rows.exclude(sender=besides)
        return [message(row) for row in rows.order_by("seq").values_list(*FIELDS)[:limit]]

    def oldest(self, after: Mapping[str, int], besides: str | None = None,
               after_id: str | None = None) -> dict[str, str]:  # fmt: skip
        """The id of the first message of each conversation that `after` would find."""
        found = {c: self.after(c, seq, 1, besides, after_id) for c, seq in after.items()}
        return {conversation: first[0].id for conversation, first in found.items() if first}

    def _of(self, conversation: str, after: int) -> QuerySet[models.Message]:
        return models.Message.objects.filter(conversation=conversation, seq__gt=after)

    def place_of(self, message_id: str) -> tuple[str, int] | None:
        """The conversation and seq of a message; None where there is no such message."""
        rows = models.Message.objects.filter(pk=message_id)
        return rows.values_list("conversation", "seq").first()

    def at(self, conversation: str, seqs: Collection[int]) -> list[Message]:
        """The messages of a conversation with these seqs, as far as there are such; by seq."""
        rows = models.Message.objects.filter(conversation=conversation, seq__in=list(seqs))
        return [message(row) for row in rows.order_by("seq").values_list(*FIELDS)]

    def named(self, message_ids: Collection[str]) -> list[Message]:
        """The messages with these ids, as far as there are such, in any order."""
        rows = models.Message.objects.filter(pk__in=list(message_ids))
        return [message(row) for row in rows.values_list(*FIELDS)]

    def said(self, spans: Mapping[str, tuple[int, int]]) -> list[Said]:
        """What was said in each conversation after the first seq of its span, up to the second;
        in any order."""
        return [
            Said(*row)
            for conversation, (after, last) in spans.items()
            for row in self._of(conversation, after)
            .filter(seq__lte=last)
            .values_list(*Said._fields)
        ]

    def beginnings(self, conversations: Iterable[str]) -> dict[str, datetime]:
        """When the first message of each conversation was sent, of those that have one."""
        first = {conversation: self.first_places(conversation, 1) for conversation in conversations}
        return {conversation: places[0].sent_at for conversation, places in first.items() if places}

    def first_places(self, conversation: str, limit: int, after: int = 0) -> list[Place]:
        """Where the first `limit` messages of a conversation after the seq `after` are, in their
        order."""
        rows = self._of(conversation, after).order_by("seq").values_list("seq", "sent_at")
        return [Place(*row) for row in rows[:limit]]

    def remove_below(self, conversation: str, seq: int) -> None:
        """Remove the messages of a conversation below `seq`, as if they had never been: also their
        senders' ids are forgotten. In one transaction: the caller sees to it that they are few."""
        models.Message.objects.filter(conversation=conversation, seq__lt=seq).delete()

    def change(
        self, message_id: str, *, kind: str, body: str, data: dict[str, Any] | None,
        edited_at: datetime | None,
    ) -> None:  # fmt: skip
        """Have a message say something else; a deleted one stays so."""
        rows = models.Message.objects.filter(pk=message_id).exclude(kind="deleted")
        rows.update(kind=kind, body=body, data=data, edited_at=edited_at)

    def sent(self, client_ids: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], Message]:
        """What is stored of the sends in `client_ids` (sender: ids), by sender and id."""
        found = {}
        for sender, ids in client_ids.items():
            rows = models.Message.objects.filter(sender=sender, client_id__in=list(ids))
            for client_id, *row in rows.values_list("client_id", *FIELDS):
                found[sender, client_id] = message(row)
        return found

    def sent_between(self, sender: str, first: str, last: str, limit: int) -> list[Message]:
        """The last `limit` of what was sent under ids from `first` to `last`, in these ids' order.

        How ids are compared is up to the database: ask for such as differ in digits alone.
        """
        rows = models.Message.objects.filter(
            sender=sender, client_id__gte=first, client_id__lte=last
        )
        newest = rows.order_by("-client_id").values_list(*FIELDS)[:limit]
        return [message(row) for row in reversed(newest)]
