"""A branch is one world until the year, and has another policy from then on."""

from __future__ import annotations

import pickle

import pytest

from experiments.app.setup import Choice, Policy, Setup
from experiments.app.world import Pair
from experiments.reform import reformed, reformed_levers
from experiments.scenario import AID_ARMS, SCENARIOS, ScenarioError, find_scenario
from model.parameters import Parameters

pytestmark = pytest.mark.one_version

COUPON, SLUMP, LINE = "pool.coupon_rate", "stress.slump", "pool.weak_line"


def worlds(before, since, after, last_year):
    """The first arm, and its branch."""
    setup = Setup(Choice(before), Choice(before, since, after), "tiny", last_year=last_year)
    pair = Pair(*setup.arms[0], setup.fate())
    pair.live_to(last_year)
    return pair.worlds


def as_it_is(frame):
    """All of a year, bit by bit."""
    return pickle.dumps(frame)


@pytest.mark.parametrize(
    ("before", "since", "after", "last_year"),
    [
        (Policy("solo"), 2013, Policy("enclave"), 2015),
        (Policy("pooling"), 2015, Policy("solo"), 2016),
        (Policy("enclave", {COUPON: 0.09}), 2015, Policy("enclave", {COUPON: 0.05}), 2016),
        (Policy("none"), 2006, Policy("solo_funded", {SLUMP: 0.1}), 2007),
    ],
)
def test_the_branch_is_the_same_until_its_year_and_another_world_then(before, since, after, last_year):
    left, right = worlds(before, since, after, last_year)
    for year in range(2005, since):
        assert as_it_is(left.frame(year)) == as_it_is(right.frame(year)), year
    assert left.frame(last_year).outcomes != right.frame(last_year).outcomes


def test_the_branch_of_a_lever_has_its_values_by_year(case):
    left, right = worlds(Policy("enclave"), 2014, Policy("enclave", {SLUMP: 0.8}), 2015)
    assert right.scenario.changes == {SLUMP: {2006: case.parameters[SLUMP], 2014: 0.8}}
    assert right.mechanisms == left.mechanisms
    incomes = [world.frame(2015).outcomes["zone_rent"] for world in (left, right)]
    assert incomes[1] < incomes[0], "the slump of 2015 is felt"


def test_an_arm_is_ended_and_another_begun():
    arm = reformed(find_scenario("enclave"), find_scenario("solo_funded"), 2014)
    assert arm.mechanisms == ("solo@-2013", "town_joint@-2013", "enclave@-2013", "solo_funded@2014")
    assert find_scenario(arm.name) == arm, "the command line makes the same of its name"


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("year", [2006, 2021])
def test_a_branch_that_changes_nothing_is_the_same_arm(name, year, two):
    arm = find_scenario(name)
    assert reformed(arm, arm, year) is arm
    policy = Policy(name, {COUPON: 0.07})
    (left, right), alike = two(Choice(policy), Choice(policy, year, policy)).arms
    assert left == right
    assert alike == {COUPON: 0.07}


def test_a_branch_of_levers_alone_keeps_the_arm(two):
    choice = Choice(Policy("enclave"), 2012, Policy("enclave", {COUPON: 0.05}))
    arm, levers = choice.parts(two().case)
    assert arm is find_scenario("enclave")
    assert list(levers) == [COUPON]


@pytest.mark.parametrize("arm", AID_ARMS)
def test_aid_is_refused_with_a_text_that_helps(arm):
    for before, after in ((arm, "enclave"), ("enclave", arm)):
        with pytest.raises(ScenarioError) as error:
            reformed(find_scenario(before), find_scenario(after), 2012)
        told = str(error.value)
        assert repr(arm) in told
        assert "Reform an arm without aid" in told


def path(parameters: Parameters, key):
    """A lever in every year."""
    return {year: parameters.at(key, year) for year in range(2005, 2025)}


@pytest.mark.parametrize("year", [2007, 2009, 2012, 2018])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {COUPON: 0.05}),
        ({COUPON: 0.05}, {}),
        ({COUPON: 0.05, SLUMP: 0.2}, {COUPON: 0.07, SLUMP: 0.2}),
        ({}, {LINE: 5e5}),
        ({LINE: 5e5}, {}),
        ({LINE: {2006: 1e5, 2015: 3e5}}, {LINE: {2006: 2e5, 2011: 4e5, 2020: 6e5}}),
        ({LINE: {2014: 1e5, 2020: 3e5}}, {LINE: 2e5}),
    ],
)
def test_levers_have_one_path_before_and_another_after(case, before, after, year):
    found = case.parameters.but(reformed_levers(before, after, year, case))
    for key in {*before, *after}:
        old, new = (path(case.parameters.but(changes), key) for changes in (before, after))
        wanted = {date: (old if date < year else new)[date] for date in old}
        assert path(found, key) == wanted


def test_levers_that_are_alike_have_no_path(case):
    assert reformed_levers({SLUMP: 0.2}, {SLUMP: 0.2}, 2012, case) == {SLUMP: 0.2}
    assert reformed_levers({}, {}, 2012, case) == {}
