"""Text in rows of a terminal's columns: East Asian letters and emoji take two."""

from prompt_toolkit.utils import get_cwidth

Fragment = tuple[str, str]
"""A style and a text."""
Row = list[Fragment]


def wrap(text: str, first: int, width: int) -> list[str]:
    """`text` in rows of at most `width` columns, the first of at most `first`; broken at spaces
    where that is possible. Line ends begin rows."""
    rows: list[str] = []
    for line in text.split("\n"):
        rows += _wrap_line(line, width if rows else first, width)
    return rows


def _wrap_line(line: str, first: int, width: int) -> list[str]:
    rows, room = [], max(2, first)
    while get_cwidth(line) > room:
        end = max(1, _fitting(line, room))
        space = line.rfind(" ", 0, end + 1)
        if space > 0:
            rows.append(line[:space])
            line = line[space + 1 :]
        else:
            rows.append(line[:end])
            line = line[end:]
        room = max(2, width)
    return [*rows, line]


def _fitting(line: str, room: int) -> int:
    """How many characters fit; what has no width stays with what is before."""
    used = 0
    for at, char in enumerate(line):
        used += get_cwidth(char)
        if used > room:
            return at
    return len(line)


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns, with “…” where some is left out."""
    if get_cwidth(text) <= width:
        return text
    return text[: _fitting(text, width - 1)] + "…" if width > 0 else ""


def pad(text: str, width: int) -> str:
    """`text` in exactly `width` columns."""
    shown = cut(text, width)
    return shown + " " * (width - get_cwidth(shown))
