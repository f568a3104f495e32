"""The runner: paired seeds, the same bits however it is run, errors in one line."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest

from experiments import runner
from experiments.frames import flow_frame, indicator_frame, village_frame
from experiments.runner import RunError, one_thread_each, run_jobs, run_seed
from experiments.scenario import Scenario
from experiments.study import make_plan


@pytest.fixture
def jobs():
    return make_plan(("solo", "enclave"), case="tiny", seeds=3, years=9, workers=1).jobs()


def test_one_worker_or_two(monkeypatch):
    jobs = make_plan(("solo", "aid:enclave"), case="tiny", seeds=3, years=9, workers=1).jobs()
    monkeypatch.setattr(runner, "JOBS_A_WORKER", 1)  # so that workers are also renewed on the way
    here, there = (run_jobs(jobs, workers=workers, quiet=True) for workers in (1, 2))
    for table in (indicator_frame, flow_frame, village_frame):
        pd.testing.assert_frame_equal(table(here), table(there), check_exact=True)
    assert [result.seed for result in there] == [1, 2, 3]
    assert [run.arm for run in there[0].runs] == ["solo", "aid:enclave"]


def test_a_seed_alone_is_the_seed_among_others(jobs):
    alone, among = run_seed(jobs[1]), run_jobs(jobs, workers=1, quiet=True)[1]
    pd.testing.assert_frame_equal(indicator_frame([alone]), indicator_frame([among]), check_exact=True)


def test_arms_meet_the_same_opening_state(jobs):
    first = indicator_frame([run_seed(jobs[0])]).query("year == 2005").drop(columns="arm")
    assert len(first) == 2
    np.testing.assert_array_equal(first.iloc[0].to_numpy(), first.iloc[1].to_numpy())


def test_seeds_differ(jobs):
    found = indicator_frame([run_seed(job) for job in jobs[:2]])
    last = found[(found["year"] == 2014) & (found["arm"] == "solo")]
    assert last["recurrent_income_mean"].nunique() == 2


def failing(job, scenario, aid=None):
    if (job.seed, scenario.name) == (2, "enclave"):
        raise ZeroDivisionError("a village\nwithout households")
    return run_arm(job, scenario)


run_arm = runner.run_arm


def test_a_run_that_fails_is_told_in_one_line(jobs, monkeypatch):
    monkeypatch.setattr(runner, "run_arm", failing)
    with pytest.raises(RunError) as told:
        run_jobs(jobs, workers=1, quiet=True)
    message = str(told.value)
    assert "\n" not in message
    assert "arm 'enclave', seed 2 failed: ZeroDivisionError: a village without households" in message
    assert "feidi run enclave --case tiny --seed 2 --years 9 --workers 1 --debug" in message


def test_changes_are_part_of_the_command(jobs):
    job = make_plan(("solo",), case="tiny", changes={"place.contrast": -0.5}).jobs()[0]
    assert "--set place.contrast=-0.5" in job.command(job.scenarios[0])


def test_the_changes_of_an_arm_are_part_of_the_command_too():
    """The command as it is printed makes the same arm."""
    mine = Scenario("solo+enclave", "Mine", "我", ("solo", "enclave"), {"pool.coupon_rate": 0.08})
    job = make_plan((mine,), case="tiny", changes={"place.contrast": -0.5}).jobs()[0]
    command = job.command(mine)
    assert "'solo+enclave[pool.coupon_rate=0.08]' --case tiny" in command
    assert command.endswith("--set place.contrast=-0.5 --workers 1 --debug")
    again = make_plan((mine.spelled,), case="tiny", changes=job.changes).jobs()[0].scenarios[0]
    assert (again.mechanisms, again.changes) == (mine.mechanisms, mine.changes)
    assert again.spelled == mine.spelled


def test_the_progress_bar_counts_runs(jobs, capsys):
    run_jobs(jobs[:1], workers=1)
    assert "/2 [" in capsys.readouterr().err


def test_threads_of_blas_are_set_back(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with one_thread_each():
        assert os.environ["OPENBLAS_NUM_THREADS"] == os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "OPENBLAS_NUM_THREADS" not in os.environ
