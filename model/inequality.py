"""Measures of a distribution."""

from __future__ import annotations

import numpy as np

from agents.groups import BLOCK
from agents.table import Array


def gini(values: Array) -> float:
    """Gini coefficient of values of at least zero, shape (n,); 0 where all are zero.

    Formula: sum over the sorted values of (2 i - n - 1) x_i, over n times their sum.
    """
    return gini_of_sorted(np.sort(values))


def gini_of_sorted(ordered: Array) -> float:
    """The same of values in rising order."""
    total, count = float(ordered.sum()), len(ordered)
    if total <= 0.0:
        return 0.0
    ranks, weighed = 2.0 * np.arange(1, min(count, BLOCK) + 1) - count - 1.0, 0.0
    for first in range(0, count, BLOCK):
        part = ordered[first : first + BLOCK]
        weighed += float(np.einsum("i,i->", ranks[: len(part)], part))
        ranks += 2.0 * BLOCK
    return weighed / (count * total)


def shortfall(values: Array, *, share: float) -> float:
    """Mean of the lowest share of values (expected shortfall), of one value at least. Unit of values."""
    count = max(1, int(np.ceil(share * len(values))))
    return float(np.sort(values)[:count].mean())


def theil(values: Array, group: Array) -> tuple[float, float]:
    """Theil's T of values of at least zero, split into its parts within and between groups.

    values: shape (n,); group: whole numbers, shape (n,). Formula: the mean of x/m * ln(x/m), m the mean. Both parts
    are at least zero and sum to the index.
    """
    mean = float(values.mean())
    if mean <= 0.0:
        return 0.0, 0.0
    _, member = np.unique(group, return_inverse=True)
    group_mean = np.bincount(member, weights=values) / np.bincount(member)
    total, between = (_theil_terms(part / mean).mean() for part in (values, group_mean[member]))
    return max(float(total - between), 0.0), float(between)


def _theil_terms(ratio: Array) -> Array:
    """The terms x ln x, 0 at 0."""
    terms: Array = ratio * np.log(np.where(ratio > 0.0, ratio, 1.0))
    return terms


def palma(values: Array) -> float:
    """Income of the richest tenth over that of the poorest four tenths. values: shape (n,); nan for less than ten."""
    return palma_of_sorted(np.sort(values))


def palma_of_sorted(ordered: Array) -> float:
    """The same of values in rising order."""
    count = len(ordered)
    if count < 10:
        return float("nan")
    low, high = int(0.4 * count), int(np.ceil(0.9 * count))
    poorest = float(ordered[:low].sum())
    return float(ordered[high:].sum()) / poorest if poorest > 0.0 else 0.0
