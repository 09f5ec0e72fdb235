"""The tools, found by name: what a model is told of each, and what it does."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from bots.tools.citing import Given
from chat.protocol import Invalid
from chat.typed import shown


class Arguments(Struct, forbid_unknown_fields=True):
    """What a tool is given. Each field has a Meta with its description, for the model.

    Only texts and whole numbers, and never null: some servers know no other schema.
    """


class Result(NamedTuple):
    shown: dict[str, Any]
    """What the model is told."""
    given: Sequence[Given] = ()
    """The readings in it that the person can open."""


Run = Callable[[str, Any, datetime], Result]
"""(person's name, arguments, now). Runs queries. Raises Invalid, with what would be right."""


class Tool(NamedTuple):
    name: str
    description: str
    arguments: type[Arguments]
    run: Run


TOOLS: dict[str, Tool] = {}


def tool(name: str, description: str, arguments: type[Arguments]) -> Callable[[Run], Run]:
    """Makes the function what is done when the model calls `name`."""

    def register(run: Run) -> Run:
        TOOLS[name] = Tool(name, description, arguments, run)
        return run

    return register


def schema(tool: Tool) -> dict[str, Any]:
    """The tool as OpenAI's protocol describes one. All arguments are required: that is `strict`."""
    fields = properties(tool)
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "strict": True,
            "parameters": {
                "type": "object",
                "properties": fields,
                "required": list(fields),
                "additionalProperties": False,
            },
        },
    }


def properties(tool: Tool) -> dict[str, dict[str, str]]:
    """Of each argument the type, as JSON Schema calls it, and the description."""
    (_, components) = msgspec.json.schema_components([tool.arguments])
    fields = components[tool.arguments.__name__]["properties"]
    return {
        name: {key: field[key] for key in ("type", "description")} for name, field in fields.items()
    }


def carry_out(name: str, arguments: str, person: str, now: datetime) -> Result:
    """Runs queries. Raises Invalid where there is no such tool, or it does not take this."""
    tool = TOOLS.get(name)
    if tool is None:
        raise Invalid(f"There is no tool {shown(name)}; there are {', '.join(TOOLS)}.")
    return tool.run(person, _decoded(tool, arguments), now)


def _decoded(tool: Tool, arguments: str) -> Arguments:
    try:
        found = msgspec.json.decode(arguments or "{}", type=dict[str, Any])
        given = {name: value for name, value in found.items() if value is not None}
        return msgspec.convert(given, tool.arguments, strict=False)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Invalid(f"These are no arguments of {tool.name}: {error}. {_takes(tool)}") from None


def _takes(tool: Tool) -> str:
    fields = [f"“{name}” ({field['type']})" for name, field in properties(tool).items()]
    return f"It takes a JSON object with {', '.join(fields) or 'nothing in it'}."
