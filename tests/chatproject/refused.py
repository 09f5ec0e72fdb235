"""Readers of the environment that end the program."""

from collections.abc import Callable

import pytest


def refusal(read: Callable[[], object]) -> str:
    """The one line with which `read()` ends the program."""
    with pytest.raises(SystemExit) as stop:
        read()
    line = stop.value.code
    assert isinstance(line, str), "exit code 1 comes with a text"
    assert "\n" not in line
    return line
