"""What else there is of a person: whoever brings devices, bots … says what it keeps of them."""

from collections.abc import Callable
from typing import Any

Part = Callable[[str], Any]
"""Gives what is kept of the account with this name, as JSON has it. It may run queries."""
_parts: dict[str, Part] = {}


def part(name: str) -> Callable[[Part], Part]:
    """Have what the decorated function gives put into `account.json`, under `name`."""

    def register(function: Part) -> Part:
        _parts[name] = function
        return function

    return register


def parts_of(account: str) -> dict[str, Any]:
    return {name: ask(account) for name, ask in sorted(_parts.items())}
