"""Intervals and tests beyond Student's t: bootstrap, many arms at once, many outcomes at once.

The unit of analysis is the seed, paired across arms: arrays hold paired differences, their first axis is seeds. Missing
values drop their seed in their own column, as in ``effects.paired``. All columns of a call take the same resamples of
seeds, and a generator is left as it was found: an interval depends, but for rounding, neither on the columns beside it
nor on the order of calls.
"""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from experiments.effects import LEVEL, RESAMPLES

Floats = NDArray[np.float64]
CHUNK = 2**21  # numbers held at a time in one working array
NO_SPREAD = 1e-13  # a resample's variance below this part of the largest squared deviation is rounding


class IntervalError(ValueError):
    """A shape, level, number of resamples or p-value that cannot be."""


def fewest_seeds(level: float = LEVEL) -> int:
    """The fewest seeds with which a bootstrap interval of resampled means can cover as often as it says.

    Such an interval lies within the range of the n differences, and that range holds the centre of a symmetric
    distribution with probability 1 - 2^(1 - n): six seeds for 95%, eight for 99%.
    """
    _check(level)
    return math.ceil(1.0 - math.log2(1.0 - level) - 1e-9)


def bca(
    differences: ArrayLike, generator: np.random.Generator, *, level: float = LEVEL, resamples: int = RESAMPLES
) -> tuple[Floats, Floats]:
    """Bias-corrected and accelerated bootstrap intervals (Efron 1987) of mean differences: low and high.

    differences: shape (seeds, ...); low and high have the shape of one seed. Where all differences are equal both are
    that value. Missing for one seed, for fewer seeds than ``fewest_seeds`` and where resampling degenerates.
    With few seeds they are too narrow: 95% intervals of normal differences cover 0.86 with 6 seeds, 0.90 with 10, 0.92
    with 20 (Student's t: 0.95), of exponential ones 0.83, 0.88, 0.91 (t: 0.89, 0.90, 0.91), as measured. They show
    which way an interval leans; Student's t stays the first choice for a mean. Raises IntervalError.
    """
    _check(level, resamples)
    values, shape = _columns(differences)
    low, high = np.full((2, values.shape[1]), np.nan)
    for columns, known in _by_valid_seeds(values):
        if len(known) < 2:
            continue
        same = known.min(axis=0) == known.max(axis=0)
        low[columns[same]] = high[columns[same]] = known[0, same]
        if len(known) >= fewest_seeds(level):
            width = max(1, CHUNK // (resamples * len(known)))
            different = np.flatnonzero(~same)
            for chunk in (different[start : start + width] for start in range(0, len(different), width)):
                ends = _bca_of(known[:, chunk], copy.deepcopy(generator), level, resamples)
                low[columns[chunk]], high[columns[chunk]] = ends
    return low.reshape(shape), high.reshape(shape)


def _bca_of(known: Floats, generator: np.random.Generator, level: float, resamples: int) -> tuple[Floats, Floats]:
    """The intervals of columns without missing values; missing where they have no width."""
    from scipy import stats  # slow to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a degenerate column gives a missing bound: shown as such
        found = stats.bootstrap(
            (known,), np.mean, n_resamples=resamples, confidence_level=level, method="BCa", rng=generator
        ).confidence_interval
    wide = found.low < found.high
    return np.where(wide, found.low, np.nan), np.where(wide, found.high, np.nan)


def simultaneous(
    differences: ArrayLike, generator: np.random.Generator, *, level: float = LEVEL, resamples: int = RESAMPLES
) -> tuple[Floats, Floats, Floats]:
    """Intervals that hold for all arms at once in a column: low, high, and the column's critical value.

    differences: shape (seeds, arms, columns); low and high: (arms, columns); critical: (columns,), to be multiplied by
    an arm's standard error. Studentised max-t bootstrap: seeds are resampled for all arms together, so that arms keep
    their correlation; each resample's largest |mean* - mean| / standard error* over the arms is taken, with the
    resample's own standard error (Hall and Wilson 1991), and the critical value is the ``level`` quantile of these
    (single-step form of Romano and Wolf 2005). It is as wide as the correlation asks for, unlike Bonferroni's. Eight
    arms of normal differences are covered together 0.95 to 0.97 with 20 seeds and 0.97 to 0.98 with 10, whatever their
    correlation, as measured; so with few seeds it is on the safe side.

    A resample without spread in an arm counts as an infinite error of it, so few seeds widen and never sharpen. An arm
    where that is more frequent than 1 - ``level`` (at 95%: fewer than four seeds, or the same difference in 8 of 10 or
    18 of 20) has missing bounds and no part in the maximum. An arm whose differences are all equal has exact bounds
    and no part either. Where no arm is left, or the joint errors are too often infinite, the critical value is
    missing. Raises IntervalError.
    """
    _check(level, resamples)
    values = np.asarray(differences, dtype=float)
    if values.ndim != 3:
        raise IntervalError(f"differences have the shape {values.shape}: give three axes, seeds, arms, columns.")
    seeds, arms, columns = values.shape
    low, high, critical = np.full((arms, columns), np.nan), np.full((arms, columns), np.nan), np.full(columns, np.nan)
    if seeds < 2 or arms == 0:
        return low, high, critical
    counts = _counts(copy.deepcopy(generator), seeds, resamples)
    width = max(1, CHUNK // (resamples * arms))
    for start in range(0, columns, width):
        chunk = slice(start, start + width)
        low[:, chunk], high[:, chunk], critical[chunk] = _joint_bounds(values[:, :, chunk], counts, level)
    return low, high, critical


def _counts(generator: np.random.Generator, seeds: int, resamples: int) -> Floats:
    """How often each resample holds each seed, shape (resamples, seeds)."""
    drawn = generator.integers(0, seeds, size=(resamples, seeds)) + seeds * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=resamples * seeds).reshape(resamples, seeds).astype(float)


def _joint_bounds(values: Floats, counts: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """Bounds (arms, columns) and critical values (columns,) of differences without further chunking."""
    mean, error, valid_seeds = _summary(values)
    resampled = _studentised(values - mean, counts)
    rank = math.ceil((len(counts) + 1) * level - 1e-9) - 1
    known = (error > 0.0) & (np.isinf(resampled).sum(axis=0) <= len(counts) - 1 - rank)
    largest = np.where(known, resampled, -np.inf).max(axis=1)
    critical = np.partition(largest, rank, axis=0)[rank]
    critical[np.isinf(critical)] = np.nan
    half = np.where(known, critical * error, np.where((valid_seeds > 1) & (error == 0.0), 0.0, np.nan))
    return mean - half, mean + half, critical


def _studentised(centred: Floats, counts: Floats) -> Floats:
    """|mean| / standard error of each resample, (resamples, arms, columns); infinite where it has no spread."""
    valid = np.isfinite(centred).reshape(len(centred), -1)
    flat = np.where(valid, centred.reshape(valid.shape), 0.0)
    squares = flat**2
    size = counts @ valid
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = counts @ flat / size
        variance = (counts @ squares / size - mean**2) * size / (size - 1.0)
        found = np.abs(mean) / np.sqrt(variance / size)
    spread = (size > 1.0) & (variance > NO_SPREAD * squares.max(axis=0))
    return np.where(spread, found, np.inf).reshape(len(counts), *centred.shape[1:])


def _summary(values: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Mean, its standard error and the number of valid seeds over axis 0; an error of exactly zero without spread."""
    valid = np.isfinite(values)
    seeds = valid.sum(axis=0)
    lowest = np.where(valid, values, np.inf).min(axis=0)
    same = (seeds > 0) & (lowest == np.where(valid, values, -np.inf).max(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(same, lowest, np.where(valid, values, 0.0).sum(axis=0) / seeds)
        squares = np.where(valid, (values - mean) ** 2, 0.0).sum(axis=0)
        error = np.sqrt(squares / (seeds - 1.0) / seeds)
    return mean, np.where(seeds > 1, error, np.nan), seeds


def p_values(differences: ArrayLike) -> Floats:
    """Two-sided p-values of the paired t test that the mean difference is zero, of the shape of one seed.

    differences: shape (seeds, ...). Where all differences are equal: 1 if they are zero, else 0. Missing for one seed.
    Raises IntervalError.
    """
    from scipy import stats  # slow to load

    values, shape = _columns(differences)
    found = np.full(values.shape[1], np.nan)
    for columns, known in _by_valid_seeds(values):
        if len(known) < 2:
            continue
        same = known.min(axis=0) == known.max(axis=0)
        found[columns[same]] = np.where(known[0, same] == 0.0, 1.0, 0.0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # scipy warns of differences that are nearly all equal
            found[columns[~same]] = stats.ttest_1samp(known[:, ~same], 0.0, axis=0).pvalue
    return found.reshape(shape)


def holm(p: ArrayLike) -> Floats:
    """P-values adjusted for being one of a family, by Holm (1979): the chance of any false finding stays below them.

    p: the family, shape (tests,). Missing ones stay missing and don't count as tests. Raises IntervalError.
    """
    from statsmodels.stats.multitest import multipletests

    values = np.array(p, dtype=float)
    if values.ndim != 1:
        raise IntervalError(f"p has the shape {values.shape}: give one family of p-values, a single axis.")
    known = ~np.isnan(values)
    wrong = values[known & ~((values >= 0.0) & (values <= 1.0))]
    if len(wrong):
        raise IntervalError(f"a p-value is {wrong[0]:g}: give values from 0 to 1.")
    if known.any():
        values[known] = multipletests(values[known], method="holm")[1]
    return values


def _columns(differences: ArrayLike) -> tuple[Floats, tuple[int, ...]]:
    """Differences as (seeds, columns), and the shape of one seed. Raises IntervalError when there is no axis."""
    values = np.asarray(differences, dtype=float)
    if values.ndim == 0:
        raise IntervalError("differences is a single number: give an array, its first axis seeds.")
    shape = values.shape[1:]
    return values.reshape(len(values), math.prod(shape)), shape


def _by_valid_seeds(values: Floats) -> Iterator[tuple[NDArray[np.int64], Floats]]:
    """Columns that are valid in the same seeds together: their numbers and their differences in these seeds."""
    if values.size == 0:
        return
    patterns, which = np.unique(np.isfinite(values), axis=1, return_inverse=True)
    for number, pattern in enumerate(patterns.T):
        columns = np.flatnonzero(which.ravel() == number)
        yield columns, values[np.ix_(pattern, columns)]


def _check(level: float, resamples: int | None = None) -> None:
    """Refuse a level that is no probability, and too few resamples for its tails. Raises IntervalError."""
    if not 0.0 < level < 1.0:
        raise IntervalError(f"level is {level:g}: give a number between 0 and 1, such as {LEVEL:g}.")
    fewest = math.ceil(2.0 / (1.0 - level) - 1.0 - 1e-9)
    if resamples is not None and resamples < fewest:
        raise IntervalError(f"resamples is {resamples}: give at least {fewest} at the level {level:g}.")
