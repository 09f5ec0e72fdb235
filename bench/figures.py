"""Medians, means and percentiles of what was measured."""

from collections.abc import Sequence
from statistics import fmean as mean
from statistics import median

__all__ = ["mean", "median", "percentile"]


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of `values`; raises ValueError where there are none."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]
