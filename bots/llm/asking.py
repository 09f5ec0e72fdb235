"""Asking a model: its answer's text as it comes, and the tools that it calls in between."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bots.connection import Connection
from bots.failures import Failure, Outcome
from bots.llm.calls import Calls
from bots.llm.clients import close, warm
from bots.llm.exchange import Exchange
from bots.llm.prompt import Prompt, Used
from bots.llm.requests import body, messages
from bots.llm.text import Text
from bots.llm.troubles import NoTools

if TYPE_CHECKING:
    from bots.tools import Toolbox

__all__ = ["ask", "close", "warm"]

log = logging.getLogger(__name__)

ROUNDS = 5
"""In which a model may call tools; then it has to answer."""
_without_tools: set[Connection] = set()
"""Models that refused them since this process began; they are few, as admins enter them."""
FINISHES = {"length": Outcome.TOO_LONG, "content_filter": Outcome.REFUSED}
"""How a stream may end that is no whole answer."""


async def ask(
    connection: Connection,
    prompt: Prompt,
    toolbox: "Toolbox | None",
    used: Used,
    bot: str = "a bot",
) -> AsyncGenerator[str, None]:
    """Pieces of the answer's text as they come; together they fit into a message, with a sentence
    of `bots.failures` after them.

    Raises Failure, and tells operators why in one line; `bot` is a name for it. The request ends
    at once where the iterator is closed, or the task that waits for it is cancelled. `used` is
    right, or a fair estimate, however it ends.
    """
    try:
        async with aclosing(_answer(connection, prompt, toolbox, used)) as pieces:
            async for piece in pieces:
                yield piece
    except Failure as failure:
        log.warning("%s had no whole answer of %s: %s", bot, connection.model, failure)
        raise


async def _answer(
    connection: Connection, prompt: Prompt, toolbox: "Toolbox | None", used: Used
) -> AsyncGenerator[str, None]:
    _check_key(connection.key)
    deadline = asyncio.get_running_loop().time() + settings.BOT_ANSWER_TIMEOUT
    offered = None if connection in _without_tools else toolbox
    try:
        async with aclosing(_rounds(connection, prompt, offered, used, deadline)) as pieces:
            async for piece in pieces:
                yield piece
    except NoTools:  # nothing was shown
        async with aclosing(_rounds(connection, prompt, None, used, deadline)) as pieces:
            async for piece in pieces:
                _without_tools.add(connection)  # now that it answers
                yield piece


async def _rounds(
    connection: Connection,
    prompt: Prompt,
    toolbox: "Toolbox | None",
    used: Used,
    deadline: float,
) -> AsyncGenerator[str, None]:
    said, text = messages(prompt), Text()
    for left in range(ROUNDS, -1, -1):
        tools = toolbox.schema() if toolbox and left else []
        fields = body(connection, prompt, said, tools)
        exchange = Exchange(connection, fields, used, deadline)
        async with aclosing(exchange.pieces()) as pieces:
            async for piece in pieces:
                if shown := text.take(piece):
                    yield shown
                _check_room(text)
        came = exchange.said
        _check_finish(came.finish)
        if not (toolbox and tools and came.calls):
            break
        results = await _results(came.calls, toolbox, deadline)
        said = [*said, came.calls.message(came.text), *results]
        text.end_round()
    if not text:
        raise Failure(Outcome.EMPTY)


async def _results(calls: Calls, toolbox: "Toolbox", deadline: float) -> list[dict[str, Any]]:
    try:
        async with asyncio.timeout_at(deadline):
            return await calls.results(toolbox)
    except TimeoutError:
        raise Failure(Outcome.TOO_SLOW, "the tools took too long") from None


def _check_key(key: str) -> None:
    """A header can't hold every text, and the error would quote it."""
    if not (key.isascii() and key.isprintable()):
        raise Failure(Outcome.WRONG_KEY, "the key holds characters that no key has")


def _check_room(text: Text) -> None:
    if text.is_full:
        raise Failure(Outcome.TOO_LONG, "more than a message holds")


def _check_finish(finish: str | None) -> None:
    if outcome := FINISHES.get(finish or ""):
        raise Failure(outcome, f"finish_reason {finish}")
