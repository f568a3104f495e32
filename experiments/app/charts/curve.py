"""What charts draw: named series of numbers, brought into the unit in which they are shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.units import Scale, decimals_for, number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from agents.table import Array

PERCENT = Scale(0.01, "%")
SHORT = -1.23e-99  # as long as any number that is told by three digits and a power of ten
LARGEST, SMALLEST = 1e99, 1e-99  # what is larger is taken for no number, what is smaller for zero


@dataclass(frozen=True, eq=False)
class Curve:
    """A named series: a line, the bars of a colour, or a part of a whole.

    name: in the reader's language; colour: ``#rrggbb``; values: in their natural unit, shape (points,), NaN for none;
    low, high: the ends of an interval around each value, of the same shape; bars and parts have none.
    """

    name: str
    colour: str
    values: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None


class Drawn(NamedTuple):
    """A curve in the unit that is shown; all arrays of shape (points,), NaN where there is nothing."""

    name: str
    colour: str
    values: Array
    low: Array
    high: Array


def finite(values: ArrayLike, divisor: float = 1.0) -> Array:
    """Values divided, NaN for all that is no number, shape (points,)."""
    with np.errstate(all="ignore"):
        found = np.asarray(values, dtype=float).ravel() / divisor
        found = np.where(np.abs(found) < SMALLEST, 0.0, found)
        return np.where(np.abs(found) < LARGEST, found, np.nan)


def drawn(curves: Iterable[Curve], scale: Scale, size: int) -> list[Drawn]:
    """Curves in the unit of a scale, each filled up with NaN or cut to so many points."""

    def fit(values: ArrayLike | None) -> Array:
        found = finite([] if values is None else values, scale.divisor)[:size]
        return np.append(found, np.full(size - len(found), np.nan))

    return [Drawn(one.name, one.colour, fit(one.values), fit(one.low), fit(one.high)) for one in curves]


def numbers_in(*arrays: Array) -> Array:
    """All numbers of arrays, without NaN."""
    found: Array = np.concatenate([np.zeros(0), *arrays])
    return found[np.isfinite(found)]


class Form(NamedTuple):
    """How a chart tells its numbers: with so many decimals, in a unit; short: by three digits and a power of ten."""

    decimals: int
    unit: str
    short: bool

    def figure(self, value: float) -> str:
        """A value alone, a dash for none."""
        if self.short and math.isfinite(value):
            return f"{value:.3g}"
        return number(value, self.decimals)

    def label(self, value: float) -> str:
        """A value, with its unit only where that is percent."""
        return self.words(value) if self.unit == PERCENT.unit else self.figure(value)

    def words(self, value: float) -> str:
        """A value with its unit; a dash for none."""
        apart = "" if self.unit in ("", PERCENT.unit) else " × " if self.unit[0].isdigit() else " "
        return f"{self.figure(value)}{apart}{self.unit}" if math.isfinite(value) else self.figure(value)

    def longest(self, numbers: Array) -> list[str]:
        """Labels of which one is as long as any label of the numbers is."""
        ends = [SHORT] if self.short else [float(numbers.min()), float(numbers.max())]
        return [self.label(value) for value in ends]


def form_of(numbers: Array, scale: Scale) -> Form:
    """The form of values: three digits of the largest, no decimals where all are whole. numbers: as they are shown."""
    largest = float(np.abs(numbers).max())
    whole = np.array_equal(numbers, np.round(numbers))
    return Form(0 if whole else decimals_for([largest]), scale.unit, is_short(largest))


def is_short(largest: float) -> bool:
    """Whether numbers up to that size are told by three digits and a power of ten: the huge and the tiny ones."""
    return largest >= 1e10 or 0.0 < largest < 1e-3


def summary(title: str, when: str, values: Sequence[tuple[str, str]]) -> str:
    """What is read out in place of a chart: its title and one sentence of names and values."""
    sentence = ", ".join(f"{name} {value}" for name, value in values)
    return f"{title}. {when}: {sentence}." if when else f"{title}. {sentence}."
