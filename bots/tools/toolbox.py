"""The tools in one person's hands, for one answer."""

from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from django.utils import timezone

from bots.tools import listing, reading  # noqa: F401 - each registers its own
from bots.tools.citing import Given, cited
from bots.tools.registry import TOOLS, Result, carry_out, schema
from bots.tools.room import NO_MORE, TOO_MUCH, Room
from chat.protocol import ChatError, format_time
from chatproject import threaded


class Toolbox:
    """What it tells is what `person` may know at that moment, asked again with every call."""

    def __init__(self, person: str, executor: Executor | None = None) -> None:
        """`person`: an account's name. The queries run in `executor`, or in a thread for short
        ones."""
        self._person = person
        self._executor = {"executor": executor} if executor else {}
        self._given: list[Sequence[Given]] = []
        self._room = Room()

    def schema(self) -> list[dict[str, Any]]:
        """The tools, as `tools` of a request in OpenAI's protocol; none where no more can be
        told."""
        return [] if self._room.is_used_up else [schema(tool) for tool in TOOLS.values()]

    async def call(self, name: str, arguments: str) -> str:
        """What the tool says, or `{"error": …}` with what would be right: JSON, for the model.

        Raises what the database raises, and nothing for what the model got wrong.
        """
        if self._room.is_used_up:
            return NO_MORE
        query = partial(_answer, name, arguments, self._person, timezone.now())
        result = await threaded.run(query, **self._executor)
        told = msgspec.json.encode(result.shown).decode()
        if not self._room.has(told):
            return self._room.take(TOO_MUCH)
        self._given.append(result.given)
        return self._room.take(told)

    def cited(self, text: str) -> list[dict[str, Any]]:
        """The readings that an answer of these words rests on, for its `data`; see `citing`."""
        return cited(text, self._given)


def _answer(name: str, arguments: str, person: str, now: datetime) -> Result:
    try:
        shown, given = carry_out(name, arguments, person, now)
    except ChatError as error:
        shown, given = {"error": error.detail}, ()
    return Result({"now": format_time(now), **shown}, given)
