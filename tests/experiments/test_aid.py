"""Arms of aid: the arm whose outlay they give away is run beside them, with the same seed, once."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from experiments import runner
from experiments.runner import run_jobs, run_seed
from experiments.scenario import SCENARIOS, Scenario, ScenarioError, aid_arm, check_arms, find_scenario, with_twins
from experiments.study import make_plan
from experiments.turning import turning_jobs
from model.flows import AID, names_of


def jobs(*names, **settings):
    return make_plan(names, **{"case": "tiny", "workers": 1, **settings}).jobs()


@pytest.fixture
def ran(monkeypatch):
    """The arms that are run, in order."""
    names, run_arm = [], runner.run_arm

    def noted(job, scenario, aid=None):
        names.append(scenario.name)
        return run_arm(job, scenario, aid)

    monkeypatch.setattr(runner, "run_arm", noted)
    return names


@pytest.mark.parametrize(
    ("arms", "order"),
    [
        (("aid:town",), ["town", "aid:town"]),
        (("aid_net:town",), ["town", "solo", "aid_net:town"]),
        (("aid:town", "town"), ["town", "aid:town"]),
        (("solo", "town", "aid:town", "aid_net:town"), ["solo", "town", "aid:town", "aid_net:town"]),
        (("aid:town", "aid_net:town"), ["town", "aid:town", "solo", "aid_net:town"]),
    ],
)
def test_what_is_looked_at_is_run_first_and_once(arms, order, ran):
    (job,) = jobs(*arms, seeds=1, years=4)
    assert [run.arm for run in run_seed(job).runs] == list(arms)
    assert ran == order


def test_an_arm_is_the_same_whether_its_aid_is_looked_at_or_not():
    alone, beside = jobs("enclave", seeds=1)[0], jobs("aid_net:enclave", "enclave", seeds=1)[0]
    one, other = run_seed(alone).runs[0], run_seed(beside).runs[1]
    for name, path in one.indicators.items():
        np.testing.assert_array_equal(path, other.indicators[name])


def outlay(run, names):
    """What was paid in a run for some reasons, yuan."""
    return sum(amount for *_, reason, amount in run.flows if reason in names)


def test_every_seed_gets_the_outlay_of_its_own():
    paid = []
    for job in jobs("enclave", "aid:enclave", seeds=2):
        twin, aided = run_seed(job).runs
        paid.append(outlay(twin, names_of(outlay=True)))
        assert outlay(aided, {AID.name}) == pytest.approx(paid[-1], rel=1e-9)
    assert paid[0] != paid[1]


def test_changes_reach_the_run_that_is_looked_at():
    def total(**changes):
        (job,) = jobs("aid:enclave", seeds=1, changes=changes)
        return run_seed(job).runs[0].indicators["public_outlay_to_date"][-1]

    assert total(**{"pool.grant": 0.0}) < total()


def test_turning_points_have_the_outlay_of_their_own_contrast(ran):
    job, *_ = turning_jobs(jobs("solo", "aid:enclave", seeds=1, turning_point=True, years=9))
    run_seed(job)
    assert ran == ["solo", "enclave", "aid:enclave"]
    assert pickle.loads(pickle.dumps(job)).to_run == job.to_run


def test_the_progress_bar_counts_all_runs(capsys):
    run_jobs(jobs("aid:town", seeds=1, years=1), workers=1)
    assert "/2 [" in capsys.readouterr().err


def test_the_command_names_the_arm(monkeypatch):
    (job,) = jobs("aid:enclave", seeds=1, years=9)
    assert job.command(job.scenarios[0]).startswith("feidi run aid:enclave --case tiny --seed 1 --years 9")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("aid:enclav", "Did you mean 'aid:enclave'?"),
        ("aid_nett:enclave", "Did you mean 'aid_net:enclave'?"),
        ("aid:", "no scenario 'aid:'"),
        ("aid:aid", "aid of aid"),
        ("aid:aid_net:enclave", "aid of aid"),
        ("aid_net:aid:enclave", "aid of aid"),
        ("aid:none", "'none' pays nothing"),
        ("aid:solo", "what aid is added to"),
    ],
)
def test_arms_that_make_no_sense(name, told):
    with pytest.raises(ScenarioError) as error:
        find_scenario(name)
    assert told in str(error.value)


def test_aid_alone_is_aid_of_all():
    assert find_scenario("aid") is find_scenario("aid:pooling")
    assert find_scenario("aid_net") is find_scenario("aid_net:pooling")
    with pytest.raises(ScenarioError, match="'aid:pooling' is given twice"):
        check_arms((find_scenario("aid"), find_scenario("aid:pooling")))


def test_aid_of_a_scenario_of_ones_own():
    mine = Scenario("mine", "Mine", "我的", ("solo", "town_joint"))
    assert [one.name for one in with_twins([aid_arm(mine)])] == ["mine", "aid:mine"]
    with pytest.raises(ScenarioError, match="aid of aid"):
        check_arms((aid_arm(aid_arm(mine)),))
    other = Scenario("enclave", "Mine", "我的", ("solo",))
    with pytest.raises(ScenarioError, match="'enclave' is two things"):
        check_arms((other, find_scenario("aid:enclave")))


def test_what_defines_the_arm_that_is_looked_at_is_left_out_of_set():
    mine = Scenario("mine", "Mine", "我的", SCENARIOS["enclave"].mechanisms, {"pool.grant": 1.0})
    with pytest.raises(ScenarioError, match="defines the arm 'mine'"):
        make_plan([aid_arm(mine)], case="tiny", changes={"pool.grant": 2.0})
