"""A bot's turn in a conversation: it answers all that waits there, in order, one at a time.

A lease makes it one process's. Who dies lets it run out, and the questions are found again.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from bots import drafts
from bots.answering import answer
from bots.cases import Asking, Case, ended, interrupted, next_case
from bots.database import query
from bots.llm.prompt import Used
from bots.places import lease_of
from chat import handlers, running
from chat.posting import Draft
from chat.protocol import ChatError, Conflict, Forbidden, NotFound, Unavailable
from chat.rooms.guests import say
from chatproject import lease, threaded

log = logging.getLogger(__name__)

Place = tuple[str, str]
"""A bot, and one of its conversations."""
POSTING_AT_ONCE = 8
TRIES = 30
PAUSE = 2.0
"""How often, and with how many seconds in between, an answer is given to a store that is away."""

NOTED_WITHIN = 1.5
"""Seconds, where this process is about to stop."""

_posting = ThreadPoolExecutor(POSTING_AT_ONCE, thread_name_prefix="bots-posting")


async def take_turns(bot: str, conversation: str) -> None:
    """Answer what waits there, unless another process does.

    Who finds the lease taken goes: its holder looks again after its release. Who lost it on the
    way, as the database was away, tries to have it again.
    """
    if not running.is_here():
        await query(running.loop)  # it is begun here, and takes a moment
    while await lease.once(
        lease.Holder(lease_of(bot, conversation)), partial(_answer_all, bot, conversation)
    ):
        if not await is_waiting(bot, conversation):
            return


async def is_waiting(bot: str, conversation: str) -> bool:
    """Whether there is a message that the bot has not answered."""
    return bool(await query(partial(handlers.unanswered, bot, conversation)))


async def _answer_all(bot: str, conversation: str) -> None:
    while case := await query(partial(next_case, bot, conversation)):
        await _settle(bot, case)
        await query(partial(handlers.answered, bot, conversation, case.question.seq))


async def _settle(bot: str, case: Case) -> None:
    if case.draft is not None:
        await _say(case.draft)
    elif case.asking is not None:
        await _answer(case.asking)


async def _answer(asking: Asking) -> None:
    used = Used()
    try:
        said = await answer(asking, used)
        await _say(drafts.answer(asking.bot, asking.question, asking.persona, said))
    except BaseException:  # cancelled, or the store is away
        with suppress(Exception):
            async with asyncio.timeout(NOTED_WITHIN):
                await query(partial(interrupted, asking, used))
        raise
    await query(partial(ended, asking, said, used))


async def _say(draft: Draft) -> None:
    """Raises Unavailable. What is refused otherwise would be so again."""
    for _ in range(TRIES):
        try:
            (outcome,) = await threaded.run(partial(say, [draft]), _posting)
        except Unavailable:
            pass
        else:
            if not isinstance(outcome.error, Unavailable):
                _note(draft, outcome.error)
                return
        await asyncio.sleep(PAUSE)
    raise Unavailable("The answer could not be stored.")


def _note(draft: Draft, error: ChatError | None) -> None:
    """Of these there is nothing to say: who died had given another answer; who asked has gone; the
    bot has left the room, or it was closed."""
    if error is not None and not isinstance(error, Conflict | NotFound | Forbidden):
        log.error("What %s had to say was refused: %s", draft.sender, error.code)
