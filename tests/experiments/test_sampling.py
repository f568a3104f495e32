"""Designs: their points, their order, and sampled numbers as changes of parameters."""

import sys
from collections import Counter

import numpy as np
import pytest

from experiments.sampling import (
    Range,
    SalibMissingError,
    SamplingError,
    anchor_year,
    as_change,
    changes_of,
    grid,
    latin_hypercube,
    morris_points,
    ranges_of,
    sobol_points,
    whole_numbers,
)
from model.cases import load_case
from model.draws import Draws
from model.economy import EconomyModel
from model.parameters import Parameter, Parameters

pytestmark = pytest.mark.one_version

RANGES = {"a.plain": Range(-1.0, 3.0), "a.whole": Range(2.0, 10.0, whole=True)}


def generator():
    return Draws(1).generator("design")


def declared(key, value, *, ends=(1.0, 9.0), limits=(0.0, 10.0), role="uncertainty", **more):
    return Parameter(key, value, "1", "for a test", limits, role, "assumed", range=ends, **more)


def values(points, key):
    return np.array([point[key] for point in points])


def test_a_grid_is_the_full_factorial_the_last_key_fastest():
    assert grid({"a": [1, 2], "b": [5.0, 3.0, 4.0]}) == [
        {"a": 1.0, "b": 5.0},
        {"a": 1.0, "b": 3.0},
        {"a": 1.0, "b": 4.0},
        {"a": 2.0, "b": 5.0},
        {"a": 2.0, "b": 3.0},
        {"a": 2.0, "b": 4.0},
    ]


@pytest.mark.parametrize("values", [{}, {"a": []}, {"a": [1.0, 2.0, 1.0]}, {"a": ["much"]}, {"a": [True]}])
def test_a_grid_of_nothing_or_of_the_same_twice_is_refused(values):
    with pytest.raises(ValueError, match=r"grid"):
        grid(values)


def test_a_latin_hypercube_visits_each_slice_once():
    points = latin_hypercube(RANGES, 36, generator())
    slices = np.floor((values(points, "a.plain") + 1.0) / 4.0 * 36)
    assert sorted(slices.tolist()) == list(range(36))
    assert Counter(values(points, "a.whole").tolist()) == dict.fromkeys(map(float, range(2, 11)), 4)
    assert points == latin_hypercube(RANGES, 36, generator())
    assert points != latin_hypercube(RANGES, 36, Draws(2).generator("design"))


def test_whole_numbers_have_equal_chances_and_both_ends():
    found = Counter(whole_numbers((np.arange(7000) + 0.5) / 7000, -3.0, 3.0).tolist())
    assert found == dict.fromkeys(map(float, range(-3, 4)), 1000)
    assert whole_numbers(np.array([0.0, 1.0]), 2.0, 10.0).tolist() == [2.0, 10.0]
    # A third of three is one, whatever floats make of it.
    assert whole_numbers(np.array([1 / 3 - 1e-16, 2 / 3 - 1e-16]), 0.0, 2.0).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(("second_order", "size"), [(False, 4), (True, 6)])
def test_sobol_points_change_one_key_from_the_first_of_a_row(second_order, size):
    points = sobol_points(RANGES, 8, 1, second_order=second_order)
    assert len(points) == 8 * size
    plain, whole = (values(points, key).reshape(8, size) for key in RANGES)
    # A, A with the first key of B, A with the second, (B with the first of A, B with the second,) B.
    assert np.array_equal(plain[:, 1], plain[:, -1])
    assert np.array_equal(whole[:, 2], whole[:, -1])
    assert np.array_equal(plain[:, 2], plain[:, 0])
    assert np.array_equal(whole[:, 1], whole[:, 0])
    assert (plain[:, 0] != plain[:, -1]).all()
    assert plain.min() >= -1.0
    assert plain.max() <= 3.0
    assert set(whole.ravel()) <= set(range(2, 11))


def test_sobol_points_depend_on_the_seed_alone():
    assert sobol_points(RANGES, 8, 1) == sobol_points(RANGES, 8, 1)
    assert sobol_points(RANGES, 8, 0) == sobol_points(RANGES, 8, 0)
    assert sobol_points(RANGES, 8, 1) != sobol_points(RANGES, 8, 2)


@pytest.mark.parametrize("levels", [2, 4, 6])
@pytest.mark.parametrize("high", [3.0, 4.0, 10.0])
def test_morris_points_move_each_key_once_a_trajectory(levels, high):
    ranges = {**RANGES, "a.few": Range(2.0, high, whole=True)}
    points = morris_points(ranges, 12, levels, 1)
    found = np.array([list(point.values()) for point in points]).reshape(12, 4, 3)
    moved = np.diff(found, axis=1) != 0.0
    assert (moved.sum(axis=1) == 1).all()
    assert (moved.sum(axis=2) == 1).all()
    grid_of_plain = np.linspace(-1.0, 3.0, levels)
    assert np.abs(found[..., 0].reshape(-1, 1) - grid_of_plain).min(axis=1).max() < 1e-12
    assert {found[..., 0].min(), found[..., 0].max()} == {-1.0, 3.0}
    assert points == morris_points(ranges, 12, levels, 1)
    assert points != morris_points(ranges, 12, levels, 2)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: latin_hypercube({}, 5, generator()), "no range"),
        (lambda: latin_hypercube(RANGES, 0, generator()), "points is 0"),
        (lambda: sobol_points(RANGES, 100, 1), "give 128"),
        (lambda: sobol_points(RANGES, 1, 1), "base is 1"),
        (lambda: morris_points(RANGES, 1, 4, 1), "trajectories is 1"),
        (lambda: morris_points(RANGES, 4, 5, 1), "levels is 5"),
        (lambda: morris_points(RANGES, 4, 4.0, 1), "levels is 4.0"),
        (lambda: Range(1.0, 1.0), "1 to 1"),
        (lambda: Range(0.0, float("inf")), "0 to inf"),
        (lambda: Range(0.5, 2.0, whole=True), "whole ends"),
    ],
)
def test_designs_that_cannot_be_are_refused(make, told):
    with pytest.raises(SamplingError, match=told):
        make()


@pytest.mark.parametrize("module", ["SALib.sample.sobol", "SALib.sample.morris"])
def test_without_salib_the_remedy_is_told(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    make = sobol_points if module.endswith("sobol") else lambda ranges, points, seed: morris_points(ranges, 2, 4, seed)
    with pytest.raises(SalibMissingError, match=r'pip install "feidi\[sensitivity\]"'):
        make(RANGES, 8, 1)


def test_all_uncertainties_are_sampled_but_those_of_a_single_value():
    one, none = declared("a.one", 2.0), declared("a.none", 3.0, ends=(3.0, 3.0))
    lever, fixed = declared("a.lever", 2.0, role="lever"), declared("a.fixed", 2.0, role="constant")
    whole = declared("a.whole", 2.0, whole=True)
    parameters = Parameters([one, none, lever, fixed, whole])
    assert ranges_of(parameters) == {"a.one": Range(1.0, 9.0), "a.whole": Range(1.0, 9.0, whole=True)}
    assert list(ranges_of(parameters, ["a.lever", "a.one"])) == ["a.lever", "a.one"]
    assert ranges_of(parameters, {"a.whole": [2.0, 4.0]}) == {"a.whole": Range(2.0, 4.0, whole=True)}


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ([], "no parameter to sample"),
        (["a.one", "a.one"], "named twice"),
        (["a.fixed"], "is a constant"),
        ({"a.fixed": [1.0, 2.0]}, "is a constant"),
        (["a.none"], "has the range 3 alone"),
        (["a.bare"], "has no range"),
        (["a.on"], "Did you mean 'a.one'"),
        ({"a.one": [1.0, 11.0]}, "a.one: high end of range is 11 1, outside the limits"),
        ({"a.one": [2.0]}, "Give two numbers"),
        ({"a.whole": [1.0, 2.5]}, "whole number"),
    ],
)
def test_keys_that_cannot_be_sampled_are_refused(keys, told):
    bare = Parameter("a.bare", 1.0, "1", "for a test", (0.0, 2.0), "lever", "cited", source="a work")
    fixed, none = declared("a.fixed", 2.0, role="constant"), declared("a.none", 3.0, ends=(3.0, 3.0))
    whole = declared("a.whole", 2.0, whole=True)
    with pytest.raises(ValueError, match=told):
        ranges_of(Parameters([declared("a.one", 2.0), none, fixed, bare, whole]), keys)


def test_a_plain_number_is_its_own_change():
    assert as_change(declared("a.one", 2.0), 5.5, 2021) == 5.5


def test_a_dated_path_is_scaled_to_the_latest_date_in_the_range():
    path = declared("a.path", {2005: 0.5, 2012: 2.0, 2021: 4.0, 2035: 6.0}, ends=(2.0, 9.0), between="linear")
    assert anchor_year(path, 2021) == 2021
    assert anchor_year(path, 2020) == 2012
    assert as_change(path, 5.0, 2021) == {2005: 0.625, 2012: 2.5, 2021: 5.0, 2035: 7.5}
    changed = Parameters([path]).but({"a.path": as_change(path, 3.0, 2020)})
    years = (2004, 2008, 2012, 2016, 2030, 2040)
    before, after = ([one.at("a.path", year) for year in years] for one in (Parameters([path]), changed))
    assert np.allclose(after, 1.5 * np.array(before), rtol=1e-12)


def test_the_declared_value_changes_nothing():
    path = declared("a.path", {2005: 0.1, 2021: 0.3, 2035: 0.7}, ends=(0.3, 0.9))
    assert as_change(path, 0.3, 2021) == dict(path.value)
    nothing = declared("a.nothing", {2005: 0.0, 2013: 0.0}, ends=(0.0, 2.0))
    assert as_change(nothing, 0.0, 2021) == dict(nothing.value)


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        (declared("a.path", {2005: 0.5, 2022: 4.0}), 2.0, r"1 to 9, in which none of its values up to 2021 lies"),
        (declared("a.path", {2005: 0.0, 2013: 0.0}, ends=(0.0, 2.0)), 1.0, "is 0 in 2013, which no factor brings to 1"),
        (declared("a.path", {2005: 2.0, 2035: 9.0}), 3.0, r"a\.path: value of 2035 is 13\.5 1, outside the limits"),
        (declared("a.one", 2.0), 11.0, r"a\.one: value is 11 1, outside the limits"),
        (declared("a.one", 2.0, whole=True), 2.5, r"a\.one: value is 2\.5 1\. Give a whole number"),
    ],
)
def test_what_cannot_be_a_change_is_refused(parameter, value, told):
    with pytest.raises(ValueError, match=told):
        as_change(parameter, value, 2021)


def test_a_path_without_a_range_has_no_anchor():
    path = Parameter("a.path", {2005: 1.0}, "1", "for a test", (0.0, 2.0), "lever", "cited", source="a work")
    with pytest.raises(SamplingError, match="by year"):
        as_change(path, 1.5, 2021)
    with pytest.raises(SamplingError, match="no dates"):
        anchor_year(declared("a.one", 2.0), 2021)


@pytest.mark.parametrize("name", ["pinghu", "tiny"])
def test_both_ends_of_every_range_of_a_case_can_be_set(name):
    case = load_case(name)
    parameters, dated = case.parameters, 0
    sampled = [key for key in parameters if parameters.declared(key).role != "constant"]
    widths = {key: parameters.declared(key).range for key in sampled if parameters.declared(key).range}
    for key, one in ranges_of(parameters, [key for key, (low, high) in widths.items() if low < high]).items():
        for value in (one.low, one.high):
            changed = parameters.but(changes_of(parameters, {key: value}, case.last_year))
            if isinstance(parameters.declared(key).value, float):
                assert changed[key] == value
            else:
                dated += 1
                assert changed.at(key, anchor_year(parameters.declared(key), case.last_year)) == value
    assert dated >= 20


def test_points_of_all_uncertainties_at_once_run():
    case = load_case("tiny")
    points = latin_hypercube(ranges_of(case.parameters), 3, generator())
    assert len({len(point) for point in points}) == 1
    for point in points:
        changes = changes_of(case.parameters, point, case.last_year)
        model = EconomyModel(case=case, mechanisms=("solo", "enclave"), changes=changes, seed=1, last_year=2009).run()
        assert np.isfinite(model.villages.recurrent_income).all()
