"""The list of low-income households and what is put in for them: sums on paper, and both kinds of error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.low_income import (
    SOURCES,
    STEPS,
    accrued,
    candidates,
    own_contribution,
    paid_by,
    six_steps,
    stake_by_sources,
    status,
    yearly_review,
)
from model.parameters import load_parameters

SHARES = np.array([0.10, 0.33, 0.03, 0.10, 0.07, 0.05, 0.32])
SHARE = st.floats(0.0, 1.0)
MONEY = st.floats(0.0, 1e6)
UNIFORM = st.floats(0.0, 1.0, exclude_max=True)


def test_a_household_leaves_above_the_exit_line_only():
    income, was = np.array([9.0, 10.0, 10.0, 14.0, 15.0]), np.array([False, False, True, True, True])
    assert status(income, was, entry_line=10.0, exit_line=15.0).tolist() == [True, False, True, True, False]


def test_lines_may_differ_by_household():
    income, was = np.array([9.0, 9.0]), np.array([False, False])
    assert status(income, was, entry_line=np.array([8.0, 10.0]), exit_line=np.array([9.0, 11.0])).tolist() == [
        False,
        True,
    ]


def test_who_applies():
    eligible = np.array([True, True, False, False, False])
    income, uniform = np.array([9.0, 12.0, 14.0, 14.0, 15.0]), np.array([0.8, 0.95, 0.2, 0.4, 0.0])
    applies = candidates(eligible, income, uniform, entry_line=10.0, near=1.5, knows=0.9, tries=0.3)
    assert applies.tolist() == [True, False, True, False, False]


@given(st.lists(st.tuples(st.booleans(), st.lists(UNIFORM, min_size=6, max_size=6)), min_size=1, max_size=20))
def test_steps_without_error_list_exactly_the_eligible(people):
    eligible, uniforms = np.array([one for one, _ in people]), np.array([drawn for _, drawn in people]).T
    assert six_steps(eligible, uniforms, miss=0.0, slip=0.0).tolist() == eligible.tolist()
    assert six_steps(eligible, uniforms, miss=1.0, slip=1.0).tolist() == (~eligible).tolist()


@given(
    st.lists(st.tuples(st.booleans(), st.lists(UNIFORM, min_size=6, max_size=6)), min_size=1, max_size=20), SHARE, SHARE
)
def test_six_steps_agree_with_a_plain_loop(people, miss, slip):
    expected = []
    for is_eligible, drawn in people:
        expected.append(all(u >= miss if is_eligible else u < slip for u in drawn))
    eligible, uniforms = np.array([one for one, _ in people]), np.array([drawn for _, drawn in people]).T
    assert six_steps(eligible, uniforms, miss=miss, slip=slip).tolist() == expected


def test_errors_of_the_steps_compound():
    uniforms = np.random.default_rng(1).random((6, 40_000))
    listed = six_steps(np.arange(40_000) < 20_000, uniforms, miss=0.1, slip=0.6)
    assert listed[:20_000].mean() == pytest.approx(0.9**6, abs=0.01)
    assert listed[20_000:].mean() == pytest.approx(0.6**6, abs=0.01)


def test_there_are_six_steps():
    assert len(STEPS) == 6
    with pytest.raises(ValueError, match="5 rows of numbers for 6 steps"):
        six_steps(np.array([True]), np.zeros((5, 1)), miss=0.0, slip=0.0)


def test_the_review_errs_both_ways():
    listed = np.array([True, True, True, True, False])
    eligible, uniform = np.array([True, True, False, False, True]), np.array([0.5, 0.01, 0.05, 0.5, 0.5])
    kept = yearly_review(listed, eligible, uniform, keep_wrongly=0.1, drop_wrongly=0.02)
    assert kept.tolist() == [True, False, True, False, False]
    exact = yearly_review(listed, eligible, uniform, keep_wrongly=0.0, drop_wrongly=0.0)
    assert exact.tolist() == (listed & eligible).tolist()


def test_what_a_household_puts_in():
    own = own_contribution(np.array([4_999.0, 5_000.0, 50_000.0, 100_000.0]), least=5_000.0, share_of_cash=0.08)
    assert own.tolist() == [0.0, 5_000.0, 5_000.0, 8_000.0]


@given(MONEY, SHARE)
def test_nobody_puts_in_more_than_it_has(cash, share):
    own = own_contribution(np.array([cash]), least=5_000.0, share_of_cash=share)[0]
    assert own == 0.0 or 5_000.0 <= own <= cash


def test_the_sources_of_a_stake_by_hand():
    asked = stake_by_sources(np.array([0.0, 6_000.0, 25_000.0]), SHARES, most=100_000.0)
    assert asked.sum(axis=1) == pytest.approx([0.0, 60_000.0, 100_000.0])
    assert asked[1] == pytest.approx([6_000.0, 19_800.0, 1_800.0, 6_000.0, 4_200.0, 3_000.0, 19_200.0])
    assert asked[2, 0] == pytest.approx(10_000.0)


@given(st.lists(MONEY, min_size=1, max_size=9), st.lists(st.floats(0.01, 1.0), min_size=7, max_size=7))
def test_sources_sum_to_the_stake(own, shares):
    asked = stake_by_sources(np.array(own), np.array(shares), most=100_000.0)
    stake = np.minimum(np.array(own) * sum(shares) / shares[0], 100_000.0)
    assert asked.sum(axis=1) == pytest.approx(stake, rel=1e-9, abs=1e-6)
    assert (asked[:, 0] <= own).all()
    assert asked.min() >= -1e-9


def test_a_source_that_cannot_pay_in_full_gives_all_the_same_part():
    asked, payer = np.array([100.0, 300.0, 50.0, 70.0]), np.array([0, 0, 1, -1])
    assert paid_by(asked, payer, np.array([200.0, np.inf])).tolist() == [50.0, 150.0, 50.0, 0.0]
    assert paid_by(asked, payer, np.array([-5.0, 50.0])).tolist() == [0.0, 0.0, 50.0, 0.0]


@given(st.lists(st.tuples(MONEY, st.integers(-1, 2)), min_size=1, max_size=12), st.lists(MONEY, min_size=3, max_size=3))
def test_no_source_pays_more_than_it_has_or_is_asked(requests, purse):
    asked, payer = np.array([yuan for yuan, _ in requests]), np.array([who for _, who in requests])
    paid = paid_by(asked, payer, np.array(purse))
    for row, has in enumerate(purse):
        assert paid[payer == row].sum() == pytest.approx(min(has, asked[payer == row].sum()), rel=1e-9, abs=1e-6)
    assert (paid <= asked).all()
    assert (paid[payer < 0] == 0.0).all()


def test_a_stake_earns_from_the_day_of_entry():
    since = np.array([2018.0, 2018.75, 2019.0, 2021.5])
    assert accrued(since, 2018).tolist() == [1.0, 0.25, 0.0, 0.0]
    assert accrued(since, 2019).tolist() == [1.0, 1.0, 1.0, 0.0]


def test_the_seven_sources_are_declared():
    parameters = load_parameters()
    shares = [parameters[f"shares.from_{name}"] for name, _ in SOURCES]
    assert len(shares) == 7
    assert sum(shares) == pytest.approx(1.0)
