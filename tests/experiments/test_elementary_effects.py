"""Elementary effects: what they are of known functions, and the floor below which all may be luck."""

import sys

import numpy as np
import pytest

from experiments.sampling import Range, SalibMissingError, morris_points
from experiments.sensitivity import NO_EFFECT, NOISE, ONE_SEED, SensitivityError, morris_table
from model.draws import Draws

UNIT = Range(0.0, 1.0)


def array(points):
    """The points as an array of shape (points, keys)."""
    return np.array([list(point.values()) for point in points])


@pytest.fixture(scope="module")
def noise():
    """Luck: normal numbers, more rows than there are points, and a column a seed."""
    return Draws(1).generator("noise").standard_normal((1000, 20))


def value(table, key, column):
    return float(table.loc[table["key"] == key, column].iloc[0])


def note(table, key):
    return str(table.loc[table["key"] == key, "note"].iloc[0])


def linear(ranges, weights, *, seed=1, trajectories=10):
    points = morris_points(ranges, trajectories, 4, seed)
    ends = np.array([[one.low, one.high] for one in ranges.values()])
    unit = (array(points) - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
    return points, unit @ np.array(weights)


def test_elementary_effects_of_a_sum_are_its_slopes_over_the_whole_range():
    ranges = {"a": Range(5.0, 25.0), "b": UNIT, "dummy": UNIT}
    points, effects = linear(ranges, [2.0, -3.0, 0.0])
    table = morris_table(list(ranges), points, effects, levels=4, seed=1)
    assert table["key"].tolist() == ["a", "b", "dummy"]
    assert table["mu"].tolist() == pytest.approx([2.0, -3.0, 0.0])
    assert table["mu_star"].tolist() == pytest.approx([2.0, 3.0, 0.0])
    assert table["sigma"].tolist() == pytest.approx(np.zeros(3), abs=1e-12)
    assert table["mu_star_low"].tolist() == pytest.approx(table["mu_star_high"].tolist())
    assert table["noise_floor"].isna().all()
    assert table["note"].tolist() == [ONE_SEED, ONE_SEED, NO_EFFECT]


def test_effects_that_change_sign_show_in_mu_star_and_sigma():
    ranges = {"x": Range(-1.0, 1.0), "y": Range(-1.0, 1.0)}
    points = morris_points(ranges, 40, 4, 1)
    table = morris_table(list(ranges), points, array(points).prod(axis=1), levels=4, seed=1)
    # At a step of x its effect is 2 y, for y at -1, -1/3, 1/3 or 1: of size 4/3 on average.
    assert table["mu_star"].tolist() == pytest.approx([4.0 / 3.0] * 2, abs=0.25)
    assert table["mu"].abs().max() < 0.6
    assert table["sigma"].min() > 1.0
    assert (table["mu_star_low"] < 4.0 / 3.0).all()
    assert (table["mu_star_high"] > 4.0 / 3.0).all()


def test_the_table_is_of_the_mean_over_seeds(noise):
    ranges = {"a": UNIT, "b": UNIT}
    points, effects = linear(ranges, [2.0, 1.0])
    by_seed = effects[:, None] + 0.1 * noise[: len(points), :8]
    table = morris_table(list(ranges), points, by_seed, levels=4, seed=1)
    mean = morris_table(list(ranges), points, by_seed.mean(axis=1), levels=4, seed=1)
    columns = ["mu", "mu_star", "sigma", "mu_star_low", "mu_star_high"]
    assert np.array_equal(table[columns], mean[columns])


def test_luck_that_all_points_share_is_no_noise(noise):
    ranges = {"a": UNIT, "b": UNIT}
    points, effects = linear(ranges, [2.0, 1.0])
    table = morris_table(list(ranges), points, effects[:, None] + noise[:8, 0], levels=4, seed=1)
    assert table["noise_floor"].max() < 1e-12
    assert set(table["note"]) == {""}


KEYS = {f"key {number}": UNIT for number in range(50)}


@pytest.mark.parametrize("seeds", [4, 12])
@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_about_one_key_in_twenty_without_an_effect_lies_above_the_noise_floor(seeds, shared):
    """Luck that differs from point to point, or a slope of each seed's own that is zero on average over seeds."""
    above = []
    for seed in range(6):
        points, draw = morris_points(KEYS, 10, 4, seed), Draws(seed).generator(f"{seeds} {shared}")
        slopes, luck = draw.standard_normal((len(KEYS), seeds)), draw.standard_normal((len(points), seeds))
        effects = shared * array(points) @ slopes + (1.0 - shared) * luck
        table = morris_table(list(KEYS), points, effects, levels=4, seed=seed)
        above += (table["mu_star"] > table["noise_floor"]).tolist()
        assert (table["note"].str.contains(NOISE) == (table["mu_star"] <= table["noise_floor"])).all()
    assert 0.01 <= np.mean(above) <= 0.1


def test_an_effect_above_the_noise_is_told_from_it(noise):
    ranges = {"a": UNIT, "b": UNIT, "dummy": UNIT}
    points, effects = linear(ranges, [2.0, 0.0, 0.0])
    luck = 0.5 * noise[: len(points), :10]
    # The dummy changes nothing at all, not even luck: all points but for it are the same.
    same = np.unique(array(points)[:, :2], axis=0, return_inverse=True)[1]
    table = morris_table(list(ranges), points, effects[:, None] + luck[same.ravel()], levels=4, seed=1)
    assert value(table, "a", "mu_star") > 2.0 * value(table, "a", "noise_floor")
    assert NOISE not in note(table, "a")
    assert 0.0 < value(table, "b", "mu_star") <= value(table, "b", "noise_floor")
    assert NOISE in note(table, "b")
    assert value(table, "dummy", "mu_star") == value(table, "dummy", "noise_floor") == 0.0
    assert note(table, "dummy") == NO_EFFECT


def test_more_seeds_lower_the_noise_floor_by_the_root(noise):
    points = morris_points(KEYS, 10, 4, 1)
    few, many = (
        morris_table(list(KEYS), points, noise[: len(points), :seeds], levels=4, seed=1)["noise_floor"].mean()
        for seeds in (5, 20)
    )
    assert few / many == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    ("names", "points", "effects", "told"),
    [
        (["a", "b"], 5, np.zeros(5), "5 points for 2 keys"),
        (["a", "b"], 3, np.zeros(3), "at least two"),
        (["a", "b"], 6, np.zeros(5), "5 effects for 6 points"),
        (["a", "b"], 6, np.zeros((6, 2, 2)), "have the shape"),
        (["a", "b"], 6, np.array([0.0, 1.0, np.nan, 0.0, np.inf, 0.0]), "2 of 6 effects are missing"),
        ([], 6, np.zeros(6), "0 keys"),
        (["a", "c"], 6, np.zeros(6), "point 1 has no 'c'"),
    ],
)
def test_effects_that_fit_no_trajectories_are_refused(names, points, effects, told):
    made = morris_points({"a": UNIT, "b": UNIT}, 2, 4, 1)[:points]
    with pytest.raises(SensitivityError, match=told):
        morris_table(names, made, effects, levels=4, seed=1)


def test_points_in_another_order_are_no_trajectories():
    made = morris_points({"a": UNIT, "b": UNIT}, 2, 4, 1)
    with pytest.raises(SensitivityError, match="each step must move one key"):
        morris_table(["a", "b"], [made[row] for row in (0, 2, 1, 3, 4, 5)], np.zeros(6), levels=4, seed=1)
    with pytest.raises(SensitivityError, match="each step must move one key"):
        morris_table(["a", "b"], made[1:] + made[:1], np.zeros(6), levels=4, seed=1)


def test_without_salib_the_remedy_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze.morris", None)
    with pytest.raises(SalibMissingError, match=r'pip install "feidi\[sensitivity\]"'):
        morris_table(["a"], [{"a": 0.0}, {"a": 1.0}] * 2, np.arange(4.0), levels=2, seed=1)
