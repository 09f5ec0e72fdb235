"""The result: one row a figure, printed as a table or as JSON."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Bound = Literal["least", "most"]


@dataclass(frozen=True)
class Target:
    """What the figure should reach; with `of_limit`, what its ratio to the figure beside should."""

    value: float
    bound: Bound
    of_limit: bool = False

    def met(self, row: "Row") -> bool | None:
        figure = row.ratio if self.of_limit else row.product
        if figure is None:
            return None
        return figure >= self.value if self.bound == "least" else figure <= self.value

    def __str__(self) -> str:
        sign = "≥" if self.bound == "least" else "≤"
        return f"{sign} {self.value:,g}" + (" of beside" if self.of_limit else "")


@dataclass(frozen=True)
class Row:
    case: str
    what: str
    unit: str
    product: float | None
    beside: float | None = None
    target: Target | None = None
    note: str = ""
    to: str = "limit"
    """What the figure `beside` is of."""

    @property
    def ratio(self) -> float | None:
        """The product's share of the figure beside, as they stand (not turned round)."""
        return self.product / self.beside if self.product is not None and self.beside else None

    def as_json(self) -> dict[str, Any]:
        values = asdict(self) | {"ratio": self.ratio}
        values["target"] = str(self.target) if self.target else None
        values["met"] = self.target.met(self) if self.target else None
        return values


HEADINGS = ("figure", "unit", "product", "beside", "ratio", "to", "target", "", "note")


def render(rows: list[Row]) -> str:
    """The rows as a table in Markdown, its columns aligned for a terminal."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    rule = tuple("-" * max(3, width) for width in widths)
    return "\n".join(_line(line, widths) for line in (lines[0], rule, *lines[1:]))


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    numeric = (2, 3, 4)
    padded = [
        cell.rjust(width) if column in numeric else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"


def _cells(row: Row) -> tuple[str, ...]:
    met = row.target.met(row) if row.target else None
    return (
        row.what,
        row.unit,
        _number(row.product),
        _number(row.beside),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.beside is None else row.to,
        str(row.target or ""),
        "" if met is None else ("met" if met else "missed"),
        row.note,
    )


def _number(value: float | None) -> str:
    """Three significant figures, however large: 12,345 and 1.23 and 0.0123."""
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
