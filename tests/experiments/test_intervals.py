"""Bootstrap and joint intervals, p-values and families: twins in scipy and statsmodels, coverage, the awkward cases."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from experiments.effects import RESAMPLES
from experiments.intervals import CHUNK, IntervalError, bca, fewest_seeds, holm, p_values, simultaneous

pytestmark = pytest.mark.one_version

LUCKY = [3.1, 4.7, 2.2, 5.9, 3.3, 9.8, 4.1, 2.7, 3.9, 4.4]


def generator(seed=1):
    return np.random.default_rng(seed)


def correlated(seeds, arms, columns, correlation, seed=1):
    """Standard normal differences with the same correlation between any two arms."""
    draws = generator(seed)
    common, own = draws.normal(size=(seeds, 1, columns)), draws.normal(size=(seeds, arms, columns))
    return np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own


def covered(low, high, value=0.0):
    return (low <= value) & (value <= high)


def test_bca_is_that_of_scipy():
    twin = stats.bootstrap((LUCKY,), np.mean, n_resamples=RESAMPLES, method="BCa", rng=generator()).confidence_interval
    low, high = bca(LUCKY, generator())
    assert (low.shape, high.shape) == ((), ())
    assert (float(low), float(high)) == (twin.low, twin.high)


def test_bca_by_hand():
    """Efron's formulas: bias from the share of resampled means below the mean, acceleration from the third moment."""
    values = np.array(LUCKY)
    means = values[generator().integers(0, 10, size=(RESAMPLES, 10))].mean(axis=1)
    gap = values - values.mean()
    bias = stats.norm.ppf(((means < values.mean()).mean() + (means <= values.mean()).mean()) / 2.0)
    acceleration = (gap**3).sum() / (6.0 * (gap**2).sum() ** 1.5)
    z = bias + stats.norm.ppf([0.025, 0.975])
    expected = np.quantile(means, stats.norm.cdf(bias + z / (1.0 - acceleration * z)))
    found = bca(values, generator())
    assert found == (
        pytest.approx(expected[0], abs=0.011),
        pytest.approx(expected[1], abs=0.011),
    )  # means lie 0.01 apart
    assert found[1] - values.mean() > 1.3 * (values.mean() - found[0])  # the long tail is on the right


def test_bca_of_many_columns_is_that_of_each():
    columns = 2 * CHUNK // (RESAMPLES * 12) + 5  # three chunks
    draws = generator().normal(size=(12, columns, 2))
    draws[3, 4], draws[:, 6, 0] = np.nan, 5.5
    low, high = bca(draws, generator(2))
    assert low.shape == high.shape == (columns, 2)
    for place in ((0, 0), (4, 1), (6, 0), (6, 1), (columns - 1, 1)):
        alone = bca(draws[:, *place], generator(2))
        assert (low[place], high[place]) == pytest.approx((float(alone[0]), float(alone[1])), rel=1e-12)


@pytest.mark.parametrize(("seeds", "share"), [(6, 0.86), (20, 0.92), (60, 0.94)])
def test_bca_covers_more_and_more(seeds, share):
    low, high = bca(generator(3).normal(size=(seeds, 2000)), generator(4), resamples=999)
    assert covered(low, high).mean() == pytest.approx(share, abs=0.015)


def test_bca_leaves_the_generator_as_it_was():
    draws = generator()
    before = copy.deepcopy(draws.bit_generator.state)
    assert bca(LUCKY, draws) == bca(LUCKY, draws)
    simultaneous(np.array(LUCKY)[:, None, None], draws)
    assert draws.bit_generator.state == before


def test_bca_of_equal_differences_is_exact():
    assert bca([0.1] * 7, generator()) == (0.1, 0.1)
    assert bca([0.1] * 2, generator()) == (0.1, 0.1)


@pytest.mark.parametrize("differences", [[], [2.0], [np.nan, 2.0], [np.nan, np.nan], LUCKY[:2], LUCKY[:5]])
def test_bca_of_too_few_seeds_is_missing(differences):
    assert np.isnan(bca(differences, generator())).all()


def test_bca_of_nothing_keeps_its_shape():
    assert [bound.shape for bound in bca(np.zeros((5, 0, 3)), generator())] == [(0, 3), (0, 3)]
    assert [bound.shape for bound in bca(np.zeros((0, 2)), generator())] == [(2,), (2,)]


def test_the_range_of_the_fewest_seeds_covers_and_that_of_one_less_does_not():
    for level in (0.8, 0.9, 0.95, 0.99):
        seeds = fewest_seeds(level)
        assert 1.0 - 2.0 ** (1 - seeds) >= level > 1.0 - 2.0 ** (2 - seeds)
    assert (fewest_seeds(), fewest_seeds(0.99), fewest_seeds(0.5)) == (6, 8, 2)
    draws = generator().normal(size=(5, 20_000))
    assert covered(draws.min(axis=0), draws.max(axis=0)).mean() == pytest.approx(0.9375, abs=0.006)


def slow_critical(values, drawn, level):
    """The loop: each resample's largest studentised error over the arms, and their quantile."""
    largest = []
    for seeds in drawn:
        errors = []
        for arm in values.T:
            sample = arm[seeds][np.isfinite(arm[seeds])]
            spread = len(sample) > 1 and np.ptp(sample) > 0.0
            error = stats.sem(sample) if spread else 0.0
            errors.append(abs(sample.mean() - np.nanmean(arm)) / error if spread else np.inf)
        largest.append(max(errors))
    return sorted(largest)[int(np.ceil((len(drawn) + 1) * level)) - 1]


@pytest.mark.parametrize("missing", [False, True])
def test_simultaneous_slow_twin(missing):
    values = correlated(9, 3, 2, 0.5) + np.arange(6.0).reshape(3, 2)
    if missing:
        values[2, 1, 0] = np.nan
    low, high, critical = simultaneous(values, generator(5), level=0.9, resamples=399)
    drawn = generator(5).integers(0, 9, size=(399, 9))
    for column in range(2):
        assert critical[column] == pytest.approx(slow_critical(values[..., column], drawn, 0.9), rel=1e-9)
        half = critical[column] * stats.sem(values[..., column], nan_policy="omit")
        mean = np.nanmean(values[..., column], axis=0)
        assert low[:, column] == pytest.approx(mean - half)
        assert high[:, column] == pytest.approx(mean + half)


@pytest.mark.parametrize("correlation", [0.0, 0.9])
def test_simultaneous_covers_all_arms_at_once(correlation):
    values = correlated(20, 6, 2000, correlation)
    low, high, critical = simultaneous(values, generator(6), resamples=999)
    mean, error = values.mean(axis=0), stats.sem(values)
    together, single, bonferroni = (
        (np.abs(mean) <= times * error).all(axis=0).mean()
        for times in (critical, stats.t.ppf(0.975, 19), stats.t.ppf(1.0 - 0.025 / 6, 19))
    )
    assert covered(low, high).all(axis=0).mean() == together
    assert together == pytest.approx(0.955, abs=0.015)
    assert single < 0.9
    if correlation:
        assert bonferroni > 0.968
        assert np.median(critical) < 0.93 * stats.t.ppf(1.0 - 0.025 / 6, 19)


def test_simultaneous_is_on_the_safe_side_with_few_seeds():
    for seeds in (5, 10):
        low, high, critical = simultaneous(correlated(seeds, 4, 1000, 0.5), generator(6), resamples=999)
        assert np.isfinite(critical).all()
        assert covered(low, high).all(axis=0).mean() >= 0.95


def test_an_equal_arm_is_exact_and_leaves_the_others_alone():
    values = correlated(10, 2, 3, 0.5)
    equal = np.full((10, 1, 3), 0.1)
    alone, among = simultaneous(values, generator()), simultaneous(np.hstack([values, equal]), generator())
    assert (among[0][2] == 0.1).all()
    assert (among[1][2] == 0.1).all()
    assert among[0][:2] == pytest.approx(alone[0], rel=1e-12)
    assert among[2] == pytest.approx(alone[2], rel=1e-12)
    only = simultaneous(equal, generator())
    assert (only[0] == only[1]).all()
    assert np.isnan(only[2]).all()


def test_an_arm_with_hardly_any_spread_is_missing_and_leaves_the_others_alone():
    values = correlated(20, 2, 1, 0.5)
    nearly = np.zeros((20, 1, 1))
    nearly[7] = 1.0  # 36% of the resamples have no spread
    alone, among = simultaneous(values, generator()), simultaneous(np.hstack([values, nearly]), generator())
    assert np.isnan([among[0][2], among[1][2]]).all()
    assert among[2] == pytest.approx(alone[2], rel=1e-12)


def test_arms_that_too_often_have_no_spread_together_have_no_critical_value():
    values = np.zeros((20, 8, 1))
    for arm in range(8):
        values[[arm, arm + 8, 18, 19], arm, 0] = 1.0, 2.0, -1.0, -2.0  # a resample misses all four in 1.2% of cases
    low, _, critical = simultaneous(values, generator(), level=0.98)
    assert np.isnan(low).all()
    assert np.isnan(critical).all()
    assert np.isfinite(simultaneous(values[:, :1], generator(), level=0.98)[2]).all()


@pytest.mark.parametrize("seeds", [0, 1, 2, 3])
def test_simultaneous_of_too_few_seeds_is_missing(seeds):
    found = simultaneous(correlated(seeds, 2, 3, 0.5), generator())
    assert [bound.shape for bound in found] == [(2, 3), (2, 3), (3,)]
    assert all(np.isnan(bound).all() for bound in found)


def test_simultaneous_in_chunks_is_that_of_each_column():
    values = correlated(8, 4, 2 * CHUNK // (RESAMPLES * 4) + 3, 0.5)
    low, high, critical = simultaneous(values, generator())
    for column in (0, values.shape[2] // 2, values.shape[2] - 1):
        alone = simultaneous(values[..., [column]], generator())
        assert critical[column] == pytest.approx(alone[2][0], rel=1e-9)
        assert low[:, column] == pytest.approx(alone[0][:, 0])
        assert high[:, column] == pytest.approx(alone[1][:, 0])


def test_simultaneous_does_not_depend_on_the_unit():
    values = correlated(9, 3, 2, 0.5)
    large, small = simultaneous(1e9 * values, generator()), simultaneous(1e-9 * values, generator())
    assert large[2] == pytest.approx(small[2], rel=1e-9)
    assert large[0] == pytest.approx(1e18 * small[0], rel=1e-9)


def test_p_values_are_those_of_statsmodels():
    draws = generator().normal(size=(9, 2, 3)) + 0.5
    draws[4, 1, 2] = np.nan
    found = p_values(draws)
    assert found.shape == (2, 3)
    for place in np.ndindex(2, 3):
        column = draws[:, *place]
        assert found[place] == pytest.approx(DescrStatsW(column[np.isfinite(column)]).ttest_mean(0.0)[1])


def test_p_value_by_hand():
    assert p_values([3.0, 2.0, 4.0]) == pytest.approx(2.0 * stats.t.sf(3.0 * np.sqrt(3.0), 2))


def test_p_values_without_spread_and_without_seeds():
    assert p_values(np.array([[0.0, 2.0, -1.0]] * 4)).tolist() == [1.0, 0.0, 0.0]
    assert np.isnan(p_values([[1.0, np.nan], [np.nan, np.nan]])).all()
    assert np.isnan(p_values(np.zeros((0, 2)))).tolist() == [True, True]


def test_p_values_of_nearly_equal_differences_do_not_warn():
    assert p_values([1.0, 1.0, 1.0 + 2e-16]) < 1e-6


def test_p_values_find_nothing_as_often_as_they_say():
    found = p_values(generator(9).normal(size=(8, 4000)))
    assert (found < 0.05).mean() == pytest.approx(0.05, abs=0.012)


def test_holm_by_hand():
    assert holm([0.01, 0.04, np.nan, 0.03]).tolist() == pytest.approx([0.03, 0.06, np.nan, 0.06], nan_ok=True)
    assert holm([0.5, 0.9]).tolist() == [1.0, 1.0]
    assert holm([]).shape == (0,)
    assert np.isnan(holm([np.nan, np.nan])).tolist() == [True, True]


def test_holm_leaves_what_it_is_given_alone():
    family = np.array([0.01, 0.02])
    assert holm(family).tolist() == [0.02, 0.02]
    assert family.tolist() == [0.01, 0.02]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bca(3.0, generator()), "single number"),
        (lambda: p_values(3.0), "single number"),
        (lambda: bca(LUCKY, generator(), level=95), "level is 95"),
        (lambda: bca(LUCKY, generator(), resamples=38), "at least 39"),
        (lambda: simultaneous(np.zeros((3, 1, 1)), generator(), level=0.0), "level is 0"),
        (lambda: simultaneous(np.zeros((3, 1, 1)), generator(), level=0.99, resamples=198), "at least 199"),
        (lambda: simultaneous(np.zeros((3, 2)), generator()), "three axes"),
        (lambda: holm([[0.1]]), "single axis"),
        (lambda: holm([0.1, 1.5]), "1.5"),
        (lambda: holm([-0.1]), "-0.1"),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises(IntervalError, match=words):
        call()
