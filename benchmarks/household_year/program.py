"""What every program of the comparison has in common: how it is named, and the measures of incomes in plain numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from benchmarks.household_year.spec import Floats


class Program(NamedTuple):
    """One way to run the household year; a module lists its programs by name in ``PROGRAMS``."""

    make: Callable[..., Any]  # make(start: Opening, *, rules: Rules, luck: bool, seed: int), then .step() -> Totals
    title: str  # of its row in the table
    activation: str  # in which order households act
    packages: tuple[str, ...]  # distributions whose versions are told


def gini_of_sorted(ordered: Floats) -> float:
    """Gini coefficient of values above zero in rising order, shape (n,)."""
    count = len(ordered)
    ranks = np.arange(1.0 - count, count, 2.0)
    return float(np.einsum("i,i->", ranks, ordered) / (count * ordered.sum()))


def gini(values: Floats) -> float:
    """Gini coefficient of values above zero, shape (n,)."""
    return gini_of_sorted(np.sort(values))


def measures(income: Floats, *, line: float) -> dict[str, float]:
    """Measures of household incomes, by one sort. income: yuan, shape (households,); line: yuan."""
    ordered, middle = np.sort(income), len(income) // 2
    return {
        "mean_income": float(ordered.mean()),
        "median_income": float(ordered[middle] + ordered[middle - 1 + len(ordered) % 2]) / 2.0,
        "gini": gini_of_sorted(ordered),
        "poor": float(np.searchsorted(ordered, line)) / len(ordered),
    }
