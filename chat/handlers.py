"""Messages to accounts that are no people, handed to whoever answers for them.

What a handler has not answered is what others wrote beyond the account's own read cursor: all of
it in a direct conversation, in a room what calls the account by name. So nothing is lost with a
process: whatever is left is found again in the database.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connections
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from chat import running, sending
from chat.backplane import backplane
from chat.backplane.news import Moved
from chat.contacts import contacts
from chat.conversation_ids import is_direct
from chat.cursors import Position, cursors
from chat.hints import save_cursors
from chat.ids import moment
from chat.models import Account, Conversation, Membership, Mention
from chat.models import Message as Stored
from chat.protocol import Message, parse_time
from chat.store import store

log = logging.getLogger(__name__)

THREADS = 2
AT_ONCE = 100
"""Messages read at once."""
ROUNDED = timedelta(milliseconds=1)
"""By as much the time in a message's id and its own may differ."""
NEGLECTED_AFTER = timedelta(seconds=5)

Attend = Callable[[str, str], None]
Place = tuple[str, str]
"""An account that is no person, and one of its conversations."""

_attends: dict[str, Attend] = {}
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="chat-handler")
_lock = threading.Lock()
_again: dict[Place, bool] = {}
"""Places that are being attended to, and whether more has come meanwhile."""


def register(kind: str, attend: Attend) -> None:
    """Have `attend(account, conversation)` called when somebody writes to an account of `kind`.

    In a thread, one at a time for a conversation in this process; another process may do the same
    at the same time, and does where this one died.
    """
    _attends[kind] = attend


def arrived(message: Message, members: Collection[str]) -> None:
    """A message was stored in a direct conversation of `members`, or calls them by name in a
    room. On the event loop."""
    if message.sender in contacts:
        return  # they don't answer each other
    for name in members:
        if name in contacts:
            _attend_soon(contacts.kind(name), (name, message.conversation))


def unanswered(account: str, conversation: str) -> list[Message]:
    """What others wrote that `account` has not answered, oldest first. Runs queries."""
    if not is_direct(conversation):
        return _calling(account, conversation)
    while messages := store.after(conversation, _read_seq(account, conversation), AT_ONCE):
        if found := [m for m in messages if m.sender != account and _was_said_here(m)]:
            return found
        _save(account, conversation, messages[-1].seq)  # one's own, say, which need no answer
    return []


def _calling(account: str, conversation: str) -> list[Message]:
    """What calls `account` by name in a room that it is in."""
    while seqs := _calls(account, conversation):
        if found := store.at(conversation, seqs):
            return found
        _save(account, conversation, seqs[-1])  # they were removed, as old as they were
    return []


def _calls(account: str, conversation: str) -> list[int]:
    calls = Mention.objects.filter(
        account=account, conversation=conversation, seq__gt=_read_seq(account, conversation)
    )
    return list(calls.order_by("seq").values_list("seq", flat=True)[:AT_ONCE])


def _was_said_here(message: Message) -> bool:
    """And not elsewhere, before it was brought here: whoever asked that was answered there."""
    return abs(moment(message.id) - parse_time(message.sent_at)) <= ROUNDED


def asking(question: Message) -> Account | None:
    """The person whose question the message may be: devices and bots are never answered, nor is
    who is suspended, nor, in a room, who has left it; in a closed one nobody is. Runs queries."""
    if question.kind != Stored.Kind.TEXT or _is_refused(question):
        return None
    people = Account.objects.filter(kind=Account.Kind.PERSON, is_active=True, deleted_at=None)
    return people.filter(pk=question.sender).first()


def _is_refused(question: Message) -> bool:
    where = question.conversation
    return not is_direct(where) and sending.refusal(question.sender, where) is not None


def answer_id(question: str) -> str:
    """The client's id of the one answer to the message with this id, whoever gives it."""
    return f"re:{question}"


def answered(account: str, conversation: str, seq: int) -> None:
    """Note that `account` is done with all up to `seq`: others see it as read. Runs queries."""
    _save(account, conversation, seq)
    running.call(_tell, account, conversation, seq)


def attend_neglected(kind: str) -> None:
    """Attend to what nobody does: its process died. For a periodic task. Runs queries."""
    answering = Account.objects.filter(kind=kind).values_list("name", flat=True)
    for place in [*_written_to(list(answering)), *_called(list(answering))]:
        _attend_soon(kind, place)


def _written_to(answering: Collection[str]) -> Iterable[Place]:
    waiting = Membership.objects.filter(
        account__in=answering,  # in a join, SQLite would look through all conversations
        conversation__kind=Conversation.Kind.DM,
        conversation__last_seq__gt=F("read_seq"),
        conversation__last_at__lt=timezone.now() - NEGLECTED_AFTER,
    )
    return waiting.values_list("account_id", "conversation_id")


def _called(answering: Collection[str]) -> Iterable[Place]:
    unread = Mention.objects.filter(
        account=OuterRef("account"), conversation=OuterRef("conversation"),
        seq__gt=OuterRef("read_seq"),
    )  # fmt: skip
    waiting = Membership.objects.filter(
        Exists(unread),
        account__in=answering,
        conversation__kind=Conversation.Kind.ROOM,
    )  # however young: in a busy room something always is
    return waiting.values_list("account_id", "conversation_id")


def _save(account: str, conversation: str, seq: int) -> None:
    save_cursors([(account, conversation, seq, seq)])


def _read_seq(account: str, conversation: str) -> int:
    rows = Membership.objects.filter(account=account, conversation=conversation)
    found = rows.values_list("read_seq", flat=True).first()
    return 2**62 if found is None else found


def _tell(account: str, conversation: str, seq: int) -> None:
    cursors.moved_elsewhere(account, conversation, Position(seq, seq))
    backplane.tell(Moved(account, conversation, seq, seq))


def _attend_soon(kind: str | None, place: Place) -> None:
    attend = _attends.get(kind or "")
    if attend is None:
        return
    with _lock:
        under_way = place in _again
        _again[place] = under_way
    if not under_way:
        _threads.submit(_attend, attend, place)


def _attend(attend: Attend, place: Place) -> None:
    while True:
        try:
            attend(*place)
        except Exception as error:  # what is not answered is found again
            log.error("A message was not answered: %s", type(error).__name__)
        finally:
            connections.close_all()  # back to their pool: this thread may be idle for long
        with _lock:
            if not _again[place]:
                del _again[place]
                return
            _again[place] = False
