"""Text of others for a terminal: nothing in it may move the cursor, change what is shown
elsewhere, or be taken for a command to the terminal.

Control characters are shown as the signs that stand for them (U+2400 …). What has no width is left
out where it would reorder or hide text (UAX #9, “Trojan Source”), or make terminals disagree about
the width of a line.
"""

import unicodedata

MARKS = 4
"""Combining marks above and below one letter; more would grow into the lines around it."""
JOINERS = "\u200c\u200d"
"""Between letters they are spelling (Persian, Hindi); elsewhere terminals differ in their width."""
TAB = "    "


def clean(text: str) -> str:
    """`text`, harmless; line ends stay."""
    return _limit_marks("".join(_shown(text, at) for at in range(len(text))))


def clean_line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def _shown(text: str, at: int) -> str:
    char = text[at]
    if " " <= char <= "~" or char == "\n":
        return char
    if char == "\t":
        return TAB
    return _special(text, at, unicodedata.category(char))


def _special(text: str, at: int, category: str) -> str:
    char = text[at]
    if category in ("Zl", "Zp"):
        return "\n"
    if category == "Cc":
        return _picture(ord(char))
    if category == "Zs":
        return " "
    if char in JOINERS:
        return char if at and unicodedata.category(text[at - 1])[0] in "LM" else ""
    if category == "Cf" or char in "\ufe0e\ufe0f":
        return ""
    return "\ufffd" if category in ("Cs", "Co", "Cn") else char


def _picture(code: int) -> str:
    """The sign for a control character; \\r\\n is one line end."""
    if code == 0x0D:
        return ""
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def _limit_marks(text: str) -> str:
    if text.isascii():
        return text
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= MARKS:
            kept.append(char)
    return "".join(kept)
