"""Reads the project's papers: fenced examples, tables, links."""

import re
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?P<language>\w+)?(?: (?P<role>\w+))?\n(?P<text>.*?)^```$", re.M | re.S)


class Fence(NamedTuple):
    """A fenced block: ```` ```json server ```` has the language json and the role server."""

    language: str
    role: str
    text: str


def page(path: str) -> str:
    return (PROJECT / path).read_text()


def fences(path: str) -> list[Fence]:
    return [
        Fence(found["language"] or "", found["role"] or "", found["text"])
        for found in FENCE.finditer(page(path))
    ]


def without_fences(path: str) -> str:
    return FENCE.sub("", page(path))


def examples(path: str, role: str) -> list[str]:
    """The lines of JSON under a role, one example each."""
    return [
        line
        for fence in fences(path)
        if (fence.language, fence.role) == ("json", role)
        for line in fence.text.splitlines()
    ]


def section(path: str, heading: str) -> str:
    """What stands under a heading, down to the next of its rank or above."""
    rank = len(heading) - len(heading.lstrip("#"))
    _, found, rest = page(path).partition(f"\n{heading}\n")
    assert found, f"{path} has no heading {heading!r}"
    return re.split(rf"\n#{{1,{rank}}} ", rest)[0]


def table_keys(text: str) -> list[str]:
    """The words in backticks that stand alone in the first column of tables."""
    return re.findall(r"^\| `([^`|]+)` \|", text, re.M)
