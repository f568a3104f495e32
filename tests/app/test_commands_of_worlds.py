"""The command on the page makes the very worlds of the page."""

from __future__ import annotations

import shlex

import numpy as np
import pandas as pd
import pytest

from experiments.app.link import read_link, write_link
from experiments.app.setup import Choice, Policy
from experiments.app.world import Pair
from experiments.cli import build_parser, main
from experiments.commands.compare import NAME as COMPARE
from experiments.commands.run import NAME as RUN
from experiments.figures import FIGURES
from experiments.runner import run_seed

pytestmark = pytest.mark.one_version

SLUMP, COUPON, LINE = "stress.slump", "pool.coupon_rate", "pool.weak_line"


def branch(arm, since, then, before=None, after=None):
    return Choice(Policy(arm, before or {}), since, Policy(then, after or {}))


WORLDS = {
    "plain": ("solo", "enclave", COMPARE),
    "mechanisms of one's own": ("own+", "solo+enclave", COMPARE),
    "a lever in one": ("enclave", Choice(Policy("enclave", {COUPON: 0.07})), COMPARE),
    "levers in both, one alike": (
        Choice(Policy("solo", {SLUMP: 0.4, COUPON: 0.05})),
        Choice(Policy("enclave", {COUPON: 0.12, SLUMP: 0.4})),
        COMPARE,
    ),
    "branch of mechanisms": ("enclave", branch("enclave", 2013, "solo_funded"), COMPARE),
    "branch of levers": (
        branch("enclave", 2013, "enclave", {COUPON: 0.09}, {COUPON: 0.05, SLUMP: 0.3}),
        Choice(Policy("enclave", {COUPON: 0.09})),
        COMPARE,
    ),
    "branch of both": ("solo", branch("solo", 2013, "enclave", {}, {LINE: 2e6}), COMPARE),
    "the same branch twice": (*[branch("solo", 2013, "enclave", {}, {COUPON: 0.05})] * 2, RUN),
    "the same twice": ("enclave", "enclave", RUN),
    "aid": ("aid:enclave", "enclave", COMPARE),
    "aid with levers": (
        Choice(Policy("aid_net:enclave", {COUPON: 0.12})),
        Choice(Policy("enclave", {COUPON: 0.12})),
        COMPARE,
    ),
    "aid with levers of its own": (Choice(Policy("aid:enclave", {COUPON: 0.12})), "enclave", COMPARE),
}


class PlannedError(BaseException):
    """A study is planned, which is not carried out here."""


@pytest.fixture
def planned(tmp_path, monkeypatch):
    """The plan that the command makes of a line."""

    def stop(plan):
        raise PlannedError(plan)

    def plan_of(command):
        words = [*shlex.split(command)[1:], "--workers", "1", "--out", str(tmp_path / "out")]
        with pytest.raises(PlannedError) as plan:
            main(words)
        return plan.value.args[0]

    monkeypatch.setattr("experiments.study.carry_out", stop)
    return plan_of


def told(arm, common):
    """All that a model is made of, of an arm and of the arm whose outlay it gets."""
    twin = arm.aid_of and told(arm.aid_of, common)
    return (arm.name, arm.mechanisms, {**arm.changes, **common}, arm.net, twin)


@pytest.mark.parametrize("what", WORLDS)
def test_the_command_plans_the_same_worlds(what, two, planned):
    left, right, name = WORLDS[what]
    setup = two(left, right, seed=3, last_year=2017)
    assert read_link(write_link(setup)).setup.command() == setup.command()
    plan, fate, arms = planned(setup.command(5)), setup.fate(), setup.arms[0]
    assert [told(arm, plan.changes) for arm in plan.scenarios] == [
        told(arm, fate.changes) for arm in (arms[:1] if name == RUN else arms)
    ]
    assert (plan.case_name, plan.seed, plan.seeds, plan.last_year) == ("tiny", 3, 5, 2017)
    assert (plan.command, plan.turning_point) == (name, False)


@pytest.mark.parametrize("what", ["levers in both, one alike", "branch of levers", "aid with levers"])
def test_the_command_makes_the_same_worlds(what, two, planned):
    setup = two(*WORLDS[what][:2], seed=3, last_year=2014)
    (job,) = planned(setup.command()).jobs()
    runs = {run.arm: run for run in run_seed(job).runs}
    pair = Pair(*setup.arms[0], setup.fate())
    pair.live_to(2014)
    assert len(runs) == 2
    for world in pair.worlds:
        for outcome, path in runs[world.scenario.name].indicators.items():
            np.testing.assert_array_equal([frame.outcomes[outcome] for frame in world.frames], path, err_msg=outcome)


def test_the_command_itself_writes_the_same(two, tmp_path, monkeypatch, capsys):
    drawn = ("partnership_graph", "levels")  # those that tell mechanisms and arms by name; all of them take long
    monkeypatch.setattr("experiments.figures.FIGURES", {name: FIGURES[name] for name in drawn})
    setup = two(*WORLDS["branch of both"][:2], last_year=2014)
    assert main([*shlex.split(setup.command())[1:], "--workers", "1", "--out", str(tmp_path / "out")]) == 0
    assert {file.stem for file in (tmp_path / "out" / "figures").iterdir()} == set(drawn)
    assert "minus solo" in capsys.readouterr().out
    runs = pd.read_parquet(tmp_path / "out" / "indicators.parquet")
    pair = Pair(*setup.arms[0], setup.fate())
    pair.live_to(2014)
    for world in pair.worlds:
        told = runs[runs["arm"] == world.scenario.name].sort_values("year")["recurrent_income_mean"]
        assert told.tolist() == [frame.outcomes["recurrent_income_mean"] for frame in world.frames]


def test_other_worlds_have_other_commands(two):
    commands = {two(*sides[:2]).command() for sides in WORLDS.values()}
    assert len(commands) == len(WORLDS)


def test_case_seeds_and_years_stand_in_the_command(two):
    setup = two("solo", "enclave", seed=7, last_year=2030)
    options = build_parser().parse_args(shlex.split(setup.command(30))[1:])
    assert (options.case, options.seed, options.seeds, options.years) == ("tiny", 7, 30, 25)
    assert not options.turning_point
    assert options.who_pays


def test_a_command_can_be_pasted_into_a_shell(two):
    setup = two(Choice(Policy("solo", {SLUMP: 0.4})), "enclave", case_name="tiny")
    assert f"'solo[{SLUMP}=0.4]'" in setup.command()
