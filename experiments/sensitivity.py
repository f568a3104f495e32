"""Sensitivity: what of an outcome's variation each parameter, and luck, is answerable for.

``morris_table`` screens (Morris 1991; Campolongo, Cariboni and Saltelli 2007): which parameters matter at all.
``sobol_table`` shares out the variance (Sobol' 2001; Saltelli et al. 2010) over the ranges that were sampled. Both are
analysed by SALib and both keep luck apart. Indices are estimates: none is clipped to what it should be, and where
there are too few points to tell, the column ``note`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, ndtri

from experiments.effects import LEVEL
from experiments.sampling import salib, salib_seed, whole_numbers
from model.draws import MOST_SEEDS, Draws

Floats = NDArray[np.float64]
SEED, INTERACTIONS = "seed", "interactions"
RESAMPLES = 999
CONSTANT = "not defined: the outcome does not vary"
WIDE, OUTSIDE = "interval wider than the value", "outside 0 to 1 by noise"
ONE_SEED, NOISE, NO_EFFECT = "one seed: no noise floor", "not above the noise floor", "no effect at any point"
MORRIS_COLUMNS = ["key", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma", "noise_floor", "note"]
SOBOL_COLUMNS = [
    *("key", "first_order", "first_order_low", "first_order_high"),
    *("total", "total_low", "total_high", "note"),
]
PAIR_COLUMNS = ["key", "other", "second_order", "second_order_low", "second_order_high", "note"]


class SensitivityError(ValueError):
    """Points and effects that do not make up the design they should."""


def seed_of(u: float, seeds: int, first: int) -> int:
    """The seed that a uniform number picks: first + floor(u * seeds), and the last one for u = 1.

    u: in [0, 1], the factor ``seed`` of a design; seeds: how many there are, from ``first`` on. With few seeds the
    variance of luck is that of these few, by (seeds - 1) / seeds too small on average: give at least as many as the
    design's base. Raises SensitivityError for numbers outside.
    """
    if not 0.0 <= u <= 1.0:
        raise SensitivityError(f"u is {u!r}: give a number from 0 to 1.")
    if seeds < 1 or first < 0 or first + seeds > MOST_SEEDS:
        raise SensitivityError(f"{seeds} seeds from {first} on: give at least 1, from 0 to {MOST_SEEDS - 1}.")
    return int(whole_numbers(np.asarray(u), first, first + seeds - 1))


def morris_table(
    names: Sequence[str], points: Sequence[Mapping[str, float]], effects: ArrayLike, *, levels: int, seed: int
) -> pd.DataFrame:
    """Elementary effects by key, one row a key, in the order of the names.

    points: those of ``sampling.morris_points`` in their order, with the same levels; effects: the outcome at each, of
    shape (points,) or (points, seeds), the same seeds at all points. seed: of the bootstrap. An elementary effect is
    the change of the mean over seeds at one step, over the step in parts of the range: outcome units a whole range.
    mu is its mean over trajectories, mu_star the mean of its size, sigma its standard deviation (luck, curvature and
    interactions); mu_star_low and mu_star_high are the bootstrap interval of mu_star over trajectories.

    noise_floor: luck alone makes mu_star positive, for the mean over few seeds of a change that is zero on average is
    not zero. The floor is the mu_star that a key stays below with a chance of 95% if none of its elementary effects
    were anything but luck, and luck were as large as the seeds' differences at its steps show (the interaction of the
    key with the seed). It is kept by key, since some keys stir luck up more than others: of 100 keys without an effect
    about 5 lie above theirs. A key that no rule looks at has no noise either: all its effects are 0. See
    ``_noise_floor``; with two or three seeds it is rough.
    Raises SensitivityError when points or effects do not fit, SalibMissingError.
    """
    values, outcomes = _values(names, points), _finite(effects, ("points", "seeds"))
    steps = _steps(values)
    if len(outcomes) != len(points):
        raise SensitivityError(f"{len(outcomes)} effects for {len(points)} points: give one row a point.")
    by_seed = outcomes.reshape(len(points), -1)
    answer = salib("analyze.morris").analyze(
        _problem(names),
        values,
        by_seed.mean(axis=1),
        num_levels=levels,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        seed=salib_seed("morris bootstrap", seed),
    )
    mu_star, half = np.asarray(answer["mu_star"]), np.asarray(answer["mu_star_conf"])
    floor = _noise_floor(_elementary_effects(steps, by_seed, levels), Draws(seed).generator("noise floor of mu_star"))
    columns = {"key": list(names), "mu": answer["mu"], "mu_star": mu_star, "sigma": answer["sigma"]}
    columns |= {"mu_star_low": mu_star - half, "mu_star_high": mu_star + half, "noise_floor": floor}
    columns["note"] = [_morris_note(*one) for one in zip(mu_star, half, floor, strict=True)]
    return pd.DataFrame(columns)[MORRIS_COLUMNS]


def _values(names: Sequence[str], points: Sequence[Mapping[str, float]]) -> Floats:
    """The points as an array of shape (points, keys). Raises SensitivityError where a point lacks a key."""
    for row, point in enumerate(points, start=1):
        for name in names:
            if name not in point:
                raise SensitivityError(f"point {row} has no {name!r}. Give the points and the names of one design.")
    return np.array([[point[name] for name in names] for point in points], dtype=float).reshape(len(points), len(names))


def _steps(values: Floats) -> Floats:
    """Which key each step moves up (1) or down (-1), shape (trajectories, steps, keys). Raises SensitivityError."""
    points, keys = values.shape
    if keys == 0 or points % (keys + 1) or points < 2 * (keys + 1):
        raise SensitivityError(
            f"{points} points for {keys} keys: trajectories have {keys + 1} points each; give at least two."
        )
    steps: Floats = np.sign(np.diff(values.reshape(-1, keys + 1, keys), axis=1))
    moved = np.abs(steps)
    if (moved.sum(axis=2) != 1.0).any() or (moved.sum(axis=1) != 1.0).any():
        raise SensitivityError(
            "the points are no trajectories: each step must move one key, and each key once. "
            "Give them in the order of the design, with the names of the design."
        )
    return steps


def _elementary_effects(steps: Floats, outcomes: Floats, levels: int) -> Floats:
    """Elementary effects of each seed, shape (trajectories, keys, seeds); outcomes: shape (points, seeds)."""
    trajectories, keys, _ = steps.shape
    changes = np.diff(outcomes.reshape(trajectories, keys + 1, -1), axis=1)
    step = levels / (2.0 * (levels - 1.0))  # in parts of the range, as the design's
    effects: Floats = np.einsum("tsk,tsr->tkr", steps, changes) / step
    return effects


def _noise_floor(effects: Floats, generator: np.random.Generator) -> Floats:
    """What mu_star luck alone stays below, shape (keys,); missing with one seed. effects: (trajectories, keys, seeds).

    Drawn 999 times: means over n seeds of normal luck with the standard deviation found at each step, without its bias
    at small n. A part of the variance is the same in all trajectories, as when a key helps some seeds and harms others
    everywhere: its share is the mean covariance between trajectories over the mean variance. That part has n - 1
    degrees of freedom alone, so it is drawn from Student's t.
    """
    trajectories, keys, seeds = effects.shape
    if seeds == 1:
        return np.full(keys, np.nan)
    spread = effects.std(axis=2, ddof=1)
    variance, of_mean = (spread**2).mean(axis=0), effects.mean(axis=0).var(axis=1, ddof=1)
    covariance = (trajectories * of_mean - variance) / (trajectories - 1)
    share = np.clip(np.divide(covariance, variance, out=np.zeros(keys), where=variance > 0.0), 0.0, 1.0)
    bias = np.sqrt(2.0 / (seeds - 1)) * np.exp(gammaln(seeds / 2) - gammaln((seeds - 1) / 2))
    own = generator.standard_normal((RESAMPLES, trajectories))
    shared = generator.standard_t(seeds - 1, (RESAMPLES, 1))
    floors = [
        np.quantile(np.abs(one / bias * (np.sqrt(part) * shared + np.sqrt(1.0 - part) * own)).mean(axis=1), LEVEL)
        for one, part in zip((spread / np.sqrt(seeds)).T, share, strict=True)
    ]
    return np.array(floors)


def _morris_note(mu_star: float, half: float, floor: float) -> str:
    """What is to be said about one key."""
    if mu_star == 0.0:
        return NO_EFFECT
    told = (
        (np.isnan(floor), ONE_SEED),
        (mu_star <= floor, NOISE),
        (2.0 * half > mu_star, WIDE),
    )
    return "; ".join(what for said, what in told if said)


def sobol_table(names: Sequence[str], effects: ArrayLike, *, seed: int, second_order: bool = False) -> pd.DataFrame:
    """Indices of Sobol' by key, one row a key in the order of the names, and a row ``interactions``.

    names: the keys of the design; with ``seed`` among them (see ``seed_of``) the share of luck stands beside those of
    the parameters: first order what luck does on average over them, total with its interactions. effects: the outcome
    at the points of ``sampling.sobol_points`` in their order, shape (points,); second_order: as in the design. seed: of
    the bootstrap.

    first_order: the part of the variance that would go if the key were known; total: the part that would stay if all
    others were. ``interactions`` is 1 less the sum of the first orders. Intervals: 999 bootstrap resamples of the
    design's base rows, value +- 1.96 standard deviations; as the rows of a sequence are spread more evenly than at
    random, they are too wide where the outcome is smooth, for Ishigami's function about five times.
    Raises SensitivityError when effects do not fit, SalibMissingError.
    """
    blocks = _blocks(names, effects, second_order)
    if _constant(blocks):
        return _undefined({"key": [*names, INTERACTIONS]}, SOBOL_COLUMNS)
    # Second-order runs tell nothing more of first orders and totals.
    blocks = np.concatenate([blocks[:, : len(names) + 1], blocks[:, -1:]], axis=1)
    answer = _analyse(names, blocks, seed, second_order=False)
    sums = answer["S1_conf_all"].sum(axis=1)
    first = np.append(answer["S1"], 1.0 - answer["S1"].sum())
    first_half = np.append(answer["S1_conf"], ndtri(0.5 + LEVEL / 2) * sums.std(ddof=1))
    total, total_half = np.append(answer["ST"], np.nan), np.append(answer["ST_conf"], np.nan)
    columns: dict[str, Any] = {"key": [*names, INTERACTIONS]}
    columns |= _with_interval("first_order", first, first_half) | _with_interval("total", total, total_half)
    notes = [_index_notes("first order", first, first_half), _index_notes("total", total, total_half)]
    columns["note"] = ["; ".join(filter(None, both)) for both in zip(*notes, strict=True)]
    return pd.DataFrame(columns)[SOBOL_COLUMNS]


def sobol_pairs(names: Sequence[str], effects: ArrayLike, *, seed: int) -> pd.DataFrame:
    """Second-order indices of Sobol', one row a pair of keys: the part of the variance that is their interaction alone.

    names, effects, seed: as for ``sobol_table``, of a design with second order. Intervals likewise. Raises
    SensitivityError when effects do not fit, SalibMissingError.
    """
    blocks = _blocks(names, effects, second_order=True)
    one, other = np.triu_indices(len(names), k=1)
    pairs: dict[str, Any] = {"key": np.array(list(names))[one], "other": np.array(list(names))[other]}
    if _constant(blocks):
        return _undefined(pairs, PAIR_COLUMNS)
    answer = _analyse(names, blocks, seed, second_order=True)
    value, half = answer["S2"][one, other], answer["S2_conf"][one, other]
    pairs |= _with_interval("second_order", value, half) | {"note": _index_notes("second order", value, half)}
    return pd.DataFrame(pairs)[PAIR_COLUMNS]


def _blocks(names: Sequence[str], effects: ArrayLike, second_order: bool) -> Floats:
    """The outcomes by base row, shape (base, points a row): A, A with each key of B, (B with each of A), B."""
    outcomes, keys = _finite(effects, ("points",)), len(names)
    size = 2 * keys + 2 if second_order else keys + 2
    if keys == 0 or len(outcomes) % size or len(outcomes) < 2 * size:
        raise SensitivityError(
            f"{len(outcomes)} effects for {keys} keys: the design has {size} points a base row; give two rows or more."
        )
    return outcomes.reshape(-1, size)


def _analyse(names: Sequence[str], blocks: Floats, seed: int, *, second_order: bool) -> Any:
    """The answer of SALib: S1, ST, S2, half widths of their intervals and the resamples of S1 and ST."""
    return salib("analyze.sobol").analyze(
        _problem(names),
        blocks.ravel(),
        calc_second_order=second_order,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        keep_resamples=True,
        seed=salib_seed("sobol bootstrap", seed),
    )


def _finite(effects: ArrayLike, axes: tuple[str, ...]) -> Floats:
    """The effects as floats, of at most these axes. Raises SensitivityError for other shapes and missing values."""
    outcomes = np.asarray(effects, dtype=float)
    if not 1 <= outcomes.ndim <= len(axes) or outcomes.size == 0:
        raise SensitivityError(f"effects have the shape {outcomes.shape}: give ({', '.join(axes)}).")
    missing = int((~np.isfinite(outcomes)).sum())
    if missing:
        raise SensitivityError(
            f"{missing} of {outcomes.size} effects are missing or infinite: a design needs them all. "
            "Repeat failed runs, or take an outcome that is always defined."
        )
    return outcomes


def _constant(blocks: Floats) -> bool:
    """Whether the outcome is the same in both base samples, but for rounding: then there is no variance to share."""
    base = blocks[:, [0, -1]]
    return bool(np.ptp(base) <= 1e-12 * np.abs(base).max())


def _problem(names: Sequence[str]) -> dict[str, Any]:
    """What SALib asks for; the bounds play no part in an analysis."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _undefined(labels: Mapping[str, Any], columns: Sequence[str]) -> pd.DataFrame:
    """A table without values, and why."""
    return pd.DataFrame({**labels, "note": CONSTANT}).reindex(columns=list(columns))


def _with_interval(what: str, value: Floats, half: Floats) -> dict[str, Floats]:
    """The three columns of an index."""
    return {what: value, f"{what}_low": value - half, f"{what}_high": value + half}


def _index_notes(what: str, values: Floats, halves: Floats) -> list[str]:
    """Where an index is impossible, or its interval wider than itself; empty elsewhere."""
    impossible = (values < 0.0) | (values > 1.0)
    wide = 2.0 * halves > np.abs(values)
    return [
        f"{what} {told}" if (told := " and ".join(filter(None, (OUTSIDE * out, WIDE * vague)))) else ""
        for out, vague in zip(impossible.tolist(), wide.tolist(), strict=True)
    ]
