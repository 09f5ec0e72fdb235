"""Joining and leaving: in the database, then told to whoever is concerned, in every process.

The two are apart, so that a caller may make more of its own transaction. A membership that is
gone is told before anything else is posted: whoever hears of that has been taken out already.
"""

from django.utils import timezone

from chat import running
from chat.backplane import backplane
from chat.backplane.news import Entered, Parted
from chat.cursors import cursors
from chat.hub import hub
from chat.joined import Places, joined, memberships
from chat.models import Membership
from chat.overview import overview_of
from chat.protocol import ConversationFrame, LeftFrame, encode
from chat.store import store
from chat.threads import read_in_turn

# ---- in the database; any thread --------------------------------------------------------------


def join(account: str, conversation: str) -> bool:
    """Make `account` a member from this moment on; False where it is one. Runs queries.

    Afterwards, once that is committed, `tell_joined`.
    """
    last = store.last_seqs([conversation])[conversation]
    place = {"first_seq": last + 1, "received_seq": last, "read_seq": last}
    _, new = Membership.objects.get_or_create(
        account_id=account,
        conversation_id=conversation,
        defaults={**place, "joined_at": timezone.now()},
    )
    return new


def leave(account: str, conversation: str) -> bool:
    """End the membership; False where there is none. Afterwards, `tell_left`. Runs queries."""
    mine = Membership.objects.filter(account=account, conversation=conversation)
    return bool(mine.exclude(joined_at=None).delete()[0])


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
            joined.add(account, conversation, shown.first_seq)
            hub.push([account], encode(ConversationFrame(shown)))
        return


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
