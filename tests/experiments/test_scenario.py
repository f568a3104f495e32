"""Scenarios and the package's public names."""

from __future__ import annotations

from itertools import pairwise

import pytest

import experiments
from experiments.changes import read_changes, short
from experiments.scenario import AID_ARMS, SCENARIOS, Scenario, ScenarioError, check_arms, find_scenario
from experiments.study import STEPS, make_plan
from experiments.turning import turning_jobs
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


def test_an_arm_has_a_hundred_mechanisms_at_most():
    assert len(find_scenario("solo+" * 100).mechanisms) == 100
    with pytest.raises(ScenarioError, match="names 101 mechanisms, and an arm has at most 100") as told:
        find_scenario("solo+" * 101)
    assert len(str(told.value)) < 200


@pytest.mark.parametrize(("name", "hint"), [("enclav", "'enclave'"), ("solofunded", "'solo_funded'"), ("xyz", "solo")])
def test_an_unknown_scenario_is_told_the_nearest(name, hint):
    with pytest.raises(ScenarioError, match=f"no scenario {name!r}") as told:
        find_scenario(name)
    assert hint in str(told.value)


CHANGED = (
    "enclave[pool.coupon_rate=0.07;stress.slump=2015:0.4,2018:0]",
    "solo[pool.relief=1]",
    "solo+enclave@2015[pool.grant=0]",
    "own+[stress.slump=0.5]",
    "aid:enclave[pool.coupon_rate=0.07]",
    "aid_net:enclave[pool.coupon_rate=0.07]",
)


@pytest.mark.parametrize("name", CHANGED)
def test_an_arm_with_changes_is_spelled_as_it_is_read(name):
    arm = find_scenario(name)
    plain = find_scenario(name.partition("[")[0])
    assert arm.name == arm.spelled == name
    assert arm.mechanisms == plain.mechanisms
    assert arm.changes
    told = ", ".join(f"{key} = {short(value)}" for key, value in arm.changes.items())
    assert arm.title == f"{plain.title}, with {told}"
    assert arm.title_zh == f"{plain.title_zh}, {told}"
    assert make_plan((arm,), case="tiny").scenarios == (arm,)


def test_an_arm_with_changes_may_be_written_with_blanks_and_zeros():
    written = " pool.coupon_rate = 0.070 ; stress.slump = 2015:.40, 2018:0.0 "
    assert find_scenario(f"enclave[{written}]") == find_scenario(CHANGED[0])


def test_aid_is_that_of_the_arm_with_the_same_changes_and_net_of_solo_with_them():
    gross, net = (find_scenario(name) for name in CHANGED[-2:])
    enclave, solo = (find_scenario(f"{name}[pool.coupon_rate=0.07]") for name in ("enclave", "solo"))
    assert gross.twins == (enclave,)
    assert net.twins == (enclave, solo)
    assert gross.changes == net.changes == {"pool.coupon_rate": 0.07}


def test_no_turning_point_where_the_difference_between_places_defines_an_arm():
    jobs = {arm: make_plan(("solo", arm), case="tiny").jobs() for arm in ("enclave", "enclave[place.contrast=0]")}
    assert turning_jobs(jobs["enclave"])
    assert turning_jobs(jobs["enclave[place.contrast=0]"]) == []


def test_an_own_arm_is_spelled_with_its_changes():
    mine = Scenario(
        "mine", "Mine", "我的", ("solo", "enclave"), {"pool.grant": 1.0, "pool.relief": {2006: 0.5, 2015: 1}}
    )
    assert mine.spelled == "solo+enclave[pool.grant=1;pool.relief=2006:0.5,2015:1]"
    assert find_scenario(mine.spelled).changes == mine.changes
    assert Scenario("mine", "Mine", "我的", ("own",)).spelled == "own+"


def test_an_arm_with_changes_runs_as_the_plain_arm_with_them_set():
    years = "pool.coupon_rate=2006:0.1,2015:0.05"
    arm = experiments.run(f"enclave[{years}]", case="tiny", workers=1).indicators
    changes = read_changes([years], "--set")
    plain = experiments.run("enclave", case="tiny", changes=changes, workers=1).indicators
    assert arm.drop(columns="arm").equals(plain.drop(columns="arm"))


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
