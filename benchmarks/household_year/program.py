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


def gini(values: Floats) -> float:
    """Gini coefficient of values above zero, shape (n,)."""
    ordered = np.sort(values)
    count = len(ordered)
    ranks = np.arange(1, count + 1)
    return float(np.sum((2 * ranks - count - 1) * ordered) / (count * ordered.sum()))


def measures(income: Floats, *, line: float) -> dict[str, float]:
    """Measures of household incomes, as a user of numpy writes them. income: yuan, shape (households,); line: yuan."""
    return {
        "mean_income": float(income.mean()),
        "median_income": float(np.median(income)),
        "gini": gini(income),
        "poor": float(np.mean(income < line)),
    }
