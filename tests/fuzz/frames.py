"""Strategies for frames that are wrong in every way we could think of, and in others."""

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

ODD_TEXT = st.one_of(
    st.sampled_from(["", "\0", "\ud7ff", "🙂" * 70, "x" * 70, "dm:", "dm:a:b", "#room", "null"]),
    st.text(max_size=40),
)
ODD_NUMBERS = st.one_of(
    st.sampled_from([0, -1, 1, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400]),
    st.sampled_from([0.5, -0.0, 1e308]),
    st.integers(),
)
SCALARS = st.one_of(st.none(), st.booleans(), ODD_NUMBERS, ODD_TEXT)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(ODD_TEXT, inner, max_size=4)
    ),
    max_leaves=8,
)


def mutated(frames: list[dict[str, Any]]) -> st.SearchStrategy[str]:
    """One of `frames` with fields changed, dropped, doubled or added."""
    return st.one_of([_mutated(frame) for frame in frames])


def _mutated(frame: dict[str, Any]) -> st.SearchStrategy[str]:
    names = sorted(frame)
    change = st.dictionaries(st.sampled_from(names), VALUES, min_size=1, max_size=3)
    drop = st.sets(st.sampled_from(names), max_size=2)
    add = st.dictionaries(ODD_TEXT, VALUES, max_size=2)

    def build(change: dict, drop: set, add: dict) -> str:
        fields = {**frame, **change, **add}
        return json.dumps({name: value for name, value in fields.items() if name not in drop})

    return st.builds(build, change, drop, add)


@st.composite
def cut(draw: st.DrawFn, frames: list[dict[str, Any]]) -> str:
    """The text of a frame with a part of it replaced by something else."""
    text = json.dumps(draw(st.sampled_from(frames)))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    return text[:start] + draw(st.text(max_size=10)) + text[end:]


JUNK: st.SearchStrategy[str | bytes] = st.one_of(
    st.text(max_size=200),
    st.binary(max_size=200),
    VALUES.map(json.dumps),
    st.sampled_from(["[" * 5_000, '{"a":' * 3_000, "\ufeff{}", "{}" * 50, '{"type":"ping"} x']),
    st.integers(1, 3).map(lambda times: "x" * (times * 70_000)),
)


LONGEST_PIECE = 40


def crossed(frames: list[str | bytes], draw: Random) -> list[str | bytes]:
    """Each with a piece of it replaced by one of another: far cheaper than to draw new ones."""
    return [_crossed(frame, draw.choice(frames), draw) for frame in frames]


def _crossed(frame: str | bytes, other: str | bytes, draw: Random) -> str | bytes:
    start, end = _piece(frame, draw)
    begin, stop = _piece(other, draw)
    if isinstance(frame, str) and isinstance(other, str):
        return frame[:start] + other[begin:stop] + frame[end:]
    one, two = _bytes(frame), _bytes(other)
    return one[:start] + two[begin:stop] + one[end:]


def _piece(frame: str | bytes, draw: Random) -> tuple[int, int]:
    start = draw.randint(0, len(frame))
    return start, min(len(frame), start + draw.randint(0, LONGEST_PIECE))


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode("utf-8", "surrogatepass")
