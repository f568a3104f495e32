"""How much of the doubt about an effect is doubt about parameters, and how much is luck of the runs."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class VarianceError(ValueError):
    """Effects that are no table of points and seeds."""


class VarianceParts(NamedTuple):
    """Where the variance of an effect over sampled parameter points and seeds comes from: see ``variance_parts``.

    In the outcome's unit, variances in its square. mean: over points and seeds. spread_of_points: standard deviation
    between points, net of Monte-Carlo noise. quantile_5, median, quantile_95: of the points' mean effects as they are,
    so Monte-Carlo noise is in them. monte_carlo_se: typical standard error of one point's mean. se_of_mean: standard
    error of ``mean`` for points drawn independently; for a stratified sample (Latin hypercube, Sobol) it is an upper
    bound. variance_of_rest: interaction of point and seed. points, seeds: how many were used.
    """

    mean: float
    spread_of_points: float
    quantile_5: float
    median: float
    quantile_95: float
    monte_carlo_se: float
    se_of_mean: float
    variance_of_points: float
    variance_of_seeds: float
    variance_of_rest: float
    points: int
    seeds: int


def variance_parts(effects: ArrayLike) -> VarianceParts:
    """Split the variance of an effect over sampled parameter points into doubt about parameters and Monte-Carlo error.

    effects: shape (points, seeds), an effect (paired difference) a cell; the same seeds at every point. Their luck is
    common to all points, so errors are correlated between points, and the layout is two-way without replication:
    effect = mean + point + seed + rest, all random (Searle, Casella and McCulloch 1992, ch. 4). A run is determined by
    point and seed, so the rest is their interaction. Moments, from the mean squares of points, seeds and rest:
    variance of points = (points - rest) / seeds and of seeds = (seeds - rest) / points, both cut at 0. What is common
    to a seed moves all points alike: it is no doubt about parameters, but it is part of a point's Monte-Carlo error,
    whose variance is (seeds + rest) / number of seeds, and it does not average out over points.

    Points with a missing value are left out; ``points`` tells how many remain. With fewer than two of either, what
    can't be told apart is missing. Raises VarianceError.
    """
    values = np.asarray(effects, dtype=float)
    if values.ndim != 2:
        raise VarianceError(f"effects have the shape {values.shape}: give two axes, points and seeds.")
    values = values[np.isfinite(values).all(axis=1)]
    points, seeds = values.shape
    if points == 0 or seeds == 0:
        return VarianceParts(**dict.fromkeys(VarianceParts._fields[:-2], math.nan), points=points, seeds=seeds)
    low, median, high = (float(quantile) for quantile in np.quantile(values.mean(axis=1), [0.05, 0.5, 0.95]))
    between, common, rest = _variances(values)
    return VarianceParts(
        mean=float(values.mean()),
        spread_of_points=math.sqrt(between),
        quantile_5=low,
        median=median,
        quantile_95=high,
        monte_carlo_se=math.sqrt((common + rest) / seeds),
        se_of_mean=math.sqrt(between / points + common / seeds + rest / (points * seeds)),
        variance_of_points=between,
        variance_of_seeds=common,
        variance_of_rest=rest,
        points=points,
        seeds=seeds,
    )


def _variances(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The variances of points, seeds and rest; all missing with fewer than two points or seeds."""
    points, seeds = values.shape
    if points < 2 or seeds < 2:
        return math.nan, math.nan, math.nan
    of_point, of_seed = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    rest = float(((values - of_point - of_seed + values.mean()) ** 2).sum() / ((points - 1) * (seeds - 1)))
    between = max(0.0, float(of_point.var(ddof=1)) - rest / seeds)
    common = max(0.0, float(of_seed.var(ddof=1)) - rest / points)
    return between, common, rest
