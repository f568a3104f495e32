"""Classes of income and capital, and the colours of incomes: the same in both worlds and all years."""

from __future__ import annotations

from functools import cache

import numpy as np

from agents.table import Array

INCOMES = 16  # classes of income
ANCHORS = ("#fff0b8", "#c7e5a8", "#63bcb4", "#2c7fb8", "#25479b", "#1c2a6e")  # poor to rich, lighter to darker
CAPITAL_LIMITS = (0.5e6, 2e6, 8e6, 32e6)  # yuan between classes of width, each four times the one before
WIDTHS = (2.5, 4.5, 8, 14.5, 26)  # of lines, in units of the drawing: about as the root of capital


def income_place(income: Array, limits: tuple[float, float]) -> Array:
    """Where incomes lie between limits, on a scale of cube roots, 0 to 1. income, limits: yuan/year. Same shape."""
    low, high = limits
    place: Array = np.cbrt(np.clip((np.asarray(income, dtype=float) - low) / (high - low), 0.0, 1.0))
    return place


def income_classes(income: Array, limits: tuple[float, float]) -> Array:
    """The class of each income, 0 to ``INCOMES`` - 1. income, limits: yuan/year. Same shape."""
    classes: Array = np.minimum((income_place(income, limits) * INCOMES).astype(int), INCOMES - 1)
    return classes


def width_classes(capital: Array) -> Array:
    """The class of width of each stake, 0 to 4. capital: yuan. Same shape."""
    classes: Array = np.searchsorted(CAPITAL_LIMITS, capital, side="right")
    return classes


@cache
def ramp() -> tuple[str, ...]:
    """The colour of each class of income."""
    anchors = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in ANCHORS], dtype=float)
    places = np.linspace(0.0, len(anchors) - 1.0, INCOMES)
    mixed = np.stack([np.interp(places, np.arange(len(anchors)), part) for part in anchors.T], axis=1)
    return tuple("#{:02x}{:02x}{:02x}".format(*(round(part) for part in one)) for one in mixed.tolist())
