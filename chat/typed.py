"""What a person typed to an account that takes commands, taken apart: in any case, with stray
spaces and line ends."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

ENDING = ".!? "
"""What people put behind a word when they write as to a person."""
LONGEST = 200
"""Characters of a command. What is longer is none: to make ten thousand plain takes long."""
SHOWN = 40
"""Characters of what was typed that an answer repeats."""
CLOSE = 0.7
"""How alike a typo and what was meant must be, from 0 to 1: “stauts” and “status” are."""


class Typed(NamedTuple):
    text: str
    """All of it but the account's name, in one case and with single spaces."""
    command: str
    """Its first word; "" where there is none."""
    argument: str
    """The rest."""


def plain(text: str) -> str:
    """`text` in one case and one form of each sign, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def parse(body: str, account: str) -> Typed:
    """`body` as a command to the account of that name: “thermometer1: Subscribe”,
    “@thermometer1 subscribe”, “subscribe @thermometer1” and “/subscribe” are “subscribe”."""
    if len(body := body.strip()) > LONGEST:
        return Typed(f"{plain(body[:SHOWN])}…", "", "")
    name = re.escape(account)
    text = re.sub(rf"\A(?:@?{name} ?:|@{name}(?: ?,|(?= |\Z))) ?| @{name}\Z", "", plain(body))
    text = text.removeprefix("/").strip(ENDING)
    command, _, argument = text.partition(" ")
    return Typed(text, command, argument)


def shown(text: str) -> str:
    """What was typed, quoted, and cut where it is long."""
    return f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”"


def nearest(text: str, known: Iterable[str], close: float = CLOSE) -> str | None:
    """The one of `known` that was probably meant, where one is so near."""
    found = get_close_matches(text[:SHOWN], list(known), n=1, cutoff=close)
    return found[0] if found else None
