"""Effects: mean paired differences between arms, with intervals. The seed is the unit of analysis."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from experiments.frames import by_seed

Floats = NDArray[np.float64]
LEVEL = 0.95
RESAMPLES = 1999
EXACT, ONE_SEED, NOT_DEFINED = "exact", "one seed: no interval", "not defined"
EFFECT_COLUMNS = [
    *("baseline", "arm", "year", "outcome", "title", "unit", "primary", "baseline_mean", "arm_mean"),
    *("effect", "low", "high", "seeds", "times_fewer_runs", "note"),
]


class Described(Protocol):
    """What an effect needs to know of an indicator."""

    @property
    def title(self) -> str:
        """What it is called in tables."""

    @property
    def unit(self) -> str:
        """Its unit."""

    @property
    def primary(self) -> bool:
        """Whether it belongs in the first table."""


class Quotient(Described, Protocol):
    """What an effect needs to know of a ratio: the names of two indicators besides."""

    @property
    def numerator(self) -> str:
        """The indicator whose difference is divided."""

    @property
    def denominator(self) -> str:
        """The indicator by whose difference it is divided."""


class Paired(NamedTuple):
    """Paired comparison over seeds; every field has the shape of one seed's outcomes."""

    baseline_mean: Floats
    arm_mean: Floats
    difference: Floats
    low: Floats
    high: Floats
    seeds: NDArray[np.int64]
    times_fewer_runs: Floats


class RatioEffect(NamedTuple):
    """Ratio of two mean paired differences, its interval and what is to be said about it."""

    ratio: float
    low: float
    high: float
    note: str


def paired(baseline: ArrayLike, arm: ArrayLike, *, level: float = LEVEL) -> Paired:
    """Mean paired difference arm minus baseline over axis 0 (seeds), with Student's t interval.

    Seeds in which either value is missing drop out. With one seed the interval is missing. ``times_fewer_runs`` is
    (variance of arm + variance of baseline) / variance of the difference: how many times more seeds unpaired arms
    would need for the same interval; infinite where the difference is the same in all seeds.
    """
    before, after = np.asarray(baseline, dtype=float), np.asarray(arm, dtype=float)
    valid = np.isfinite(before) & np.isfinite(after)
    seeds = valid.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        difference, spread = _mean_and_variance(after - before, valid)
        (before_mean, before_var), (after_mean, after_var) = (_mean_and_variance(x, valid) for x in (before, after))
        half = student(level, np.maximum(seeds - 1, 1)) * np.sqrt(spread / seeds)
        saved = np.where(spread == 0.0, np.inf, (before_var + after_var) / spread)
    saved = np.where(seeds > 1, saved, np.nan)
    return Paired(before_mean, after_mean, difference, difference - half, difference + half, seeds, saved)


def student(level: float, degrees: ArrayLike) -> Floats:
    """Standard errors that Student's two-sided interval reaches from the mean, by degrees of freedom (from 1).

    The same bits as ``scipy.stats.t.ppf``, without loading ``scipy.stats``, which takes as long as a run or two.
    """
    return np.asarray(stdtrit(degrees, 0.5 + level / 2.0))


def _mean_and_variance(values: Floats, valid: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Mean and sample variance over axis 0 of the valid values; exactly zero variance where they are all equal."""
    count = valid.sum(axis=0)
    lowest = np.where(valid, values, np.inf).min(axis=0)
    highest = np.where(valid, values, -np.inf).max(axis=0)
    mean = np.where(lowest == highest, lowest, np.where(valid, values, 0.0).sum(axis=0) / count)
    squares = np.where(valid, (values - mean) ** 2, 0.0).sum(axis=0)
    variance = np.where(count > 1, squares / (count - 1), np.nan)
    return mean, np.where((count > 1) & (lowest == highest), 0.0, variance)


def ratio_effect(numerator: ArrayLike, denominator: ArrayLike, generator: np.random.Generator) -> RatioEffect:
    """Ratio of mean paired differences, e.g. public cost per yuan gained, with a BCa bootstrap interval over seeds.

    numerator, denominator: paired differences, shape (seeds,). Not defined unless the denominator's own interval lies
    above zero: else the ratio could be anything (Fieller's problem), or nothing was gained by which to divide.
    """
    above, below = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    valid = np.isfinite(above) & np.isfinite(below)
    above, below = above[valid], below[valid]
    if len(below) == 0:
        return RatioEffect(np.nan, np.nan, np.nan, NOT_DEFINED)
    gain = paired(np.zeros_like(below), below)
    if not (below.mean() > 0.0 and (len(below) == 1 or gain.low > 0.0)):
        return RatioEffect(np.nan, np.nan, np.nan, NOT_DEFINED)
    ratio = float(above.mean() / below.mean())
    if len(below) == 1:
        return RatioEffect(ratio, np.nan, np.nan, ONE_SEED)
    if np.abs(above - ratio * below).max() <= 1e-12 * max(np.abs(above).max(), np.abs(ratio * below).max()):
        return RatioEffect(ratio, ratio, ratio, EXACT)
    return RatioEffect(ratio, *_bootstrap_ratio(above, below, generator), "")


def _bootstrap_ratio(above: Floats, below: Floats, generator: np.random.Generator) -> tuple[float, float]:
    """Bias-corrected and accelerated interval (Efron 1987) of mean(above) / mean(below), resampling pairs."""
    from scipy import stats  # slow to load, and needed for ratios of several seeds alone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # degenerate resamples of very few seeds give a missing bound: shown as such
        interval = stats.bootstrap(
            (above, below),
            lambda x, y, axis=-1: x.mean(axis=axis) / y.mean(axis=axis),
            paired=True,
            vectorized=True,
            n_resamples=RESAMPLES,
            confidence_level=LEVEL,
            method="BCa",
            rng=generator,
        ).confidence_interval
    return float(interval.low), float(interval.high)


def effect_frame(
    runs: pd.DataFrame,
    pairs: Sequence[tuple[str, str]],
    indicators: Mapping[str, Described],
    ratios: Mapping[str, Quotient],
    generator: Callable[[str, int], np.random.Generator],
) -> pd.DataFrame:
    """All effects: one row a pair (baseline, arm), year and outcome.

    runs: the table of ``frames.indicator_frame``; generator(name, year) gives the bootstrap's random numbers.
    """
    names, years = list(indicators), sorted(runs["year"].unique())
    blocks = []
    for baseline, arm in pairs:
        before, after = by_seed(runs, baseline, names), by_seed(runs, arm, names)
        found = paired(before, after)
        for column, name in enumerate(names):
            blocks.append(_rows(baseline, arm, years, name, indicators[name], found, column))
        for name, ratio in ratios.items():
            gaps = [(after - before)[..., names.index(part)] for part in (ratio.numerator, ratio.denominator)]
            values = [
                ratio_effect(
                    gaps[0][:, row], gaps[1][:, row], generator(f"bootstrap {name} {baseline} {arm}", int(year))
                )
                for row, year in enumerate(years)
            ]
            blocks.append(_ratio_rows(baseline, arm, years, name, ratio, values, len(before)))
    return pd.concat(blocks, ignore_index=True)[EFFECT_COLUMNS]


def _labels(baseline: str, arm: str, years: Sequence[int], name: str, about: Described) -> dict[str, Any]:
    """The columns that say what a row is about."""
    return {
        "baseline": baseline,
        "arm": arm,
        "year": years,
        "outcome": name,
        "title": about.title,
        "unit": about.unit,
        "primary": about.primary,
    }


def _rows(
    baseline: str, arm: str, years: Sequence[int], name: str, about: Described, found: Paired, column: int
) -> pd.DataFrame:
    """The effect on one indicator in all years."""
    values = Paired(*(field[:, column] for field in found))  # type: ignore[arg-type]
    notes = np.select(
        [values.seeds == 0, values.seeds == 1, np.isinf(values.times_fewer_runs)], [NOT_DEFINED, ONE_SEED, EXACT], ""
    )
    measured = values._asdict()
    measured["effect"] = measured.pop("difference")
    return pd.DataFrame({**_labels(baseline, arm, years, name, about), **measured, "note": notes})


def _ratio_rows(
    baseline: str, arm: str, years: Sequence[int], name: str, about: Described, values: list[RatioEffect], seeds: int
) -> pd.DataFrame:
    """The effect on one ratio in all years; it has no level in an arm, only between arms."""
    empty = {"baseline_mean": np.nan, "arm_mean": np.nan, "times_fewer_runs": np.nan, "seeds": seeds}
    measured = {
        "effect": [value.ratio for value in values],
        "low": [value.low for value in values],
        "high": [value.high for value in values],
        "note": [value.note for value in values],
    }
    return pd.DataFrame({**_labels(baseline, arm, years, name, about), **empty, **measured})
