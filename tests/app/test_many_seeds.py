"""Many seeds in the background: the answers of studies, one batch at a time, and an end that is told."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from experiments.app import batch as module
from experiments.app.batch import CANCELLED, DONE, FAILED, IDLE, RUNNING, WAITING, Batch, Progress, jobs_of
from experiments.app.seeds import SeedPaths
from experiments.app.setup import Choice, Policy
from model.draws import MOST_SEEDS

pytestmark = pytest.mark.one_version


@pytest.fixture
def batches(until):
    """Batches, ended behind the test."""
    made = []

    def batch():
        made.append(Batch())
        return made[-1]

    yield batch
    for one in made:
        one.cancel()
    until(lambda: not module.ONE_AT_A_TIME.locked())


@pytest.fixture
def held(here, monkeypatch):
    """Runs that last until they are let go, and count how many go on."""
    gate, running = Event(), []

    def paths_of(job, names):
        running.append(job.seed)
        assert gate.wait(30)
        return SeedPaths(job.seed, ({"x": np.zeros(2)}, {"x": np.ones(2)}), (np.zeros((2, 1)), np.ones((2, 1))))

    monkeypatch.setattr(module, "paths_of", paths_of)
    yield gate, running
    gate.set()


def test_answers_are_those_of_the_same_runs(batches, seeds, until):
    """In processes of their own; ``test_reading`` holds these answers against the effects of a study."""
    wanted, _ = seeds
    batch = batches()
    batch.start(wanted.setup, 3)
    assert batch.progress.value.state in (WAITING, RUNNING)
    until(lambda: batch.answers.value is not None or batch.progress.value.state == FAILED)
    assert batch.progress.value == Progress(DONE, 3, 3)
    found = batch.answers.value
    assert (found.seeds, found.setup) == ((1, 2, 3), wanted.setup)
    for side in (0, 1):
        assert found.outcomes[side].keys() == wanted.outcomes[side].keys()
        for name, values in wanted.outcomes[side].items():
            np.testing.assert_array_equal(found.outcomes[side][name], values, err_msg=name)
        np.testing.assert_array_equal(found.gains[side], wanted.gains[side])


def test_the_first_seed_is_the_one_that_is_watched(seeds):
    answers, pair = seeds
    for side, world in enumerate(pair.worlds):
        for name, values in answers.outcomes[side].items():
            np.testing.assert_array_equal([frame.outcomes[name] for frame in world.frames], values[0], err_msg=name)
        gains = [frame.accounts.gain for frame in world.frames[1:]]
        np.testing.assert_array_equal(answers.gains[side][0, 1:], gains)
        assert not answers.gains[side][:, 0].any()


def test_the_same_world_twice_is_run_once(two):
    jobs, names = jobs_of(two("enclave", "enclave", seed=5), 4)
    assert names == ("enclave", "enclave")
    assert [(job.seed, len(job.scenarios)) for job in jobs] == [(5, 1), (6, 1), (7, 1), (8, 1)]


def test_the_same_world_twice_has_no_effect(batches, here, two, until):
    batch = batches()
    batch.start(two("enclave", "enclave", last_year=2006), 2)
    until(lambda: batch.answers.value is not None)
    effect = batch.answers.value.effect("recurrent_income_mean")
    assert (effect.difference == 0.0).all()
    assert (effect.low == 0.0).all()


def test_aid_is_run_with_the_arm_that_it_looks_at(batches, here, two, until):
    batch = batches()
    batch.start(two("aid:enclave", Choice(Policy("town")), last_year=2006), 1)
    until(lambda: batch.answers.value is not None)
    assert batch.answers.value.outcomes[0]["treasury"].shape == (1, 2)


def test_a_batch_that_is_cancelled_says_so(batches, held, two, until):
    gate, running = held
    batch = batches()
    batch.start(two(), 3)
    until(lambda: batch.progress.value.state == RUNNING and running)
    batch.cancel()
    gate.set()
    until(lambda: batch.progress.value.state == CANCELLED)
    assert batch.answers.value is None


def test_progress_is_told(batches, held, two, until):
    gate, running = held
    batch = batches()
    batch.start(two(), 2)
    until(lambda: running)
    assert (batch.progress.value.state, batch.progress.value.wanted) == (RUNNING, 2)
    batch.start(two(), 9)
    assert batch.progress.value.wanted == 2, "a second start does nothing"
    gate.set()
    until(lambda: batch.answers.value is not None)
    assert batch.progress.value == Progress(DONE, 2, 2)


def test_one_batch_at_a_time(batches, held, two, until):
    gate, running = held
    one, other = batches(), batches()
    one.start(two(), 1)
    until(lambda: running)
    other.start(two(seed=9), 1)
    Event().wait(0.3)
    assert (other.progress.value.state, running) == (WAITING, [1])
    gate.set()
    until(lambda: other.answers.value is not None)
    assert (one.answers.value.seeds, other.answers.value.seeds) == ((1,), (9,))


def test_who_waits_can_be_cancelled(batches, held, two, until):
    _, running = held
    one, other = batches(), batches()
    one.start(two(), 1)
    until(lambda: running)
    other.start(two(seed=9), 1)
    other.cancel()
    until(lambda: other.progress.value.state == CANCELLED)
    assert running == [1]
    assert one.progress.value.state == RUNNING


def test_what_is_forgotten_does_not_come_back(batches, held, two, until):
    gate, running = held
    batch, told = batches(), []
    batch.start(two(), 1)
    until(lambda: running)
    batch.progress.subscribe(lambda progress: told.append(progress.state))
    batch.forget()
    assert batch.progress.value == Progress()
    batch.start(two(seed=7), 1)
    gate.set()
    until(lambda: batch.answers.value is not None)
    assert batch.answers.value.seeds == (7,)
    assert CANCELLED not in told, "the end of the old runs is nobody's matter"
    batch.forget()
    assert (batch.progress.value.state, batch.answers.value) == (IDLE, None)


def test_runs_that_fail_are_told(batches, here, two, until):
    """The last seeds lie beyond those that there are."""
    batch = batches()
    batch.start(two(seed=MOST_SEEDS - 1, last_year=2006), 2)
    until(lambda: batch.progress.value.state not in (WAITING, RUNNING))
    assert batch.progress.value.state == FAILED
    assert f"seed {MOST_SEEDS}" in batch.progress.value.why
    assert batch.answers.value is None
    batch.start(two(last_year=2006), 1)
    until(lambda: batch.answers.value is not None)


def test_worlds_that_change_forget_the_answers(opened, two, seeds, until):
    session = opened(two())
    session.batch.answers.value = seeds[0]
    session.set_lever((1,), "pool.coupon_rate", 0.07)
    until(lambda: not session.busy.value)
    assert session.batch.answers.value is None
    session.batch.answers.value = seeds[0]
    session.reset()
    session.show(year=2005)
    assert session.batch.answers.value is seeds[0], "the same worlds"
