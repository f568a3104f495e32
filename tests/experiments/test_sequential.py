"""Sequential stopping: looks fixed in advance, honest words at the cap, and what stopping early does to coverage."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.weightstats import DescrStatsW

from experiments.sequential import Target, TargetError, decide, half_widths, pairs_of, reached, rounds, seeds_needed

pytestmark = pytest.mark.one_version

TARGET = Target("recurrent_income_mean", 2021, half_width=1.0, first=10, step=10, cap=40)
SPREAD = np.array([-1.0, 1.0] * 50)  # standard deviation a little above 1
PAIRS = [("solo", "town"), ("solo", "enclave"), ("town", "enclave")]


@pytest.mark.parametrize(
    ("first", "step", "cap", "looks"),
    [(10, 10, 40, [10, 20, 30, 40]), (10, 7, 25, [10, 17, 24, 25]), (12, 50, 30, [12, 30]), (15, 1, 15, [15])],
)
def test_looks_are_fixed_in_advance(first, step, cap, looks):
    assert rounds(Target("income", 2021, 1.0, first=first, step=step, cap=cap)) == looks


@pytest.mark.parametrize(
    ("baseline", "arm", "found"),
    [(None, None, PAIRS), ("solo", None, PAIRS[:2]), (None, "enclave", PAIRS[1:]), ("town", "enclave", PAIRS[2:])],
)
def test_pairs_of_a_target(baseline, arm, found):
    assert pairs_of(dataclasses.replace(TARGET, baseline=baseline, arm=arm), PAIRS) == found


def test_half_widths_are_those_of_statsmodels():
    draws = np.random.default_rng(1).normal(size=(15, 2)) + 3.0
    low, high = DescrStatsW(draws).tconfint_mean(alpha=0.1)
    assert half_widths(draws, level=0.9) == pytest.approx((high - low) / 2.0)


def test_reached_when_the_widest_is_as_narrow_as_wanted():
    both = np.column_stack([SPREAD[:20], 2.0 * SPREAD[:20]])
    widest = float(half_widths(both)[1])
    assert reached(both, widest)
    assert not reached(both, 0.999 * widest)
    assert reached(both[:, 0], 0.999 * widest)


def test_few_seeds_that_agree_are_not_enough():
    assert not reached([3.0] * 9, 1.0)
    assert reached([3.0] * 10, 1.0)
    assert not reached([*([3.0] * 9), *([np.nan] * 5)], 1.0)
    assert not reached([np.nan] * 20, 1.0)


@pytest.mark.parametrize("wanted", [0.5, 0.2, 0.05])
def test_seeds_needed_are_enough_and_not_too_many(wanted):
    draws = 1.7 * np.random.default_rng(2).normal(size=12)
    needed, deviation = seeds_needed(draws, wanted), draws.std(ddof=1)
    seeds = np.arange(2, 20_000)
    exact = seeds[stats.t.ppf(0.975, seeds - 1) * deviation / np.sqrt(seeds) <= wanted][0]
    assert needed == pytest.approx(exact, abs=1)


def test_seeds_needed_where_some_are_missing():
    draws = np.random.default_rng(3).normal(size=40)
    holed = np.where(np.arange(80) % 2 == 0, np.repeat(draws, 2), np.nan)
    assert seeds_needed(holed, 0.1) == pytest.approx(2 * seeds_needed(draws, 0.1), abs=2)
    assert seeds_needed([1.0, *([np.nan] * 19)], 0.1) is None
    assert seeds_needed([0.0, 1.0, 0.0], 1e-200) is None


def test_going_on():
    found = decide(3.0 * SPREAD[:20], TARGET)
    assert (found.state, found.go_on, found.seeds, found.next_seeds) == ("continue", True, 20, 30)
    assert found.message == "not yet reached: half-width 1.441 after 20 seeds, wanted 1; on to 30 seeds"


def test_stopping_because_it_is_reached():
    found = decide(SPREAD[:20], TARGET)
    assert (found.state, found.go_on, found.seeds, found.next_seeds) == ("reached", False, 20, 20)
    assert found.half_width == pytest.approx(2.093 * math.sqrt(20 / 19) / math.sqrt(20), rel=1e-3)
    assert found.message == "reached: half-width 0.4802 after 20 seeds, wanted 1"


def test_the_cap_says_how_far_off_it_is():
    found = decide(5.0 * SPREAD[:40], TARGET)
    assert (found.state, found.go_on, found.next_seeds, found.needed) == ("cap", False, 40, 101)
    assert found.message == "not reached: half-width 1.619 after 40 seeds, wanted 1; about 101 seeds would be needed"


def test_at_the_cap_more_are_needed_than_there_were():
    just = half_widths(SPREAD[:10])[0] * 0.9999
    found = decide(SPREAD[:10], dataclasses.replace(TARGET, half_width=float(just), cap=10))
    assert (found.state, found.needed) == ("cap", 11)


def test_what_is_not_defined_is_never_reached():
    found = decide(np.column_stack([SPREAD[:40], np.full(40, np.nan)]), TARGET)
    assert found.needed is None
    assert found.message == (
        "not reached: half-width not defined after 40 seeds, wanted 1; how many would be needed can't be told"
    )


def test_no_spread_is_said():
    assert decide([2.0] * 10, TARGET).message.endswith("wanted 1, the same in all seeds")


@pytest.mark.parametrize("seeds", [5, 11, 50])
def test_a_look_between_rounds_is_refused(seeds):
    with pytest.raises(TargetError, match=f"{seeds} seeds are no planned look: give 10, 20, 30, 40"):
        decide(SPREAD[:seeds], TARGET)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"half_width": 0.0}, "half_width is 0"),
        ({"half_width": math.nan}, "half_width is nan"),
        ({"half_width": math.inf}, "half_width is inf"),
        ({"first": 9}, "first is 9: .* at least 10"),
        ({"step": 0}, "step is 0"),
        ({"step": 2.5}, "step is 2.5"),
        ({"cap": 9}, "cap is 9: .* at least 10"),
    ],
)
def test_a_target_that_cannot_be(changes, words):
    with pytest.raises(TargetError, match=words):
        dataclasses.replace(TARGET, **changes)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: half_widths(np.zeros((3, 2, 2))), "shape"),
        (lambda: half_widths(np.zeros((0, 2))), "none empty"),
        (lambda: reached(np.zeros((3, 0)), 1.0), "none empty"),
        (lambda: reached([1.0], -1.0), "half_width is -1"),
        (lambda: seeds_needed([1.0], 0.0), "half_width is 0"),
        (lambda: pairs_of(dataclasses.replace(TARGET, arm="aid"), PAIRS), "aid against any baseline.*enclave against"),
        (lambda: pairs_of(TARGET, []), r"\(none\)"),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises(TargetError, match=words):
        call()


def at_the_stop(draws, half_width, looks):
    """Whether each study's interval covers the true mean 0 when it stops, and its seeds. draws: (seeds, studies)."""
    covered, used = np.zeros(draws.shape[1], dtype=bool), np.zeros(draws.shape[1], dtype=int)
    for seeds in looks:
        half = half_widths(draws[:seeds])
        stopped = (used == 0) & ((half <= half_width) | (seeds == looks[-1]))
        covered[stopped] = (np.abs(draws[:seeds].mean(axis=0)) <= half)[stopped]
        used[stopped] = seeds
    return covered, used


def normal(studies):
    return np.random.default_rng(4).normal(size=(100, studies))


def skewed(studies):
    return np.random.default_rng(5).exponential(size=(100, studies)) - 1.0


def test_decisions_are_those_of_the_simulation():
    draws, target = normal(30), Target("income", 2021, half_width=0.5)
    _, used = at_the_stop(draws, 0.5, rounds(target))
    for study, seeds in zip(draws.T, used, strict=True):
        states = [decide(study[:look], target).go_on for look in rounds(target) if look <= seeds]
        assert states == [True] * (len(states) - 1) + [False]


@pytest.mark.parametrize(("half_width", "seeds"), [(0.6, 17.4), (0.5, 21.8), (0.3, 48.9)])
def test_coverage_after_stopping_early(half_width, seeds):
    covered, used = at_the_stop(normal(8000), half_width, rounds(Target("income", 2021, half_width)))
    assert used.mean() == pytest.approx(seeds, rel=0.02)
    assert 0.93 <= covered.mean() <= 0.95


def test_a_larger_first_round_costs_less_coverage():
    draws = normal(20_000)
    losses = [
        0.95 - at_the_stop(draws, 0.6, rounds(Target("income", 2021, 0.6, first=first)))[0].mean() for first in (10, 20)
    ]
    assert losses[1] < 0.6 * losses[0]


@pytest.mark.parametrize(("half_width", "share"), [(0.6, 0.90), (0.4, 0.876), (0.3, 0.872)])
def test_coverage_of_skewed_differences_is_lower(half_width, share):
    covered, _ = at_the_stop(skewed(8000), half_width, rounds(Target("income", 2021, half_width)))
    assert covered.mean() == pytest.approx(share, abs=0.012)


def test_small_first_rounds_would_cover_less():
    """Looks at every number of seeds from 3 on: what the least first round keeps away."""
    covered, _ = at_the_stop(normal(4000), 0.5, range(3, 101))
    assert covered.mean() < 0.915
