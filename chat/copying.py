"""Moves messages from one store to another, and compares the two.

Both are walked in the order of ids, a page at a time, by the one query that is cheap and means the
same on every engine: text other than ids is sorted by each in its own way. Inside a conversation
ids rise with seq, so the target has no holes at any moment. Whatever is there already is left, so
a copy that was interrupted goes on, and one that is run again fetches what came meanwhile.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec
from django.db import connections

from chat.models import Message
from chat.store import Row, store_on
from chatproject.databases import MESSAGES

PAGE = 1000
"""Messages read and inserted at once: a few MB at the most."""
Tell = Callable[[int], object]
"""Is told how many more messages were looked at."""
_encode = msgspec.json.Encoder(order="deterministic").encode


class CopyError(Exception):
    """Why the stores cannot be made the same; its text is for the person who copies."""


class Page(NamedTuple):
    """Messages next to each other, and the id after which they come."""

    after: str
    rows: list[Row]


class Outcome(NamedTuple):
    messages: int
    digest: str
    """SHA-256 over all messages in their order, in hex."""


class Store:
    """The messages of one database."""

    def __init__(self, alias: str) -> None:
        self._messages = Message.objects.using(alias)

    def count(self) -> int:
        return self._messages.count()

    def pages(self) -> Iterator[Page]:
        last = ""
        while rows := self.between(last, None, PAGE):
            if any(one.id >= other.id for one, other in itertools.pairwise(rows)):
                raise CopyError("The messages of --from have ids that this chat never gave.")
            yield Page(last, rows)
            last = rows[-1].id

    def between(self, after: str, last: str | None, limit: int) -> list[Row]:
        """The first `limit` messages after the id `after`, up to the id `last`."""
        found = self._messages.filter(pk__gt=after)
        if last is not None:
            found = found.filter(pk__lte=last)
        return [Row(*row) for row in found.order_by("pk").values_list(*Row._fields)[:limit]]

    def end(self) -> str:
        """The greatest id; empty where there is no message."""
        return self._messages.order_by("-pk").values_list("pk", flat=True).first() or ""

    def lacks(self, ids: Iterable[str]) -> set[str]:
        wanted = set(ids)
        return wanted - set(self._messages.filter(pk__in=wanted).values_list("pk", flat=True))


class Target(Store):
    """The database `messages`, into which rows go as the chat's own writer puts them."""

    def __init__(self) -> None:
        super().__init__(MESSAGES)
        self.insert = store_on(connections[MESSAGES].vendor).insert


def copy(source: Store, target: Target, tell: Tell) -> int:
    """Insert into `target` what it lacks of `source`, and return how many that were.

    Raises CopyError where the target holds messages that the source has not.
    """
    _refuse_others(source, target)
    end = target.end()
    copied = 0
    for page in source.pages():
        there = _ids(target, page) if page.after < end else set()
        missing = [row for row in page.rows if row.id not in there]
        if missing:
            target.insert(missing)
        copied += len(missing)
        tell(len(page.rows))
    return copied


def _refuse_others(source: Store, target: Store) -> None:
    """Before the first insert, by the two ends; what is in between shows when it is reached."""
    first = target.between("", None, 1)
    if first and (strange := source.lacks([first[0].id, target.end()])):
        raise _others(min(strange))


def _ids(target: Store, page: Page) -> set[str]:
    """The ids in the target where the source has `page`."""
    rows = target.between(page.after, page.rows[-1].id, len(page.rows) + 1)
    ids = {row.id for row in rows}
    if strange := ids - {row.id for row in page.rows}:
        raise _others(min(strange))
    return ids


def _others(id_: str) -> CopyError:
    return CopyError(
        f"--to holds other messages (such as {id_}, which --from has not); copy into an empty"
        " store, or into one that a copy of the same messages was interrupted in."
    )


def compare(source: Store, target: Store, tell: Tell) -> Outcome:
    """Read all of both, and return what they hold. Raises CopyError where it is not the same."""
    digest = hashlib.sha256()
    messages, last = 0, ""
    for page in source.pages():
        last = page.rows[-1].id
        found = target.between(page.after, last, len(page.rows) + 1)
        if found != page.rows:
            raise CopyError(_difference(page.rows, found))
        for row in page.rows:
            digest.update(_encode(row))
        messages += len(page.rows)
        tell(len(page.rows))
    if beyond := target.between(last, None, 1):
        raise _others(beyond[0].id)
    return Outcome(messages, digest.hexdigest())


def _difference(rows: list[Row], found: list[Row]) -> str:
    """The first difference of two pages, without anybody's words."""
    there = {row.id: row for row in found}
    for row in rows:
        if row.id not in there:
            return f"--to lacks the message {row.id}; stop the chat, and copy once more."
        pairs = zip(Row._fields, row, there[row.id], strict=True)
        if different := [field for field, one, other in pairs if one != other]:
            return f"The message {row.id} is not the same in --to: {', '.join(different)}."
    return str(_others(min(there.keys() - {row.id for row in rows})))
