"""What a person types: a message, to somebody or where one is; a conversation; a command."""

import re
from collections.abc import Callable
from typing import NamedTuple

_NAME = r"[a-z0-9][a-z0-9_.-]{0,31}"
_ADDRESSED = re.compile(
    rf"\s*(@?{_NAME}|#{_NAME}|(?:dm|room|device):[^\s]+):[ \t]+(\S[\s\S]*)", re.I
)
_PLACE = re.compile(rf"\s*(?:(#{_NAME}):?|@?({_NAME}):|@({_NAME}))\s*", re.I)


class Say(NamedTuple):
    """`to` is None: to where one is."""

    to: str | None
    body: str


class Go(NamedTuple):
    """To the conversation with somebody, or a room."""

    to: str


class Command(NamedTuple):
    name: str
    rest: str


def parse(text: str, knows: Callable[[str], bool] = lambda name: True) -> Say | Go | Command:
    """“bob: hello”, “#room: hello”, “#room”, “bob:”, “/who”, or words for where one is.

    `knows` says whether there is somebody (or a room) called so: “note: milk” is meant for nobody.
    “//etc” says “/etc”.
    """
    if text.startswith("//"):
        return Say(None, text[1:])
    if text.startswith("/"):
        name, _, rest = text[1:].strip().partition(" ")
        return Command(name.lower(), rest.strip())
    if (place := _PLACE.fullmatch(text)) and knows(_name(place[1] or place[2] or place[3])):
        return Go(_name(place[1] or place[2] or place[3]))
    if (addressed := _ADDRESSED.fullmatch(text)) and knows(_name(addressed[1])):
        return Say(_name(addressed[1]), addressed[2].rstrip())
    return Say(None, text)


def _name(written: str) -> str:
    return written.removeprefix("@").lower()
