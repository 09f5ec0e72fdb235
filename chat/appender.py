"""The writer's thread: numbers a batch of posts, stores it, and sorts out what fails.

`seq` needs no counter: it is the last one and one more, and the unique index on
(conversation, seq) decides. On a conflict with another process the last seq is read again.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import Error, IntegrityError, InterfaceError, OperationalError
from uuid_utils import uuid7

from chat import models
from chat.hints import lower_hints, raise_hints
from chat.opening import open_conversations
from chat.posts import Post
from chat.protocol import Conflict, Invalid, Message, Unavailable, format_time
from chat.store import GeneralStore, Row
from chat.threads import alongside, heal

log = logging.getLogger(__name__)

ATTEMPTS = 5
"""How often a batch that lost its seqs to another process is numbered anew."""
MAX_KNOWN = 100_000
"""Conversations whose last seq is remembered."""

StoreDown = (OperationalError, InterfaceError)


class Appender:
    def __init__(self, store: GeneralStore) -> None:
        self._store = store
        self._last_seqs: dict[str, int] = {}

    def append(self, posts: list[Post]) -> bool:
        """Store `posts` in their order. Afterwards each has its `message` or its `error`.

        Never raises: what the store did not confirm is `unavailable`. Whether the store works.
        """
        try:
            self._open(posts)
            self._store_all([post for post in posts if post.error is None])
        except Exception as error:
            # str(error) could quote a body; its kind says enough
            log.error("The store did not confirm a batch: %s", type(error).__name__)
            self._forget(posts)
            refuse(posts)
            heal(error)
            return False
        return True

    def forget_account(self, name: str) -> None:
        """Have the conversations of `name` looked up anew: the account was deleted."""
        for conversation in [c for c in self._last_seqs if name in c.split(":")]:
            del self._last_seqs[conversation]

    def _open(self, posts: list[Post]) -> None:
        """Look up the conversations not met before, and begin the new ones."""
        if len(self._last_seqs) > MAX_KNOWN:
            self._last_seqs.clear()
        unknown = {p.conversation for p in posts if not self._last_seqs.get(p.conversation)}
        if not unknown:
            return
        opened = open_conversations(unknown)
        self._learn(opened.ready)
        for post in posts:
            post.error = opened.refused.get(post.conversation)
            if self._last_seqs.get(post.conversation) == 0:
                post.begins = opened.beginnings.get(post.conversation)

    def _learn(self, conversations: Iterable[str]) -> None:
        self._last_seqs |= self._store.last_seqs(conversations)

    def _forget(self, posts: list[Post]) -> None:
        for post in posts:
            self._last_seqs.pop(post.conversation, None)

    def _store_all(self, posts: list[Post]) -> None:
        if not posts:
            return
        now = _now()
        try:
            self._insert(posts, now)
        except StoreDown:
            raise
        except (Error, ValueError):
            self._sort_out(posts)
            self._lower_hints(posts, now)

    def _sort_out(self, posts: list[Post]) -> None:
        """Store a batch that failed as a whole: some of it is stored already, or can't be."""
        first, repeated = _first_of_each(posts)
        self._store_anew(first)
        self._store_anew(repeated)

    def _lower_hints(self, posts: list[Post], raised_at: datetime) -> None:
        """Correct the hints that the failed attempt raised and nothing has raised since."""
        newest = {c: self._store.before(c, 1, None, 1) for c in {p.conversation for p in posts}}
        lower_hints({c: (m[0].seq, m[0].sent_at) for c, m in newest.items() if m}, raised_at)

    def _store_anew(self, posts: list[Post]) -> None:
        """Number anew and insert; in halves where that does not help, down to the one at fault."""
        for _ in range(ATTEMPTS):
            posts = self._answer_stored(posts)
            if not posts:
                return
            self._learn({post.conversation for post in posts})
            try:
                self._insert(posts, _now())
            except IntegrityError:
                continue
            except StoreDown:
                raise
            except (Error, ValueError):
                break
            return
        if len(posts) == 1:
            posts[0].error = Invalid("The store refused this message; change it and send it anew.")
            self._forget(posts)
        else:
            middle = len(posts) // 2
            self._store_anew(posts[:middle])
            self._store_anew(posts[middle:])

    def _answer_stored(self, posts: list[Post]) -> list[Post]:
        """Answer those that were stored before, by the same sender under the same id."""
        client_ids: dict[str, list[str]] = {}
        for post in posts:
            client_ids.setdefault(post.sender, []).append(post.client_id)
        stored = self._store.sent(client_ids)
        return [post for post in posts
                if not _answer(post, stored.get((post.sender, post.client_id)))]  # fmt: skip

    def _insert(self, posts: list[Post], now: datetime) -> None:
        """Number `posts`, insert the rows, all or none, and raise the hints meanwhile.

        Two databases, two syncs to disk: done one after the other they were most of the time that
        a message takes. Nothing is acked before both are done, so what a crash in between hides
        was never confirmed, and shows when it is sent again.
        """
        last_seqs: dict[str, int] = {}
        numbered = []
        for post in posts:
            conversation = post.conversation
            seq = (last_seqs.get(conversation) or self._last_seqs[conversation]) + 1
            last_seqs[conversation] = seq
            numbered.append((conversation, seq, str(uuid7()), post))
        numbered_in_order = sorted(numbered, key=lambda row: row[:2])  # so writers can't deadlock
        raised = alongside(raise_hints, last_seqs, now)
        try:
            self._store.insert(
                [_row(post, seq, id_, now) for _, seq, id_, post in numbered_in_order]
            )
        finally:
            raised.result()
        self._last_seqs |= last_seqs
        sent_at = format_time(now)
        for _, seq, id_, post in numbered:
            post.message = Message(id_, post.conversation, seq, post.sender, post.kind,
                                   post.body, post.data, sent_at)  # fmt: skip


def refuse(posts: list[Post]) -> None:
    """Tell those of `posts` that have no outcome yet to try again."""
    for post in posts:
        if post.message is None and post.error is None:
            post.error = Unavailable(
                "The store did not confirm this message; send it again with the same id."
            )


def _now() -> datetime:
    """The time in milliseconds, which is what every engine keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _row(post: Post, seq: int, id_: str, now: datetime) -> Row:
    return Row(id_, post.conversation, seq, post.sender, post.client_id,
               post.kind, post.body, post.data, now)  # fmt: skip


def _first_of_each(posts: list[Post]) -> tuple[list[Post], list[Post]]:
    """The posts without those that repeat another's sender and id; and these."""
    seen: set[tuple[str, str]] = set()
    first: list[Post] = []
    repeated: list[Post] = []
    for post in posts:
        key = (post.sender, post.client_id)
        (repeated if key in seen else first).append(post)
        seen.add(key)
    return first, repeated


def _answer(post: Post, stored: Message | None) -> bool:
    """Answer `post` with what is stored under its id; whether anything is."""
    if stored is None:
        return False
    same = stored.conversation == post.conversation and (
        stored.body == post.body or stored.kind == models.Message.Kind.DELETED
    )
    if same:
        post.message = stored
    else:
        post.error = Conflict("This “id” was used for another message; choose a new one.")
    return True
