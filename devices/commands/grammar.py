"""What a person typed, taken apart: in any case, with stray spaces and line ends."""

import re
import unicodedata
from typing import NamedTuple

ENDING = ".!? "
"""What people put behind a word when they write as to a person."""


class Typed(NamedTuple):
    text: str
    """All of it but the device's name, in one case and with single spaces."""
    command: str
    """Its first word; "" where there is none."""
    argument: str
    """The rest."""


def plain(text: str) -> str:
    """`text` in one case and one form of each sign, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def parse(body: str, device: str) -> Typed:
    """`body` as a command to the device of that name: “thermometer1: Subscribe” is “subscribe”."""
    text = re.sub(rf"\A@?{re.escape(device)} ?: ?", "", plain(body))
    text = text.removeprefix("/").strip(ENDING)
    command, _, argument = text.partition(" ")
    return Typed(text, command, argument)
