"""Paired effects: hand-computed values, the slow twin in scipy, coverage, and the awkward cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from experiments.effects import (
    EFFECT_COLUMNS,
    EXACT,
    NOT_DEFINED,
    ONE_SEED,
    effect_frame,
    paired,
    ratio_effect,
)


def generator(name="", year=0):
    return np.random.default_rng([len(name), year])


def test_by_hand():
    found = paired([10.0, 12.0, 14.0], [13.0, 14.0, 18.0])  # differences 3, 2, 4: mean 3, variance 1
    half = 4.302652729911275 / np.sqrt(3.0)  # t quantile with two degrees of freedom
    assert (found.baseline_mean, found.arm_mean, found.difference, found.seeds) == (12.0, 15.0, 3.0, 3)
    assert found.low == pytest.approx(3.0 - half)
    assert found.high == pytest.approx(3.0 + half)
    assert found.times_fewer_runs == pytest.approx((4.0 + 7.0) / 1.0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=3, max_size=15))
def test_slow_twin_in_scipy(values):
    before, after = np.array(values).T
    gap = after - before
    if np.ptp(gap) < 1e-3:
        return
    twin = stats.ttest_rel(after, before).confidence_interval(0.95)
    found = paired(before, after)
    assert found.difference == pytest.approx(gap.mean(), rel=1e-9, abs=1e-9)
    assert (found.low, found.high) == (pytest.approx(twin.low, rel=1e-6), pytest.approx(twin.high, rel=1e-6))


def test_many_outcomes_at_once_are_those_one_by_one():
    draws = np.random.default_rng(1).normal(size=(2, 8, 3, 4))
    all_at_once = paired(*draws)
    alone = paired(draws[0][:, 1, 2], draws[1][:, 1, 2])
    assert [field[1, 2] for field in all_at_once] == pytest.approx([float(field) for field in alone])


def test_no_difference_is_exactly_zero():
    values = np.random.default_rng(2).lognormal(size=20)
    found = paired(values, values)
    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)
    assert np.isinf(found.times_fewer_runs)


def test_one_seed_has_no_interval():
    found = paired([3.0], [5.0])
    assert (found.difference, found.seeds) == (2.0, 1)
    assert np.isnan([found.low, found.high, found.times_fewer_runs]).all()


def test_missing_values_drop_their_seed():
    found = paired([1.0, np.nan, 3.0, 4.0], [2.0, 9.0, 5.0, np.nan])
    assert (found.difference, found.seeds, found.baseline_mean) == (1.5, 2, 2.0)
    nothing = paired([np.nan], [1.0])
    assert nothing.seeds == 0
    assert np.isnan(nothing.difference)


def test_intervals_cover_as_often_as_they_say():
    draws = np.random.default_rng(3).normal(size=(2, 8, 4000))
    found = paired(draws[0], draws[1] + 0.5)
    covered = ((found.low <= 0.5) & (found.high >= 0.5)).mean()
    assert covered == pytest.approx(0.95, abs=0.015)


def test_pairing_saves_what_the_variances_say():
    luck = np.random.default_rng(4).normal(size=5000)
    own = np.random.default_rng(5).normal(size=(2, 5000))
    found = paired(luck + 0.1 * own[0], luck + 0.1 * own[1])
    assert found.times_fewer_runs == pytest.approx((1.01 + 1.01) / 0.02, rel=0.1)


def test_ratio_by_hand_and_its_interval():
    gain = np.array([10.0, 11.0, 9.0, 12.0, 8.0, 10.5])
    cost = np.array([5.0, 5.2, 4.9, 5.6, 4.3, 5.0])
    found = ratio_effect(cost, gain, generator())
    assert found.ratio == pytest.approx(30.0 / 60.5)
    assert found.low < found.ratio < found.high
    assert found.note == ""
    assert found == ratio_effect(cost, gain, generator())


def test_ratio_interval_covers():
    hits = 0
    for seed in range(120):
        draws = np.random.default_rng(seed)
        gain = 10.0 + draws.normal(size=20)
        cost = 0.5 * gain + 0.5 * draws.normal(size=20)
        found = ratio_effect(cost, gain, generator(year=seed))
        hits += found.low <= 0.5 <= found.high
    assert 0.87 <= hits / 120 <= 1.0


@pytest.mark.parametrize(
    ("cost", "gain", "note"),
    [
        ([1.0, 2.0, 3.0], [-1.0, 0.5, 1.0], NOT_DEFINED),
        ([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], NOT_DEFINED),
        ([np.nan, np.nan], [1.0, 1.0], NOT_DEFINED),
        ([1.0], [0.0], NOT_DEFINED),
        ([1.0], [2.0], ONE_SEED),
        ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], NOT_DEFINED),
        ([10.0, 11.0, 10.5], [20.0, 22.0, 21.0], EXACT),
        ([0.0, 0.0, 0.0], [20.0, 22.0, 21.0], EXACT),
        ([10.0, 11.5, 10.5], [-20.0, -22.0, -21.0], NOT_DEFINED),
        ([10.0], [-20.0], NOT_DEFINED),
    ],
)
def test_ratio_says_when_it_means_nothing(cost, gain, note):
    found = ratio_effect(cost, gain, generator())
    assert found.note == note
    assert np.isnan(found.ratio) == (note == NOT_DEFINED)


@dataclass(frozen=True)
class About:
    title: str = "Income"
    unit: str = "yuan/year"
    primary: bool = True
    numerator: str = "cost"
    denominator: str = "income"


def runs(seeds=4):
    rows = [
        (seed, arm, year, 100.0 * seed + more + (seed if more else 0), more / 2 + 0.01 * seed * more)
        for seed in range(1, seeds + 1)
        for arm, more in (("solo", 0.0), ("enclave", 10.0), ("other", 0.0))
        for year in (2020, 2021)
    ]
    return pd.DataFrame(rows, columns=["seed", "arm", "year", "income", "cost"])


INDICATORS = {"income": About(), "cost": About("Cost")}
RATIOS = {"price": About("Cost per yuan")}


def test_frame_has_every_pair_year_and_outcome():
    found = effect_frame(runs(), [("solo", "enclave"), ("solo", "other")], INDICATORS, RATIOS, generator)
    assert list(found.columns) == EFFECT_COLUMNS
    assert len(found) == 2 * 2 * 3
    row = found.query("arm == 'enclave' and outcome == 'income' and year == 2021").iloc[0]
    assert (row.baseline_mean, row.effect, row.seeds, row.note) == (250.0, 12.5, 4, "")
    inert = found[(found["arm"] == "other") & (found["outcome"] == "income")]
    assert (inert[["effect", "low", "high"]] == 0.0).all(axis=None)
    assert set(inert["note"]) == {EXACT}
    assert set(found[(found["arm"] == "other") & (found["outcome"] == "price")]["note"]) == {NOT_DEFINED}


def test_the_order_of_rows_does_not_matter():
    mixed = runs().sample(frac=1.0, random_state=1)
    pairs = [("solo", "enclave")]
    one, two = (effect_frame(table, pairs, INDICATORS, RATIOS, generator) for table in (runs(), mixed))
    pd.testing.assert_frame_equal(one, two)


def test_another_arm_leaves_an_interval_alone():
    alone = effect_frame(runs(), [("solo", "enclave")], INDICATORS, RATIOS, generator)
    among = effect_frame(runs(), [("solo", "other"), ("solo", "enclave")], INDICATORS, RATIOS, generator)
    pd.testing.assert_frame_equal(alone, among[among["arm"] == "enclave"].reset_index(drop=True))


def test_one_seed_is_said():
    found = effect_frame(runs(1), [("solo", "enclave")], INDICATORS, RATIOS, generator)
    assert set(found["note"]) == {ONE_SEED}
    assert found["low"].isna().all()
