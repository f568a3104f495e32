"""Worlds that are lived year by year are the runs of a study, and every lived year comes back as it was."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest

from experiments.app.frame import take_frame
from experiments.app.world import Fate, Pair
from experiments.runner import Job, run_each
from experiments.scenario import find_scenario
from model.economy import EconomyModel


def runs_of(pair):
    """The same arms and luck, as studies run them: name -> run."""
    fate, arms = pair.fate, tuple(world.scenario for world in pair.worlds)
    return run_each(Job(fate.case, fate.case.name, arms, fate.seed, fate.last_year, fate.changes))


@pytest.mark.parametrize(
    ("left", "right", "common"),
    [
        ("solo", "pooling", {}),
        ("aid:pooling", "pooling", {}),
        ("solo", "enclave", {"last_year": 2015, "stress.slump": 0.4}),
        ("aid_net:enclave", "enclave", {"last_year": 2013}),
    ],
)
def test_worlds_are_the_runs_of_studies_bit_for_bit(live, left, right, common):
    pair = live(left, right, **common)
    for run, world in zip(runs_of(pair).values(), pair.worlds, strict=True):
        assert run.years == pair.years
        assert run.indicators.keys() == world.frames[0].outcomes.keys()
        for name, path in run.indicators.items():
            np.testing.assert_array_equal([frame.outcomes[name] for frame in world.frames], path, err_msg=name)


def same(one, other):
    """Whether two values are alike, whatever they are made of."""
    return pickle.dumps(one) == pickle.dumps(other)


def test_a_lived_year_comes_back_unchanged(case):
    pair = Pair(find_scenario("solo"), find_scenario("pooling"), Fate(case, 3, 2009, {}))
    pair.live_to(2007)
    before = [pickle.dumps(world.frame(2007)) for world in pair.worlds]
    pair.live_to(2009)
    assert [pickle.dumps(world.frame(2007)) for world in pair.worlds] == before
    assert not same(pair.worlds[1].frame(2008).tables, pair.worlds[1].frame(2007).tables)


def test_years_that_were_not_lived_are_told_by_the_nearest_one(twins):
    assert (twins.years[0], twins.lived, twins.ended) == (2005, 2013, True)
    seen = [twins.worlds[0].frame(year).year for year in (1900, 2005, 2010, 2013, 2030)]
    assert seen == [2005, 2005, 2010, 2013, 2013]


def test_both_worlds_have_one_clock_and_stop_at_the_last_year(case):
    pair = Pair(find_scenario("solo"), find_scenario("town"), Fate(case, 1, 2007, {}))
    assert pair.years == (2005,)
    pair.step()
    assert [world.lived for world in pair.worlds] == [2006, 2006]
    assert not pair.ended
    for _ in range(4):
        pair.step()
    assert [world.lived for world in pair.worlds] == [2007, 2007]
    pair.live_to(2030)
    assert pair.years == (2005, 2006, 2007)


def test_models_are_let_go_at_the_last_year(case):
    pair = Pair(find_scenario("solo"), find_scenario("town"), Fate(case, 1, 2006, {}))
    assert all(world._model is not None for world in pair.worlds)
    pair.live_to(2006)
    assert all(world._model is None for world in pair.worlds)


def test_what_is_alike_in_both_worlds_is_kept_once(pair):
    for year in (2005, 2012, 2021):
        left, right = (world.frame(year).households for world in pair.worlds)
        assert left.earnings is right.earnings
        assert left.low_income is right.low_income


def test_what_differs_is_kept_apart(case):
    one, other = (EconomyModel(case=case, mechanisms=("solo",), seed=seed) for seed in (1, 2))
    apart, together = take_frame(other).households, take_frame(other, take_frame(one)).households
    for name in ("earnings", "listed", "low_income"):
        np.testing.assert_array_equal(getattr(apart, name), getattr(together, name), err_msg=name)


def test_identical_worlds_are_identical(twins):
    for left, right in zip(twins.worlds[0].frames, twins.worlds[1].frames, strict=True):
        assert same(left.tables, right.tables)
        assert same(left.outcomes, right.outcomes)
        assert all(same(getattr(left, one.name), getattr(right, one.name)) for one in dataclasses.fields(left))


def test_the_same_luck_until_the_first_policy_differs(live, pair):
    """In this luck the first pool is that of the enclave: until then nothing of what villages are differs."""
    for year in range(2005, 2013):
        left, right = (world.frame(year).tables["Village"] for world in pair.worlds)
        for name in left:
            np.testing.assert_array_equal(left[name], right[name], err_msg=name)
    left, right = (world.frame(2014).tables["Village"]["recurrent_income"] for world in pair.worlds)
    assert (left != right).any()
