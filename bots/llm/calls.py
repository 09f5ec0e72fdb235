"""The calls of tools that a model makes in one round."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bots.llm.chunks import Fragment
from bots.llm.unicode import proper

if TYPE_CHECKING:
    from bots.tools import Toolbox

MOST = 8
"""Calls in a round; the others are told so."""
TOO_MANY = json.dumps({"error": f"At most {MOST} calls at a time; call it again."})


@dataclass
class Call:
    id: str
    name: str = ""
    arguments: str = ""


class Calls:
    """Put together from fragments; in the order in which they began."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._by_index: dict[int, Call] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    @property
    def text(self) -> str:
        """What the model wrote for them."""
        return proper("".join(call.name + call.arguments for call in self._calls))

    def add(self, fragments: Iterable[Fragment]) -> None:
        for fragment in fragments:
            call = self._call(fragment)
            if function := fragment.function:
                call.name += function.name or ""
                call.arguments += function.arguments or ""

    def _call(self, fragment: Fragment) -> Call:
        """The one that it belongs to. Some servers give all calls the same index, or none, and
        each its own id."""
        index = fragment.index or 0
        call = self._by_index.get(index)
        if call is None or (fragment.id and fragment.id != call.id):
            call = self._by_index[index] = Call(
                proper(fragment.id or "") or f"call_{len(self._calls)}"
            )
            self._calls.append(call)
        return call

    def message(self, text: str) -> dict[str, Any]:
        """The model's own, which the results follow."""
        calls = [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": proper(call.name),
                    "arguments": proper(call.arguments) or "{}",
                },
            }
            for call in self._calls
        ]
        return {"role": "assistant", "content": text or None, "tool_calls": calls}

    async def results(self, toolbox: "Toolbox") -> list[dict[str, Any]]:
        """A message for each call, in order."""
        messages = []
        for number, call in enumerate(self._calls):
            name, arguments = proper(call.name), proper(call.arguments)
            told = await toolbox.call(name, arguments) if number < MOST else TOO_MANY
            messages.append({"role": "tool", "tool_call_id": call.id, "content": told})
        return messages
