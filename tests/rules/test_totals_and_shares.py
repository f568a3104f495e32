"""Measures over many: totals by group, shares of projects, means of neighbours, inequality, places round a town."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.table import total_by
from model.inequality import gini, shortfall
from model.opening import village_positions
from model.partnerships import Partnerships, neighbour_mean

GROUPED = st.lists(st.tuples(st.integers(0, 5), st.floats(-1e6, 1e6)), max_size=40)
INCOMES = st.lists(st.floats(0.0, 1e7), min_size=1, max_size=40)


def test_totals_by_group_by_hand():
    assert total_by(np.array([2, 0, 2]), np.array([1.0, 5.0, 3.0]), 4).tolist() == [5.0, 0.0, 4.0, 0.0]
    assert total_by(np.array([], dtype=int), np.array([]), 2).tolist() == [0.0, 0.0]


@given(GROUPED)
def test_totals_by_group_agree_with_a_plain_loop(rows):
    expected = [0.0] * 6
    for group, value in rows:
        expected[group] += value
    groups, values = np.array([group for group, _ in rows], dtype=int), np.array([value for _, value in rows])
    assert total_by(groups, values, 6) == pytest.approx(expected, abs=1e-6)


def test_gini_by_hand():
    assert gini(np.array([5.0, 5.0, 5.0])) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
    assert gini(np.array([3.0, 1.0])) == pytest.approx(0.25)
    assert gini(np.zeros(3)) == 0.0


@given(INCOMES)
def test_gini_agrees_with_the_mean_of_all_differences(values):
    total = sum(values)
    expected = sum(abs(one - other) for one in values for other in values) / (2 * len(values) * total) if total else 0.0
    assert gini(np.array(values)) == pytest.approx(expected, abs=1e-9)


@given(INCOMES, st.floats(1e-3, 1e3))
def test_gini_knows_no_scale_and_no_order(values, scale):
    assert gini(scale * np.array(values[::-1])) == pytest.approx(gini(np.array(values)), abs=1e-9)


def test_shortfall_is_the_mean_of_the_lowest():
    values = np.array([9.0, 1.0, 5.0, 3.0, 7.0, 8.0, 6.0, 2.0, 4.0, 10.0])
    assert shortfall(values, share=0.2) == pytest.approx(1.5)
    assert shortfall(values, share=0.25) == pytest.approx(2.0)
    assert shortfall(values, share=0.05) == 1.0
    assert shortfall(values, share=1.0) == pytest.approx(5.5)


@pytest.mark.parametrize("count", [20, 60, 140, 280, 360])
def test_shortfall_takes_a_twentieth_and_not_one_more(count):
    assert shortfall(np.arange(1.0, count + 1.0), share=0.05) == pytest.approx((count // 20 + 1) / 2)


def test_the_mean_of_neighbours_counts_oneself():
    seen = neighbour_mean(np.array([0, 2, 0, 2, 2]), np.array([1.0, 3.0, 2.0, 6.0, 9.0]), 4)
    assert seen == pytest.approx([1.5, 6.0, 1.5, 6.0, 6.0])


@given(GROUPED.filter(bool))
def test_the_mean_of_neighbours_agrees_with_a_plain_loop(rows):
    towns, values = np.array([town for town, _ in rows]), np.array([value for _, value in rows])
    expected = [np.mean([value for town, value in rows if town == mine]) for mine, _ in rows]
    assert neighbour_mean(towns, values, 6) == pytest.approx(expected, abs=1e-6)


def test_shares_by_hand():
    stakes = Partnerships()
    none = {"public": np.zeros(2), "borrowed": np.zeros(2)}
    stakes.add_stakes(np.array([0, 1]), np.array([0, 0]), np.array([300.0, 100.0]), np.array([1.0, 0.0]), **none)
    stakes.add_stakes(np.array([-1, 0]), np.array([2, 0]), np.array([50.0, 400.0]), np.array([0.0, 2.0]), **none)
    assert stakes.paid_in(3).tolist() == [800.0, 0.0, 50.0]
    assert stakes.shares(3).tolist() == [0.375, 0.125, 1.0, 0.5]
    assert stakes.quota.tolist() == [1.0, 0.0, 0.0, 2.0]


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(1.0, 1e8)), min_size=1, max_size=30))
def test_shares_agree_with_a_plain_loop_and_sum_to_one(rows):
    stakes = Partnerships()
    for project, capital in rows:
        none = np.zeros(1)
        stakes.add_stakes(np.array([0]), np.array([project]), np.array([capital]), none, public=none, borrowed=none)
    expected = [capital / sum(other for same, other in rows if same == project) for project, capital in rows]
    shares = stakes.shares(5)
    assert shares == pytest.approx(expected)
    held = {project for project, _ in rows}
    for project in held:
        assert shares[stakes.project == project].sum() == pytest.approx(1.0, rel=1e-12)


def test_villages_lie_round_their_town_at_the_mean_distance():
    east, north = village_positions(np.zeros(8), np.arange(8), ring=3.0)
    distance = np.hypot(east, north)
    assert distance.mean() == pytest.approx(3.0, rel=0.05)
    assert distance.max() <= 4.5
    assert (abs(east.mean()), abs(north.mean())) == pytest.approx((0.0, 0.0), abs=0.6)


def test_one_more_village_moves_no_other():
    few, many = (village_positions(np.zeros(count), np.arange(count), ring=3.0) for count in (5, 9))
    assert np.array_equal(np.array(few), np.array(many)[:, :5])
