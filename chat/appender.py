"""The writer's thread: numbers a batch of posts, stores it, and sorts out what fails.

`seq` needs no counter: it is the last one and one more, and the unique index on
(conversation, seq) decides. On a conflict with another process the last message is read again.
"""

import logging
import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import DataError, IntegrityError, OperationalError

from chat import metrics, models
from chat.hints import lower_hints, raise_hints
from chat.ids import Ids
from chat.opening import open_conversations
from chat.posts import Post
from chat.protocol import Conflict, Invalid, Message, Unavailable, format_time
from chat.rooms import mentions
from chat.seqs import last_seqs
from chat.store import GeneralStore, Row, Tip
from chat.threads import alongside, heal

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a batch that fails for its data is tried anew before it is halved."""
CONTENDED_FOR = 10.0
"""Seconds that a batch may go on losing its seqs to other processes."""
CONTENDED_WAIT = 0.02
"""Seconds, at most, before it is tried again: drawn, so that the processes don't march in step."""
MAX_KNOWN = 100_000
"""Conversations whose last message is remembered."""
REFUSED = "The store refused this message; change it and send it anew."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

AtFault = (IntegrityError, DataError, ValueError)
"""What may be one message's fault. Anything else is the store's: it is down, or unwell."""


class Contended(OperationalError):
    """Other processes were faster for too long."""


class Numbered(NamedTuple):
    """A post with its place in the conversation, its id, and the time that it was sent: what the
    id says, but for what was said elsewhere."""

    post: Post
    seq: int
    id: str
    at: datetime


class Appender:
    def __init__(self, store: GeneralStore, alone: bool = True) -> None:
        """`alone`: no other process writes to this store."""
        self._store = store
        self._alone = alone
        self._ids = Ids()
        self._tips: dict[str, Tip] = {}

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
        for conversation in [c for c in self._tips if name in c.split(":")]:
            del self._tips[conversation]

    def forget_all(self) -> None:
        """Have all conversations looked up anew: news of other processes may have been missed."""
        self._tips.clear()

    def _open(self, posts: list[Post]) -> None:
        """Look up the conversations not met before, and begin the new ones."""
        if len(self._tips) > MAX_KNOWN:
            self._tips.clear()
        unknown = {post.conversation for post in posts if self._is_new(post.conversation)}
        if not unknown:
            return
        opened = open_conversations(unknown)
        self._learn(opened.ready)
        for post in posts:
            post.error = opened.refused.get(post.conversation)
            # at seq 1 too: whoever stored that may not have come to tell of the conversation
            if post.error is None and self._tips[post.conversation].seq <= 1:
                post.begins = opened.beginnings.get(post.conversation)

    def _is_new(self, conversation: str) -> bool:
        """Whether no message of it is known: it is not opened, or has none."""
        tip = self._tips.get(conversation)
        return tip is None or tip.seq == 0

    def _learn(self, conversations: Iterable[str]) -> None:
        self._tips |= self._store.tips(conversations)

    def _forget(self, posts: list[Post]) -> None:
        for post in posts:
            self._tips.pop(post.conversation, None)

    def _store_all(self, posts: list[Post]) -> None:
        if not posts:
            return
        numbered = self._number(posts)
        try:
            self._insert(numbered)
        except AtFault:
            self._sort_out(posts)
            if self._alone:
                self._lower_hints(numbered)

    def _sort_out(self, posts: list[Post]) -> None:
        """Store a batch that failed as a whole: some of it is stored already, or can't be."""
        first, repeated = _first_of_each(posts)
        self._store_anew(first)
        self._store_anew(repeated)

    def _lower_hints(self, failed: list[Numbered]) -> None:
        """Correct the hints that the failed attempt raised and nothing has raised since."""
        raised_at = {one.post.conversation: one.at for one in failed}
        newest = {c: self._store.before(c, 1, None, 1) for c in raised_at}
        lower_hints({c: (m[0].seq, m[0].sent_at, raised_at[c]) for c, m in newest.items() if m})

    def _store_anew(self, posts: list[Post]) -> None:
        """Number anew and insert; in halves where that does not help, down to the one at fault.

        While other processes are faster, it is the turn that is lost, not the message.
        """
        give_up_at = time.monotonic() + CONTENDED_FOR
        attempts, fault = ATTEMPTS, None
        while attempts and (posts := self._answer_stored(posts)):
            self._learn({post.conversation for post in posts})
            numbered = self._number(posts)
            try:
                self._insert(numbered)
            except AtFault as error:
                if not self._others_were_faster(numbered):
                    attempts -= 1
                    fault = error
                elif time.monotonic() > give_up_at:
                    raise Contended from None
                else:
                    metrics.contended.inc()
                    time.sleep(random.uniform(0, CONTENDED_WAIT))  # noqa: S311 (no secret)
            else:
                return
        if posts:
            self._store_halves(posts, fault)

    def _store_halves(self, posts: list[Post], fault: Exception | None) -> None:
        if len(posts) == 1:
            if isinstance(fault, IntegrityError):
                refuse(posts)  # it may yet find a place
            else:
                posts[0].error = Invalid(REFUSED)
            self._forget(posts)
            return
        middle = len(posts) // 2
        self._store_anew(posts[:middle])
        self._store_anew(posts[middle:])

    def _others_were_faster(self, failed: list[Numbered]) -> bool:
        """Whether a seq that the failed attempt wanted is taken (perhaps by its own first rows,
        where the engine keeps these)."""
        first: dict[str, int] = {}
        for one in failed:
            first.setdefault(one.post.conversation, one.seq)
        taken = self._store.taken(first)
        return any(taken[conversation] >= seq for conversation, seq in first.items())

    def _answer_stored(self, posts: list[Post]) -> list[Post]:
        """Answer those that were stored before, by the same sender under the same id."""
        client_ids: dict[str, list[str]] = {}
        for post in posts:
            client_ids.setdefault(post.sender, []).append(post.client_id)
        stored = self._store.sent(client_ids)
        if not self._alone:
            self._raise_hints_to(stored.values())
        past = {(post.sender, post.client_id) for post in posts if post.sent_at is not None}
        mentions.note(  # whoever stored them may have died before that
            message for sent, message in stored.items() if sent not in past
        )
        return [post for post in posts
                if not _answer(post, stored.get((post.sender, post.client_id)))]  # fmt: skip

    def _raise_hints_to(self, stored: Iterable[Message]) -> None:
        """Whoever stored them may have died before the hint was on the disk."""
        newest: dict[str, Message] = {}
        for message in stored:
            known = newest.setdefault(message.conversation, message)
            if message.seq > known.seq:
                newest[message.conversation] = message
        raise_hints({c: (m.seq, datetime.fromisoformat(m.sent_at)) for c, m in newest.items()})

    def _number(self, posts: list[Post]) -> list[Numbered]:
        """The place of each, in the order of `posts`."""
        tips: dict[str, Tip] = {}
        numbered = []
        for post in posts:
            tip = tips.get(post.conversation) or self._tip(post.conversation)
            id_, at = self._ids.new(tip.id)
            numbered.append(Numbered(post, tip.seq + 1, id_, post.sent_at or _moment(at)))
            tips[post.conversation] = Tip(tip.seq + 1, id_)
        return numbered

    def _tip(self, conversation: str) -> Tip:
        """The last message that this process knows of."""
        own, heard_of = self._tips[conversation], last_seqs.tip(conversation)
        return heard_of if heard_of is not None and heard_of.seq > own.seq else own

    def _insert(self, numbered: list[Numbered]) -> None:
        """Insert the rows, all or none, and raise the hints meanwhile.

        Two databases, two syncs to disk: done one after the other they were most of the time that
        a message takes. Nothing is acked before both are done, so what a crash in between hides
        was never confirmed, and shows when it is sent again.
        """
        last = {one.post.conversation: one for one in numbered}
        raised = alongside(raise_hints, {c: (one.seq, one.at) for c, one in last.items()})
        try:
            self._store.insert([_row(*one) for one in sorted(numbered, key=_place)])
        finally:
            raised.result()
        self._tips |= {conversation: Tip(one.seq, one.id) for conversation, one in last.items()}
        stored = [Message(id_, post.conversation, seq, post.sender, post.kind,
                          post.body, post.data, format_time(at))
                  for post, seq, id_, at in numbered]  # fmt: skip
        called = mentions.note(
            message
            for (post, *_), message in zip(numbered, stored, strict=True)
            if post.sent_at is None
        )
        for (post, *_), message in zip(numbered, stored, strict=True):
            post.message = message
            post.called = called.get(message.id, ())


def refuse(posts: list[Post]) -> None:
    """Tell those of `posts` that have no outcome yet to try again."""
    for post in posts:
        if post.message is None and post.error is None:
            post.error = Unavailable(
                "The store did not confirm this message; send it again with the same id."
            )


def _moment(at: int) -> datetime:
    """Milliseconds, which is what every engine keeps, as a time."""
    return EPOCH + timedelta(milliseconds=at)


def _place(numbered: Numbered) -> tuple[str, int]:
    """By this rows are sorted, so that writers can't deadlock."""
    return numbered.post.conversation, numbered.seq


def _row(post: Post, seq: int, id_: str, at: datetime) -> Row:
    return Row(id_, post.conversation, seq, post.sender, post.client_id,
               post.kind, post.body, post.data, at)  # fmt: skip


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
    was_changed = stored.kind == models.Message.Kind.DELETED or stored.edited_at
    same = stored.conversation == post.conversation and (was_changed or stored.body == post.body)
    if same:
        post.message = stored
        post.repeated = True
    else:
        post.error = Conflict("This “id” was used for another message; choose a new one.")
    return True
