"""One answer: asked of the model, shown as it grows, stopped, or failed."""

import asyncio
import logging
from contextlib import aclosing

from bots.cases import Asking
from bots.database import looking_up
from bots.drafts import Said
from bots.failures import SENTENCES, Failure
from bots.growing import Growing
from bots.llm.prompt import Used
from bots.models import Answer
from bots.stops import stops
from bots.tools import Toolbox

log = logging.getLogger(__name__)

Outcome = Answer.Outcome


async def answer(asking: Asking, used: Used) -> Said:
    """What the model says, or what the person is told instead; `used` is summed up meanwhile.

    Never raises but for being cancelled.
    """
    growing = Growing(asking)
    toolbox = Toolbox(asking.person, looking_up) if asking.with_devices else None
    writing = asyncio.ensure_future(_write(asking, toolbox, growing, used))
    stop = asyncio.ensure_future(stops.typed(asking))
    try:
        await asyncio.wait([writing, stop], return_when=asyncio.FIRST_COMPLETED)
        outcome, sentence = await _end(writing)
    finally:
        stop.cancel()
        writing.cancel()
        growing.end()
        await asyncio.wait([stop, writing])
    readings = toolbox.cited(growing.text) if toolbox and growing.text else []
    return Said(growing.text, outcome, sentence, tuple(readings))


async def _write(asking: Asking, toolbox: Toolbox | None, growing: Growing, used: Used) -> None:
    from bots.llm.asking import ask  # the model's library is loaded where one is asked, alone

    growing.begin()
    async with aclosing(ask(asking.connection, asking.prompt, toolbox, used, asking.bot)) as pieces:
        async for piece in pieces:
            await growing.add(piece)


async def _end(writing: "asyncio.Task[None]") -> tuple[Answer.Outcome, str]:
    """How it ended; what still goes on was stopped, and ends now."""
    if not writing.done():
        writing.cancel()
        await asyncio.wait([writing])
        return Outcome.STOPPED, ""
    error = writing.exception()
    if error is None:
        return Outcome.ANSWERED, ""
    if isinstance(error, Failure):
        return error.outcome, error.sentence
    log.error("An answer failed: %s", type(error).__name__)
    return Outcome.FAILED, SENTENCES[Outcome.FAILED]
