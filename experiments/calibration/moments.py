"""Moments: what was published, how closely a simulation must meet it, and how far away it is.

Distances are counted in tolerances, so that yuan, shares and counts can be added::

    rent = Moment("rent", 200.0, tolerance=20.0)
    distances({"rent": 230.0}, [rent])      # {"rent": 1.5}
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from experiments.sampling import Point, Range

CAP = 10.0  # tolerances
DIGITS = 4  # significant digits of a number in a point

Simulated = dict[str, float]
Evaluate = Callable[[Sequence[Point]], list[Simulated]]
"""The simulated moments of several points, in their order; nan: the event did not happen. The same every time."""


class CalibrationError(ValueError):
    """A calibration that cannot be done: a moment, a point, a design or a folder that does not fit."""


@dataclass(frozen=True)
class Moment:
    """A published figure that simulations are held to.

    value and tolerance: in the moment's own unit, the tolerance above 0; low, high: where given, anything between them
    fits, and a side that is not given is open. Raises CalibrationError for numbers that contradict each other.
    """

    name: str
    value: float
    tolerance: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that nothing, or nothing but the impossible, could fit."""
        if not (math.isfinite(self.value) and math.isfinite(self.tolerance) and self.tolerance > 0.0):
            raise CalibrationError(
                f"{self.name} is {self.value:g} with tolerance {self.tolerance:g}: "
                "give finite numbers, the tolerance above 0."
            )
        low, high = self.fitting
        if not low <= self.value <= high:
            raise CalibrationError(
                f"{self.name} is {self.value:g}, not from {low:g} to {high:g}: give bounds round it."
            )

    @property
    def fitting(self) -> tuple[float, float]:
        """The values that fit exactly: from the low bound to the high one, or the published value alone."""
        if self.low is None and self.high is None:
            return self.value, self.value
        return (-math.inf if self.low is None else self.low, math.inf if self.high is None else self.high)


def distances(simulated: Mapping[str, float], moments: Sequence[Moment]) -> dict[str, float]:
    """How far each simulated moment is from what fits, in tolerances: above 0 too high, below 0 too low, nan for nan.

    Raises CalibrationError for a moment that was not simulated.
    """
    return {one.name: _distance(simulated, one) for one in moments}


def _distance(simulated: Mapping[str, float], moment: Moment) -> float:
    """One distance, in tolerances. Raises CalibrationError."""
    if moment.name not in simulated:
        raise CalibrationError(f"{moment.name} was not simulated. There is {', '.join(simulated) or 'nothing'}.")
    value, (low, high) = float(simulated[moment.name]), moment.fitting
    if math.isnan(value):
        return math.nan
    return (value - min(max(value, low), high)) / moment.tolerance if math.isfinite(value) else value


def loss(simulated: Mapping[str, float], moments: Sequence[Moment]) -> float:
    """The mean of the squared distances, each capped, in squared tolerances.

    The cap keeps one wild moment from drowning the others: beyond it a search could gain only by that one. What did
    not happen at all (nan) is as bad as the cap. Raises CalibrationError for no moment and one not simulated.
    """
    if not moments:
        raise CalibrationError("no moment to fit. Give at least one.")
    capped = [CAP if math.isnan(one) else min(abs(one), CAP) for one in distances(simulated, moments).values()]
    return math.fsum(one * one for one in capped) / len(capped)


def rounded(point: Mapping[str, float], ranges: Mapping[str, Range]) -> Point:
    """The point with four significant digits, as it can be written down; whole numbers and ends of ranges in full.

    Raises CalibrationError for a point with other keys than the ranges, or outside of them.
    """
    if point.keys() != ranges.keys():
        odd = sorted(point.keys() ^ ranges.keys())
        raise CalibrationError(
            f"the point and the ranges differ in {', '.join(odd)}. Give each key a number and a range."
        )
    return {key: _rounded(key, float(point[key]), one) for key, one in ranges.items()}


def _rounded(key: str, value: float, one: Range) -> float:
    """One number of a point. Raises CalibrationError."""
    if not one.low <= value <= one.high:
        raise CalibrationError(f"{key} is {value:g}, outside its range {one.low:g} to {one.high:g}. Widen the range.")
    if one.whole:
        return float(round(value))
    return min(max(float(f"{value:.{DIGITS}g}"), one.low), one.high)


def check_names(ranges: Mapping[str, Range], moments: Sequence[Moment]) -> None:
    """Refuse a table with two columns of one name: raises CalibrationError for a name that is used twice."""
    names = ["round", "loss", *ranges, *(one.name for one in moments)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CalibrationError(f"{twice[0]} names two things. Give parameters and moments a name each.")
    if not ranges or not moments:
        raise CalibrationError("nothing to calibrate. Give at least one range and one moment.")
