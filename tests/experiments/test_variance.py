"""Parts of the variance: a hand-made table, statsmodels' mean squares, simulations with known parts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from experiments.variance import VarianceError, variance_parts

pytestmark = pytest.mark.one_version


def layout(points, seeds, sds, seed):
    """Effects with known standard deviations of points, seeds and rest, around 5."""
    draws = np.random.default_rng(seed)
    shapes = ((points, 1), (1, seeds), (points, seeds))
    return 5.0 + sum(sd * draws.normal(size=shape) for sd, shape in zip(sds, shapes, strict=True))


def test_by_hand():
    # Points' means 2, 4, 9; seeds' means 4, 6; rest +-1, +-0, -+1: sum of squares 4 with 2 degrees of freedom.
    found = variance_parts([[0.0, 4.0], [3.0, 5.0], [9.0, 9.0]])
    assert (found.mean, found.points, found.seeds) == (5.0, 3, 2)
    assert found.variance_of_rest == pytest.approx(2.0)
    assert found.variance_of_points == pytest.approx(13.0 - 2.0 / 2.0)
    assert found.variance_of_seeds == pytest.approx(2.0 - 2.0 / 3.0)
    assert found.spread_of_points == pytest.approx(math.sqrt(12.0))
    assert found.monte_carlo_se == pytest.approx(math.sqrt((4.0 / 3.0 + 2.0) / 2.0))
    assert found.se_of_mean == pytest.approx(math.sqrt(12.0 / 3.0 + 4.0 / 3.0 / 2.0 + 2.0 / 6.0))
    assert (found.quantile_5, found.median, found.quantile_95) == pytest.approx((2.2, 4.0, 8.5))


def test_mean_squares_are_those_of_statsmodels():
    effects = layout(7, 5, (2.0, 3.0, 0.5), 1)
    frame = pd.DataFrame(
        [(row, column, effects[row, column]) for row, column in np.ndindex(7, 5)], columns=["point", "seed", "effect"]
    )
    squares = anova_lm(ols("effect ~ C(point) + C(seed)", frame).fit())["mean_sq"]
    found = variance_parts(effects)
    assert found.variance_of_rest == pytest.approx(squares["Residual"])
    assert found.variance_of_points == pytest.approx((squares["C(point)"] - squares["Residual"]) / 5)
    assert found.variance_of_seeds == pytest.approx((squares["C(seed)"] - squares["Residual"]) / 7)


@pytest.mark.parametrize("sds", [(2.0, 1.0, 0.5), (0.5, 3.0, 1.0), (1.0, 0.5, 3.0)])
def test_known_parts_are_found(sds):
    found = [variance_parts(layout(12, 8, sds, seed)) for seed in range(600)]
    parts = np.array([(one.variance_of_points, one.variance_of_seeds, one.variance_of_rest) for one in found])
    # A cut at 0 lifts the mean of a part that is small beside the rest, never by more than its standard error.
    margin = 0.12 * np.square(sds) + [sds[2] ** 2 / 80, sds[2] ** 2 / 120, 0.0]
    assert (np.abs(parts.mean(axis=0) - np.square(sds)) < margin).all()


@pytest.mark.parametrize("sds", [(2.0, 1.0, 0.5), (0.5, 3.0, 1.0)])
def test_errors_are_those_seen_over_many_studies(sds):
    found = [variance_parts(layout(10, 6, sds, seed)) for seed in range(800)]
    seen = np.std([one.mean for one in found])
    assert np.sqrt(np.mean([one.se_of_mean**2 for one in found])) == pytest.approx(seen, rel=0.1)
    own = math.sqrt((sds[1] ** 2 + sds[2] ** 2) / 6)
    assert np.sqrt(np.mean([one.monte_carlo_se**2 for one in found])) == pytest.approx(own, rel=0.1)


def test_luck_common_to_all_points_is_no_doubt_about_parameters():
    effects = layout(20, 10, (1.0, 0.0, 0.3), 2)
    shaken = effects + 100.0 * np.random.default_rng(3).normal(size=(1, 10))
    calm, found = variance_parts(effects), variance_parts(shaken)
    assert found.spread_of_points == pytest.approx(calm.spread_of_points)
    assert found.variance_of_rest == pytest.approx(calm.variance_of_rest)
    assert found.se_of_mean > 10.0 * calm.se_of_mean


def test_noise_alone_leaves_no_spread_of_points():
    found = variance_parts(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    assert (found.spread_of_points, found.variance_of_seeds, found.variance_of_rest) == (0.0, 0.0, 4.0)


def test_no_luck_at_all_is_exact():
    found = variance_parts(np.array([[1.0] * 4, [3.0] * 4]))
    assert (found.mean, found.monte_carlo_se, found.variance_of_points) == (2.0, 0.0, 2.0)


def test_points_with_a_missing_value_are_left_out():
    effects = layout(6, 4, (1.0, 1.0, 1.0), 4)
    holed = np.vstack([effects, [[np.nan, 1.0, 2.0, 3.0]]])
    assert variance_parts(holed) == variance_parts(effects)


@pytest.mark.parametrize("effects", [[[1.0], [3.0]], [[1.0, 3.0]]])
def test_what_cannot_be_told_apart_is_missing(effects):
    found = variance_parts(effects)
    assert found.mean == 2.0
    assert np.isnan([found.spread_of_points, found.monte_carlo_se, found.se_of_mean]).all()


@pytest.mark.parametrize("shape", [(0, 4), (4, 0)])
def test_nothing_is_missing(shape):
    found = variance_parts(np.zeros(shape))
    assert np.isnan(found.mean)
    assert 0 in (found.points, found.seeds)


def test_bad_input_is_told():
    with pytest.raises(VarianceError, match="two axes"):
        variance_parts([1.0, 2.0])
