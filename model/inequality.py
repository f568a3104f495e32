"""Measures of a distribution."""

from __future__ import annotations

import numpy as np

from agents.table import Array


def gini(values: Array) -> float:
    """Gini coefficient of values of at least zero, shape (n,); 0 where all are zero.

    Formula: sum over the sorted values of (2 i - n - 1) x_i, over n times their sum.
    """
    ordered = np.sort(values)
    total, count = float(ordered.sum()), len(ordered)
    if total <= 0.0:
        return 0.0
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0
    return float(np.einsum("i,i->", weights, ordered) / (count * total))


def shortfall(values: Array, *, share: float) -> float:
    """Mean of the lowest share of values (expected shortfall), of one value at least. Unit of values."""
    count = max(1, int(np.ceil(share * len(values))))
    return float(np.sort(values)[:count].mean())
