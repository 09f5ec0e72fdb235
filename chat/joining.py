"""Joining and leaving: in the database, then told to whoever is concerned, in every process.

The two are apart, so that a caller may make more of its own transaction. A membership that is
gone is told before anything else is posted: whoever hears of that has been taken out already.
"""

import asyncio
import logging

from django.db import Error
from django.utils import timezone

from chat import errands, running
from chat.backplane import backplane
from chat.backplane.news import Entered, Parted, Renewed
from chat.cursors import cursors
from chat.hub import hub
from chat.joined import Place, Places, joined, memberships
from chat.models import Membership
from chat.overview import Overview, overview_of, overviews_of
from chat.protocol import Conversation, ConversationFrame, LeftFrame, Resync, encode
from chat.seqs import last_seqs
from chat.store import store
from chat.threads import read, read_in_turn

Role = Membership.Role
SHOWN_AT_ONCE = 100
"""Members who are shown a conversation again by one round of queries."""
SHOWN_WITHIN = 0.5
"""Seconds that whoever renews a conversation waits for it: where it has few members, it is shown
to them before anything else is said."""
_renewals: dict[str, object] = {}
"""By conversation, the last that was begun for all members."""
log = logging.getLogger(__name__)

# ---- in the database; any thread --------------------------------------------------------------


def join(
    account: str, conversation: str, *, from_start: bool = False, role: str = Role.MEMBER
) -> bool:
    """Make `account` a member from this moment on; False where it is one. Runs queries.

    `from_start`: what was said before is theirs to read, too; it does not count as unread.
    Afterwards, once that is committed, `tell_membership`.
    """
    last = store.last_seqs([conversation])[conversation]
    place = {"received_seq": last, "read_seq": last, "first_seq": 1 if from_start else last + 1}
    _, new = Membership.objects.get_or_create(
        account_id=account,
        conversation_id=conversation,
        defaults={**place, "joined_at": timezone.now(), "role": role},
    )
    return new


def leave(account: str, conversation: str) -> bool:
    """End the membership; False where there is none. Afterwards, `tell_membership`. Runs
    queries."""
    mine = Membership.objects.filter(account=account, conversation=conversation)
    return bool(mine.exclude(joined_at=None).delete()[0])


def tell_membership(account: str, conversation: str) -> None:
    """Tell whether `account` is a member, as the database says: it may be another way by now.

    Who tells later than another did may know less, so it looks again until nothing has changed.
    """
    told = None
    members = Membership.objects.filter(account=account, conversation=conversation)
    while told != (is_member := members.exists()):
        (tell_joined if is_member else tell_left)(account, conversation)
        told = is_member


def tell_renewed(conversation: str, account: str = "") -> None:
    """Have the members, or one of them, shown the conversation again: it has another title, say,
    or one may not write there any more. Where there are many, that goes on afterwards."""
    running.wait_for(_tell_renewed(conversation, account))


def tell_joined(account: str, conversation: str) -> None:
    """Have the connections of `account` told, and told what happens there from now on."""
    running.wait_for(_tell_joined(account, conversation))


def tell_left(account: str, conversation: str) -> None:
    """Have nothing of `conversation` reach `account` any more, what is under way included."""
    running.call(_tell_left, account, conversation)


# ---- on the event loop ------------------------------------------------------------------------


async def _tell_joined(account: str, conversation: str) -> None:
    backplane.tell(Entered(account, conversation))
    await enter(account, conversation)


def _tell_left(account: str, conversation: str) -> None:
    backplane.tell(Parted(account, conversation))
    part(account, conversation)


async def _tell_renewed(conversation: str, account: str) -> None:
    backplane.tell(Renewed(conversation, account))
    await asyncio.wait([errands.run(renew(conversation, account))], timeout=SHOWN_WITHIN)


async def renew(conversation: str, account: str = "") -> None:
    """Something about the conversation is new, for all its members or one."""
    members = [account] if account else joined.here(conversation)
    for name in members:
        joined.note(name)
    try:
        await (_show_some(conversation, members) if account else _show_all(conversation, members))
    except Error as error:  # they are shown it when they connect again
        log.error("What is new about a room was not shown: %s", type(error).__name__)


async def _show_all(conversation: str, members: list[str]) -> None:
    """Unless the same begins anew meanwhile."""
    this = _renewals[conversation] = object()
    try:
        for start in range(0, len(members), SHOWN_AT_ONCE):
            if _renewals.get(conversation) is this:
                await _show_some(conversation, members[start : start + SHOWN_AT_ONCE])
    finally:
        if _renewals.get(conversation) is this:
            del _renewals[conversation]


async def _show_some(conversation: str, members: list[str]) -> None:
    """What was read of somebody before there were news of them is outdated, and read again."""
    while news := {name: joined.news_of(name) for name in members if joined.knows(name)}:
        known = {name: cursors.of(name) for name in news}
        for name, found in (await read(overviews_of, conversation, known)).items():
            if joined.knows(name) and joined.news_of(name) == news[name]:
                del news[name]
                _show_again(name, conversation, found)
        members = list(news)


def _show_again(account: str, conversation: str, found: Overview) -> None:
    if conversation not in joined.of(account):
        return  # it has left meanwhile
    cursors.freshen(account, found.conversations)
    for shown in found.conversations:
        joined.add(account, conversation, _place(shown))
        hub.push([account], encode(ConversationFrame(shown)))


def _place(shown: Conversation) -> Place:
    return Place(shown.first_seq, bool(shown.room and shown.room.closed))


async def enter(account: str, conversation: str) -> None:
    """`account` has joined, they say: live frames reach it here from now on, if it is so, and it
    is shown where it came. News of two processes may come in another order than they happened."""
    joined.note(account)
    while joined.knows(account):
        news = joined.news_of(account)
        found = await read_in_turn(account, overview_of, account, conversation, cursors.of(account))
        if news != joined.news_of(account):
            continue  # what was read is outdated
        for shown in found.conversations:
            if joined.of(account).get(conversation) == (place := _place(shown)):
                break  # it was shown meanwhile: a recheck, too, finds out who has joined
            joined.add(account, conversation, place)
            hub.push([account], encode(ConversationFrame(shown)))
            if last_seqs.get(conversation, 0) > shown.last_seq:  # it came while this was read
                hub.push([account], encode(Resync()))
        return


async def entered_elsewhere(account: str, conversation: str) -> None:
    """Another process tells that `account` has joined."""
    try:
        await enter(account, conversation)
    except Error as error:  # the recheck will find it
        log.error("Whether somebody has joined was not read: %s", type(error).__name__)


def parted_elsewhere(account: str, conversation: str) -> None:
    """Another process tells that `account` has left: nothing reaches it from this moment on. It is
    told once the database has said so, since it may have joined again, which was heard before."""
    if joined.knows(account):
        joined.remove(account, conversation)
        errands.run(_look_again(account, conversation))


async def _look_again(account: str, conversation: str) -> None:
    await entered_elsewhere(account, conversation)
    if conversation not in joined.of(account):
        part(account, conversation)


def part(account: str, conversation: str) -> None:
    """`account` has left."""
    joined.remove(account, conversation)
    cursors.drop(account, conversation)
    hub.push([account], encode(LeftFrame(conversation)))


async def load(account: str) -> None:
    """Know what `account`, which has just connected here, has joined."""
    while hub.of(account) and not joined.knows(account):
        news = joined.news_of(account)
        found = await memberships.get(account)
        if not hub.of(account):
            return  # it is gone again: nothing is kept
        if news == joined.news_of(account):  # else they came while this was read
            joined.put(account, found)


async def reload(account: str, found: Places, news: int) -> None:
    """Take over what the database said when `news` was counted: news can be lost."""
    if not joined.knows(account) or news != joined.news_of(account):
        return
    known = joined.of(account)
    left, new = known.keys() - found.keys(), found.keys() - known.keys()
    joined.put(account, {c: found[c] for c in found.keys() & known.keys()})
    for conversation in left:
        part(account, conversation)
    for conversation in new:
        await enter(account, conversation)
