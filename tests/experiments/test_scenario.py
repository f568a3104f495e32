"""Scenarios and the package's public names."""

from __future__ import annotations

from itertools import pairwise

import pytest

import experiments
from experiments.scenario import AID_ARMS, SCENARIOS, Scenario, ScenarioError, check_arms, find_scenario
from experiments.study import STEPS, make_plan
from model.registry import mechanisms

LADDER = ("town", "enclave", "mountain_sea", "east_west", "household_shares", "pooling")


def test_rungs_of_the_ladder_are_cumulative():
    rungs = [SCENARIOS["solo"], *(SCENARIOS[name] for name in LADDER)]
    for below, rung in pairwise(rungs):
        assert rung.mechanisms[: len(below.mechanisms)] == below.mechanisms
        assert len(rung.mechanisms) > len(below.mechanisms)
        assert (below.name, rung.name) in STEPS
    assert {f"{kind}:{name}" for kind in ("aid", "aid_net") for name in LADDER} <= set(AID_ARMS)


def test_every_scenario_is_found_and_made_of_mechanisms_that_exist():
    for name, scenario in SCENARIOS.items():
        assert find_scenario(name) is scenario
        assert scenario.name == name
        assert set(scenario.mechanisms) <= set(mechanisms())
        assert scenario.title
        assert scenario.title_zh


@pytest.mark.parametrize(("name", "hint"), [("enclav", "'enclave'"), ("solofunded", "'solo_funded'"), ("xyz", "solo")])
def test_an_unknown_scenario_is_told_the_nearest(name, hint):
    with pytest.raises(ScenarioError, match=f"no scenario {name!r}") as told:
        find_scenario(name)
    assert hint in str(told.value)


def test_an_arm_twice():
    with pytest.raises(ScenarioError, match="'solo' is given twice"):
        check_arms((SCENARIOS["solo"], SCENARIOS["enclave"], SCENARIOS["solo"]))


def test_a_scenario_of_ones_own_is_checked():
    with pytest.raises(ScenarioError, match=r"'mine'.*'enclav'.*'enclave'"):
        make_plan((Scenario("mine", "Mine", "我的", ("enclav",)),), case="tiny")


def test_public_names():
    assert experiments.Scenario is Scenario
    assert callable(experiments.compare)
    assert callable(experiments.run)
    with pytest.raises(AttributeError, match="experiments has no name 'compar'"):
        experiments.compar  # noqa: B018


def test_pairs():
    def pairs(*names):
        return make_plan(names, case="tiny").pairs

    assert pairs("solo") == []
    assert pairs("solo", "enclave") == [("solo", "enclave")]
    assert pairs("solo_funded", "enclave") == [("solo_funded", "enclave")]
    assert pairs("solo", "town", "enclave") == [("solo", "town"), ("solo", "enclave"), ("town", "enclave")]
    assert pairs("solo", "aid:enclave", "enclave") == [
        ("solo", "aid:enclave"),
        ("solo", "enclave"),
        ("aid:enclave", "enclave"),
    ]
    assert pairs("solo_funded", "enclave_at_risk", "enclave", "solo")[3:] == [("enclave_at_risk", "enclave")]
    assert pairs("solo", "enclave", "solo_funded") == [
        ("solo", "enclave"),
        ("solo", "solo_funded"),
        ("solo_funded", "enclave"),
    ]
