"""Slack's markup as plain text: what is in `<…>`, and the three characters that it escapes.

See https://docs.slack.dev/messaging/formatting-message-text, “Retrieving messages”.
"""

import re
from collections.abc import Callable

_MARK = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_MAIL = "mailto:"


class Marked:
    def __init__(self, person: Callable[[str], str], room: Callable[[str], str]) -> None:
        """`person` and `room` give the names of those with an id, without “@” and “#”."""
        self._person = person
        self._room = room

    def plain(self, text: str) -> str:
        found = _MARK.sub(self._replace, text)
        return found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    def _replace(self, match: re.Match[str]) -> str:
        sign, what, label = match[1], match[2], match[3]
        if sign == "@":
            return f"@{self._person(what)}"
        if sign == "#":
            return f"#{self._room(what)}"
        if sign == "!":  # <!here>, <!subteam^S1|@team>, <!date^…|yesterday>
            return label or f"@{what.partition('^')[0]}"
        return _link(what, label)


def _link(url: str, label: str | None) -> str:
    shown = url.removeprefix(_MAIL)
    if not label or label in shown:
        return shown if url.startswith(_MAIL) or not label else url
    return f"{label} ({shown})"
