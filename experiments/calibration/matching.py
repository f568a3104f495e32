"""History matching: which part of the space of parameters the published figures rule out, and which they cannot.

A point is ruled out where an emulated moment lies too many standard deviations from the published one, the emulator's
own doubts, the tolerance and luck all counted (Craig et al. 1997; Vernon, Goldstein and Bower 2010; Andrianakis et al.
2015). What is left is simulated anew, wave by wave::

    first = wave(design, moments, ranges, generator)
    second = wave(simulated(first.points), moments, ranges, generator, before=[first])
    identified(second.kept, design, moments, ranges).parameters
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.calibration.emulator import Emulator, emulated, least_rows, one_thread, scaled
from experiments.calibration.moments import CalibrationError, Moment, check_names, rounded
from experiments.sampling import Floats, Point, Range, latin_hypercube

if TYPE_CHECKING:
    import pandas as pd

CUTOFF = 3.0  # standard deviations: at least 95% of any unimodal distribution lie within (Pukelsheim 1994)
CANDIDATES = 5000
ENOUGH = 1000  # points of the space that is left, for quartiles and correlations
SEEDS = 50  # points from which more of a small part of the space are found
LEVELS = 8  # of about a twentieth each: a part smaller than 1e-10 of the space is taken for none
STEPS = 30  # of a walk
MOVED = (0.15, 0.4, 1.0)  # share of the coordinates that a step moves


@dataclass(frozen=True)
class Judge:
    """How implausible points are: emulators and their moments, the cutoff, and the rank of the moment that decides."""

    emulators: tuple[Emulator, ...]
    moments: tuple[Moment, ...]
    cutoff: float
    rank: int

    def each(self, inputs: Floats) -> Floats:
        """Distance from what fits over its standard deviation, of scaled inputs; shape (points, moments)."""
        columns = []
        for emulator, one in zip(self.emulators, self.moments, strict=True):
            mean, variance = emulator.predict(inputs)
            distance = np.abs(mean - np.clip(mean, *one.fitting))
            columns.append(distance / np.sqrt(variance + one.tolerance**2 + emulator.luck))
        return np.column_stack(columns)

    def implausibility(self, inputs: Floats) -> Floats:
        """The implausibility that decides, in standard deviations, of scaled inputs; shape (points,)."""
        return np.asarray(np.sort(self.each(inputs), axis=1)[:, -self.rank])


@dataclass(frozen=True)
class Wave:
    """What a wave, and those before it, left of the space.

    diagnostics: one row a moment: share of runs in which it happened, runs, the emulator's form, r2 and share within
    two standard deviations of left-out runs, inflation, luck (standard deviation, the moment's unit), and the share of
    the space that this moment alone leaves; share: of the space that is left; survivors: independent candidates in it;
    least: the smallest implausibility met, in cutoffs; kept: points spread evenly over what is left; points: some of
    them, far from each other, rounded, to simulate next; judge: what this wave rules out.
    """

    diagnostics: pd.DataFrame
    share: float
    survivors: int
    least: float
    kept: pd.DataFrame
    points: list[Point]
    judge: Judge


def wave(
    design: pd.DataFrame,
    moments: Sequence[Moment],
    ranges: Mapping[str, Range],
    generator: np.random.Generator,
    *,
    candidates: int = CANDIDATES,
    new: int = 100,
    cutoff: float = CUTOFF,
    rank: int = 1,
    before: Sequence[Wave] = (),
) -> Wave:
    """Emulate the moments of a design and keep the part of the space that they do not rule out.

    design: a row a run, each with luck of its own, columns the keys of the ranges and the names of the moments; nan
    where the event did not happen: such runs say nothing of that moment. rank: 1 judges a point by its most implausible
    moment, 2 by the second, which forgives one bad emulator. Raises CalibrationError, SklearnMissingError.
    """
    import pandas as pd

    check_names(ranges, moments)
    _check_columns(design, [*ranges, *(one.name for one in moments)])
    emulators, judged = emulators_of(design, scaled(design, ranges), moments, generator)
    if not 1 <= rank <= len(emulators):
        raise CalibrationError(f"rank is {rank}: {len(emulators)} of the moments have enough runs for an emulator.")
    judge = Judge(emulators, judged, cutoff, rank)
    tried = scaled(pd.DataFrame(latin_hypercube(ranges, candidates, generator)), ranges)
    with one_thread():
        score = _score([*(one.judge for one in before), judge])
        inside, share, survivors, least = _left(score, tried, ranges, generator)
        table = _diagnostics(design, moments, judge, tried)
    kept = points_of(inside, ranges)
    points = [rounded(kept[row], ranges) for row in _spread(inside, new)]
    return Wave(table, share, survivors, least, pd.DataFrame(kept, columns=list(ranges)), points, judge)


def _check_columns(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a table without a column. Raises CalibrationError."""
    missing = [name for name in columns if name not in table]
    if missing:
        raise CalibrationError(f"the design has no column {missing[0]!r}. It has {', '.join(map(str, table))}.")


def emulators_of(
    design: pd.DataFrame, inputs: Floats, moments: Sequence[Moment], generator: np.random.Generator
) -> tuple[tuple[Emulator, ...], tuple[Moment, ...]]:
    """An emulator for each moment that happened in enough runs, and these moments. Raises CalibrationError for none."""
    made, judged = [], []
    for one in moments:
        values = design[one.name].to_numpy(dtype=float)
        happened = np.isfinite(values)
        if happened.sum() >= least_rows(inputs.shape[1]):
            made.append(emulated(one.name, inputs[happened], values[happened], generator))
            judged.append(one)
    if not made:
        needed = least_rows(inputs.shape[1])
        raise CalibrationError(f"the design has {len(design)} runs: give at least {needed} in which a moment happened.")
    return tuple(made), tuple(judged)


def _score(judges: Sequence[Judge]) -> Callable[[Floats], Floats]:
    """The worst implausibility over all waves, in cutoffs: below 1 is not ruled out."""
    return lambda inputs: np.max([one.implausibility(inputs) / one.cutoff for one in judges], axis=0)


def _left(
    score: Callable[[Floats], Floats], tried: Floats, ranges: Mapping[str, Range], generator: np.random.Generator
) -> tuple[Floats, float, int, float]:
    """Points of the space with a score below 1, its share, how many candidates lay in it, and the smallest score met.

    Where the share is small, it is reached through larger parts round it, each found from the one before (subset
    simulation, Au and Beck 2001), and the share is the product of theirs.
    """
    points, share, least = tried, 1.0, np.inf
    for _ in range(LEVELS):
        scores = score(points)
        least = min(least, float(scores.min()))
        level = max(1.0, float(np.sort(scores)[: SEEDS + 1][-1]))
        inside = scores < level
        share *= float(inside.mean())
        if not inside.any():
            break
        points = points[inside]
        count = len(points)
        if count < ENOUGH:
            points = _walked(points, tried, score, level, ranges, generator)
        if level == 1.0:
            return points, share, count, least
    return tried[:0], 0.0, 0, least


def _walked(
    seeds: Floats,
    pool: Floats,
    score: Callable[[Floats], Floats],
    level: float,
    ranges: Mapping[str, Range],
    generator: np.random.Generator,
) -> Floats:
    """ENOUGH points spread evenly over the part with a score below a level, by walks from points inside it.

    A step is the difference of two other points, which fits the part's shape, plus a little (ter Braak 2006), or it
    takes some coordinates from a point of the pool, which lies anywhere: quick where parameters do not matter. A step
    that leaves the part or the ranges is not made.
    """
    points = seeds[generator.integers(len(seeds), size=ENOUGH)]
    count, keys = points.shape
    for _ in range(STEPS):
        one, other = points[generator.permutation(count)], points[generator.permutation(count)]
        length = 2.38 / np.sqrt(2.0 * keys) * generator.uniform(0.2, 1.5, (count, 1))
        near = _snapped(points + length * (one - other) + 0.02 * generator.standard_normal(points.shape), ranges)
        far = pool[generator.integers(len(pool), size=count)]
        proposed = np.where(generator.random((count, 1)) < 0.5, near, far)
        proposed = np.where(generator.random(points.shape) < generator.choice(MOVED, (count, 1)), proposed, points)
        allowed = np.flatnonzero(np.all(np.abs(proposed) <= 1.0, axis=1))
        made = allowed[score(proposed[allowed]) < level] if len(allowed) else allowed
        points[made] = proposed[made]
    return points


def _snapped(inputs: Floats, ranges: Mapping[str, Range]) -> Floats:
    """Scaled inputs, those of whole parameters moved to the nearest whole number."""
    snapped = inputs.copy()
    for column, one in enumerate(ranges.values()):
        if one.whole:
            half = (one.high - one.low) / 2.0
            snapped[:, column] = np.round((inputs[:, column] + 1.0) * half) / half - 1.0
    return snapped


def points_of(inputs: Floats, ranges: Mapping[str, Range]) -> list[Point]:
    """Scaled inputs as points of the ranges."""
    ends = [(key, one.low, one.high) for key, one in ranges.items()]
    return [
        {key: min(max(low + (place + 1.0) / 2.0 * (high - low), low), high) for (key, low, high), place in rows}
        for rows in (zip(ends, row, strict=True) for row in inputs.tolist())
    ]


def _spread(inputs: Floats, count: int) -> list[int]:
    """Rows far from each other: first the one in the middle, then always the one farthest from those taken."""
    if not len(inputs):
        return []
    taken = [int(np.argmin(np.sum((inputs - inputs.mean(axis=0)) ** 2, axis=1)))]
    near = np.sum((inputs - inputs[taken[0]]) ** 2, axis=1)
    while len(taken) < count and near.max() > 0.0:
        taken.append(int(np.argmax(near)))
        near = np.minimum(near, np.sum((inputs - inputs[taken[-1]]) ** 2, axis=1))
    return taken[:count]


def _diagnostics(design: pd.DataFrame, moments: Sequence[Moment], judge: Judge, tried: Floats) -> pd.DataFrame:
    """One row a moment; those without an emulator have nothing but the share of runs in which they happened."""
    import pandas as pd

    alone = np.mean(judge.each(tried) < judge.cutoff, axis=0)
    known = {one.moment: one.describe() | {"alone": share} for one, share in zip(judge.emulators, alone, strict=True)}
    happened = {one.name: float(np.isfinite(design[one.name].to_numpy(dtype=float)).mean()) for one in moments}
    return pd.DataFrame([{"moment": name, "happened": share} | known.get(name, {}) for name, share in happened.items()])
