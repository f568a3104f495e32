"""Sequential stopping: add seeds, round by round, until an effect is known as exactly as was wanted.

The rule is that of Chow and Robbins (1965): stop at the first look at which Student's t interval of the mean paired
difference is no wider than wanted. The looks are fixed before anything runs (``rounds``), in numbers of seeds alone, so
that neither workers nor the order in which runs end can change where an experiment stops.

Whoever stops when the interval happens to be narrow gets intervals that are a little too narrow. The rule is
consistent only in the limit of small widths; it errs most where a first round is small, since few seeds may by chance
agree. So a first round has at least ten seeds, and looks are apart. Measured with rounds of 10, 20, 30, ... seeds, for
widths that take some 10 to 100 seeds: 95% intervals at the stop cover 0.936 to 0.951 of normal differences (0.92 with a
look at every number from five on, 0.95 without any early stop), and 0.87 to 0.91 of exponential ones, which are very
skewed (a fixed number of 20 seeds: 0.92). ``tests/experiments/test_sequential.py`` measures it again. A first round of
20 halves the loss.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from experiments.effects import LEVEL, paired, student

FEWEST_FIRST = 10
FIRST, STEP, CAP = 10, 10, 100


class TargetError(ValueError):
    """A target that cannot be, or a look at a number of seeds that was not planned."""


@dataclass(frozen=True)
class Target:
    """How exactly an effect is to be known, and how long to try.

    outcome: name of an indicator or ratio; year: of the effect. half_width: of the interval, in the outcome's unit.
    arm, baseline: which pairs it is about, all when None. first: seeds of the first round, at least ten; step: seeds of
    each further round; cap: the most seeds. Raises TargetError.
    """

    outcome: str
    year: int
    half_width: float
    arm: str | None = None
    baseline: str | None = None
    first: int = FIRST
    step: int = STEP
    cap: int = CAP

    def __post_init__(self) -> None:
        _positive(self.half_width)
        for name, value, lowest in (
            ("first", self.first, FEWEST_FIRST),
            ("step", self.step, 1),
            ("cap", self.cap, self.first),
        ):
            if not isinstance(value, int) or isinstance(value, bool) or value < lowest:
                raise TargetError(f"{name} is {value}: give a whole number of seeds of at least {lowest}.")


class Decision(NamedTuple):
    """What to do after a round, and why.

    state: "continue", "reached" or "cap". seeds: run so far. next_seeds: how many there are to be after the next
    round, ``seeds`` when there is none. half_width: the widest pair's, in the outcome's unit, missing when it can't be
    told. needed: about how many seeds the wanted half-width takes by the spread seen so far, None when it can't be
    told. message: all this in words.
    """

    state: Literal["continue", "reached", "cap"]
    seeds: int
    next_seeds: int
    half_width: float
    needed: int | None
    message: str

    @property
    def go_on(self) -> bool:
        """Whether another round is to be run."""
        return self.state == "continue"


def rounds(target: Target) -> list[int]:
    """The cumulative numbers of seeds at which to look, ascending; the last one is the cap."""
    return [*range(target.first, target.cap, target.step), target.cap]


def pairs_of(target: Target, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs (baseline, arm) among those compared that a target is about. Raises TargetError when there is none."""
    found = [
        (baseline, arm) for baseline, arm in pairs if target.baseline in (None, baseline) and target.arm in (None, arm)
    ]
    if not found:
        wanted = f"{target.arm or 'any arm'} against {target.baseline or 'any baseline'}"
        known = ", ".join(f"{arm} against {baseline}" for baseline, arm in pairs) or "none"
        raise TargetError(f"no comparison of {wanted} for {target.outcome!r}: give one of those compared ({known}).")
    return found


def half_widths(differences: ArrayLike, *, level: float = LEVEL) -> NDArray[np.float64]:
    """Half-widths of Student's t intervals of the mean differences, one a pair, shape (pairs,).

    differences: paired differences, shape (seeds,) or (seeds, pairs). Missing with fewer than two valid seeds.
    """
    values = _by_pair(differences)
    found = paired(np.zeros_like(values), values, level=level)
    return (found.high - found.low) / 2.0


def reached(differences: ArrayLike, half_width: float, *, level: float = LEVEL) -> bool:
    """Whether the intervals of all pairs are no wider than wanted.

    differences: as for ``half_widths``. A pair with fewer than ten valid seeds is never known well enough: few seeds
    may agree by chance. Raises TargetError.
    """
    _positive(half_width)
    values = _by_pair(differences)
    enough = np.isfinite(values).sum(axis=0) >= FEWEST_FIRST
    return bool((enough & (half_widths(values, level=level) <= half_width)).all())


def seeds_needed(differences: ArrayLike, half_width: float, *, level: float = LEVEL) -> int | None:
    """About how many seeds it takes until the intervals of all pairs are as narrow as wanted, by the spread seen.

    differences: as for ``half_widths``. With z the normal quantile and s the standard deviation it is
    (z s / half_width)^2 + (z^2 + 1) / 2, the second part for t in place of z, and more by the share of seeds in which
    the difference is missing; ten at least. None when a pair has fewer than two valid seeds. Raises TargetError.
    """
    _positive(half_width)
    values = _by_pair(differences)
    valid = np.isfinite(values).sum(axis=0)
    if valid.min() < 2:
        return None
    z = float(ndtri(0.5 + level / 2.0))
    now = half_widths(values, level=level)
    with np.errstate(over="ignore"):
        deviation = now * np.sqrt(valid) / student(level, valid - 1)
        pair_needs = (z * deviation / half_width) ** 2 + (z**2 + 1.0) / 2.0
        most = float(np.max(np.maximum(pair_needs, FEWEST_FIRST) * len(values) / valid))
    return math.ceil(most) if math.isfinite(most) else None


def decide(differences: ArrayLike, target: Target, *, level: float = LEVEL) -> Decision:
    """Whether to go on after a round: stop where the target is reached, or at the cap, saying how far off it is.

    differences: of all seeds so far, shape (seeds,), or (seeds, pairs) for a target about several pairs; it is reached
    when it is for all of them. Raises TargetError when there are as many seeds as at no look of ``rounds``.
    """
    values, looks = _by_pair(differences), rounds(target)
    seeds = len(values)
    if seeds not in looks:
        raise TargetError(f"{seeds} seeds are no planned look: give {', '.join(map(str, looks))}.")
    widest = float(half_widths(values, level=level).max())
    needed = seeds_needed(values, target.half_width, level=level)
    told = f"half-width {widest:.4g}" if math.isfinite(widest) else "half-width not defined"
    told = f"{told} after {seeds} seeds, wanted {target.half_width:.4g}"
    if reached(values, target.half_width, level=level):
        same = ", the same in all seeds" if widest == 0.0 else ""
        return Decision("reached", seeds, seeds, widest, needed, f"reached: {told}{same}")
    needed = None if needed is None else max(needed, seeds + 1)  # the normal approximation may be just short
    if seeds < target.cap:
        onward = looks[looks.index(seeds) + 1]
        return Decision("continue", seeds, onward, widest, needed, f"not yet reached: {told}; on to {onward} seeds")
    more = f"about {needed} seeds would be needed" if needed else "how many would be needed can't be told"
    return Decision("cap", seeds, seeds, widest, needed, f"not reached: {told}; {more}")


def _by_pair(differences: ArrayLike) -> NDArray[np.float64]:
    """Differences as (seeds, pairs). Raises TargetError on another shape and when it is empty."""
    values = np.asarray(differences, dtype=float)
    if values.ndim not in (1, 2) or values.size == 0:
        raise TargetError(f"differences have the shape {values.shape}: give (seeds,) or (seeds, pairs), none empty.")
    return values.reshape(len(values), -1)


def _positive(half_width: float) -> None:
    """Refuse a half-width that no number of seeds, or any, would meet. Raises TargetError."""
    if not (math.isfinite(half_width) and half_width > 0.0):
        raise TargetError(f"half_width is {half_width:g}: give a number above 0, in the outcome's unit.")
