"""Sensitivity: tables of effects and of shares, held to functions whose answers are known."""

import sys

import numpy as np
import pytest

from experiments.sampling import Range, SalibMissingError, sobol_points
from experiments.sensitivity import (
    CONSTANT,
    OUTSIDE,
    WIDE,
    SensitivityError,
    seed_of,
    sobol_pairs,
    sobol_table,
)
from model.draws import Draws

pytestmark = pytest.mark.one_version

UNIT = Range(0.0, 1.0)
ISHIGAMI = {"one": Range(-np.pi, np.pi), "two": Range(-np.pi, np.pi), "three": Range(-np.pi, np.pi)}


def array(points):
    """The points as an array of shape (points, keys)."""
    return np.array([list(point.values()) for point in points])


def ishigami(points):
    """Ishigami and Homma 1990, with 7 and 0.1: its indices are known in closed form."""
    one, two, three = array(points).T
    return np.sin(one) + 7.0 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)


def ishigami_parts():
    """The parts of its variance: of one alone, two alone, and of one with three."""
    alone_1, alone_2 = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2, 7.0**2 / 8.0
    both = 0.1**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    return np.array([alone_1, alone_2, both]) / (alone_1 + alone_2 + both)


@pytest.fixture(scope="module")
def noise():
    """Luck: normal numbers of 5000 seeds, and several for each."""
    return Draws(1).generator("noise").standard_normal((5000, 20))


def value(table, key, column):
    return float(table.loc[table["key"] == key, column].iloc[0])


def note(table, key):
    return str(table.loc[table["key"] == key, "note"].iloc[0])


@pytest.mark.parametrize("second_order", [False, True])
def test_indices_of_a_known_function(second_order):
    points = sobol_points(ISHIGAMI, 1024, 1, second_order=second_order)
    table = sobol_table(list(ISHIGAMI), ishigami(points), seed=1, second_order=second_order)
    alone_1, alone_2, both = ishigami_parts()
    assert table["key"].tolist() == ["one", "two", "three", "interactions"]
    first, total = [alone_1, alone_2, 0.0, both], [alone_1 + both, alone_2, both]
    # Three standard deviations of the estimates at this base, as twenty other seeds showed them.
    assert table["first_order"][:3].tolist() == pytest.approx(first[:3], abs=0.025)
    assert table["total"][:3].tolist() == pytest.approx(total, abs=0.025)
    assert value(table, "interactions", "first_order") == pytest.approx(both, abs=0.045)
    assert (table["first_order_low"] < first).all()
    assert (table["first_order_high"] > first).all()
    assert (table["total_low"][:3] < total).all()
    assert (table["total_high"][:3] > total).all()
    assert (table["first_order_high"] - table["first_order_low"]).max() < 0.2
    assert np.isnan(value(table, "interactions", "total"))
    assert note(table, "one") == note(table, "two") == note(table, "interactions") == ""


def test_interactions_of_pairs_of_a_known_function():
    points = sobol_points(ISHIGAMI, 1024, 1, second_order=True)
    table = sobol_pairs(list(ISHIGAMI), ishigami(points), seed=1)
    assert list(zip(table["key"], table["other"], strict=True)) == [("one", "two"), ("one", "three"), ("two", "three")]
    assert table["second_order"].tolist() == pytest.approx([0.0, ishigami_parts()[2], 0.0], abs=0.04)
    assert (table["second_order_low"] < table["second_order_high"]).all()
    assert [WIDE in one for one in table["note"]] == [True, False, True]


def test_a_sum_has_the_shares_of_its_terms_and_no_interactions():
    ranges = {"a": UNIT, "b": UNIT, "c": UNIT, "dummy": UNIT}
    weights = np.array([3.0, 2.0, 1.0, 0.0])
    points = sobol_points(ranges, 1024, 3)
    table = sobol_table(list(ranges), 100.0 + array(points) @ weights, seed=3)
    shares = weights**2 / (weights**2).sum()
    assert table["first_order"][:4].tolist() == pytest.approx(shares, abs=0.01)
    assert table["total"][:4].tolist() == pytest.approx(shares, abs=0.01)
    assert value(table, "interactions", "first_order") == pytest.approx(0.0, abs=0.02)
    assert value(table, "dummy", "first_order") == value(table, "dummy", "total") == 0.0
    assert note(table, "dummy") == ""


def test_a_level_changes_no_share():
    points = sobol_points(ISHIGAMI, 64, 1)
    plain, raised = (sobol_table(list(ISHIGAMI), ishigami(points) * scale, seed=1) for scale in (1.0, -1e6))
    assert raised["first_order"].tolist() == pytest.approx(plain["first_order"].tolist(), abs=1e-9)
    assert raised["total_high"][:3].tolist() == pytest.approx(plain["total_high"][:3].tolist(), abs=1e-9)


def test_luck_has_its_own_share_beside_the_parameters(noise):
    """The outcome: 3 x + noise of the seed + 2 y times another noise of the seed, x and y uniform round 0."""
    ranges = {"x": Range(-1.0, 1.0), "y": Range(-1.0, 1.0), "seed": UNIT}
    points = sobol_points(ranges, 1024, 1)
    luck = noise[[seed_of(point["seed"], 5000, 0) for point in points]]
    x, y, _ = array(points).T
    table = sobol_table(list(ranges), 3.0 * x + luck[:, 0] + 2.0 * y * luck[:, 1], seed=1)
    parts = np.array([9.0 / 3.0, 1.0, 4.0 / 3.0]) / (3.0 + 1.0 + 4.0 / 3.0)
    assert value(table, "x", "first_order") == pytest.approx(parts[0], abs=0.05)
    assert value(table, "seed", "first_order") == pytest.approx(parts[1], abs=0.05)
    assert value(table, "seed", "total") == pytest.approx(parts[1] + parts[2], abs=0.05)
    assert value(table, "y", "first_order") == pytest.approx(0.0, abs=0.05)
    assert value(table, "y", "total") == pytest.approx(parts[2], abs=0.05)
    assert value(table, "interactions", "first_order") == pytest.approx(parts[2], abs=0.06)


def test_where_all_is_luck_the_seed_has_it_all(noise):
    ranges = {"x": UNIT, "seed": UNIT}
    points = sobol_points(ranges, 512, 1)
    luck = noise[[seed_of(point["seed"], 5000, 0) for point in points], 0]
    table = sobol_table(list(ranges), luck, seed=1)
    assert value(table, "seed", "total") == pytest.approx(1.0, abs=0.1)
    assert value(table, "x", "total") == value(table, "x", "first_order") == 0.0


def test_too_few_points_are_told_and_nothing_is_clipped(noise):
    ranges = {"x": UNIT, "y": UNIT, "z": UNIT}
    points = sobol_points(ranges, 8, 1)
    table = sobol_table(list(ranges), noise[: len(points), 0], seed=1)
    values = table["first_order"][:3]
    assert ((values < 0.0) | (values > 1.0)).any()
    for key, first in zip(table["key"], table["first_order"], strict=True):
        assert (f"first order {OUTSIDE}" in note(table, key)) == (not 0.0 <= first <= 1.0)
    assert table["note"].str.contains(WIDE).all()
    assert value(table, "interactions", "first_order") == pytest.approx(1.0 - values.sum())


def test_intervals_hold_the_true_index_about_as_often_as_they_say():
    ranges = {"a": UNIT, "b": UNIT, "c": UNIT}
    weights = np.array([3.0, 2.0, 1.0])
    held = []
    for seed in range(20):
        table = sobol_table(list(ranges), array(sobol_points(ranges, 64, seed)) @ weights, seed=seed)[:3]
        held += (
            (table["first_order_low"] <= weights**2 / 14.0) & (table["first_order_high"] >= weights**2 / 14.0)
        ).tolist()
        assert (table["first_order_high"] - table["first_order_low"]).max() < 1.0
    assert np.mean(held) >= 0.9


@pytest.mark.parametrize("level", [0.0, 0.1])
def test_an_outcome_that_does_not_vary_has_no_shares(level):
    points = sobol_points(ISHIGAMI, 8, 1, second_order=True)
    effects = level * (1.0 + 1e-16 * ishigami(points))
    table = sobol_table(list(ISHIGAMI), effects, seed=1, second_order=True)
    pairs = sobol_pairs(list(ISHIGAMI), effects, seed=1)
    assert table["key"].tolist() == [*ISHIGAMI, "interactions"]
    for one in (table, pairs):
        assert set(one["note"]) == {CONSTANT}
        assert one.drop(columns=["key", "other", "note"], errors="ignore").isna().all(axis=None)


def test_the_same_seed_gives_the_same_table():
    effects = ishigami(sobol_points(ISHIGAMI, 16, 1))
    names = list(ISHIGAMI)
    one, again, other = (sobol_table(names, effects, seed=seed) for seed in (0, 0, 1))
    assert one.equals(again)
    assert one["first_order"].equals(other["first_order"])
    assert not one["first_order_low"].equals(other["first_order_low"])


def test_the_uniform_factor_picks_every_seed_as_often():
    found = [seed_of(u, 7, 10) for u in (np.arange(7000) + 0.5) / 7000]
    assert np.bincount(found).tolist() == [0] * 10 + [1000] * 7
    assert seed_of(0.0, 7, 10) == 10
    assert seed_of(1.0, 7, 10) == 16
    assert isinstance(seed_of(0.5, 7, 10), int)


@pytest.mark.parametrize(
    ("u", "seeds", "first"), [(-0.1, 5, 1), (1.1, 5, 1), (np.nan, 5, 1), (0.5, 0, 1), (0.5, 5, -1)]
)
def test_no_seed_is_picked_from_outside(u, seeds, first):
    with pytest.raises(SensitivityError):
        seed_of(u, seeds, first)


@pytest.mark.parametrize(
    ("effects", "told"),
    [
        (np.zeros(9), "9 effects for 2 keys: the design has 4 points"),
        (np.zeros(4), "two rows or more"),
        (np.zeros((8, 2)), "have the shape"),
        (np.array([0.0, 1.0, np.nan, 0.0, 0.0, 0.0, 1.0, 2.0]), "1 of 8 effects are missing"),
    ],
)
def test_effects_that_fit_no_scheme_are_refused(effects, told):
    with pytest.raises(SensitivityError, match=told):
        sobol_table(["a", "b"], effects, seed=1)
    with pytest.raises(SensitivityError):
        sobol_pairs(["a", "b"], effects, seed=1)


def test_without_salib_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze.sobol", None)
    with pytest.raises(SalibMissingError, match=r'pip install "feidi\[sensitivity\]"'):
        sobol_table(["a"], np.arange(6.0), seed=1)
