"""Measures over many: totals by group, shares of projects, means of neighbours, inequality, places round a town."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.table import total_by
from model.inequality import gini, palma, shortfall, theil
from model.opening import village_positions
from model.partnerships import COUNTY, HOUSEHOLD, OUTSIDE, VILLAGE, Partnerships, town_mean

GROUPED = st.lists(st.tuples(st.integers(0, 5), st.floats(-1e6, 1e6)), max_size=40)
INCOMES = st.lists(st.floats(0.0, 1e7), min_size=1, max_size=40)


def test_totals_by_group_by_hand():
    assert total_by(np.array([2, 0, 2]), np.array([1.0, 5.0, 3.0]), 4).tolist() == [5.0, 0.0, 4.0, 0.0]
    nothing = total_by(np.array([], dtype=int), np.array([]), 2)
    assert (nothing.tolist(), nothing.dtype) == ([0.0, 0.0], np.float64)


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


def test_the_mean_of_a_town_counts_each_village_by_its_weight():
    town, values = np.array([0, 2, 0, 2, 2]), np.array([1.0, 3.0, 2.0, 6.0, 9.0])
    assert town_mean(town, values, np.ones(5), 4) == pytest.approx([1.5, 0.0, 6.0, 0.0])
    assert town_mean(town, values, np.array([3.0, 0.0, 1.0, 1.0, 1.0]), 4) == pytest.approx([1.25, 0.0, 7.5, 0.0])


@given(GROUPED.filter(bool))
def test_the_mean_of_a_town_agrees_with_a_plain_loop(rows):
    towns, values = np.array([town for town, _ in rows]), np.array([value for _, value in rows])
    expected = [np.mean([value for town, value in rows if town == mine]) for mine, _ in rows]
    assert town_mean(towns, values, np.ones(len(towns)), 6)[towns] == pytest.approx(expected, abs=1e-6)


def stakes_of(rows):
    """Stakes of (kind, holder, project, capital, since), one after the other."""
    stakes = Partnerships()
    for kind, holder, project, capital, since in rows:
        stakes.add_stakes(kind, np.array([holder]), project, capital, since=since)
    return stakes


def test_shares_by_hand():
    stakes = Partnerships()
    first = {"quota": np.array([1.0, 0.0]), "public": np.array([50.0, 0.0]), "since": 2005}
    stakes.add_stakes(VILLAGE, np.array([0, 1]), 0, np.array([300.0, 100.0]), **first)
    stakes.add_stakes(OUTSIDE, np.array([0]), 2, 50.0, since=2005)
    stakes.add_stakes(VILLAGE, np.array([0]), np.array([0]), np.array([400.0]), quota=2.0, borrowed=40.0, since=2006)
    assert stakes.paid_in(3).tolist() == [800.0, 0.0, 50.0]
    assert stakes.shares(3, 2010).tolist() == [0.375, 0.125, 1.0, 0.5]
    assert stakes.owned(3).tolist() == [0.375, 0.125, 1.0, 0.5]
    assert stakes.quota.tolist() == [1.0, 0.0, 0.0, 2.0]
    assert (stakes.public.tolist(), stakes.borrowed.tolist()) == ([50.0, 0, 0, 0], [0, 0, 0, 40.0])
    assert stakes.by_holder(VILLAGE, stakes.capital, 2).tolist() == [700.0, 100.0]
    assert stakes.by_holder(OUTSIDE, stakes.capital, 1).tolist() == [50.0]
    assert stakes.by_holder(COUNTY, stakes.capital, 2).tolist() == [0.0, 0.0]
    assert stakes.held_by(VILLAGE).tolist() == [True, True, False, True]


def test_who_enters_within_a_year_has_that_part_of_a_years_share():
    stakes = stakes_of([(VILLAGE, 0, 0, 300.0, 2010), (HOUSEHOLD, 0, 0, 200.0, 2012.25), (COUNTY, 0, 0, 1.0, 2013)])
    assert stakes.accruing(2011).tolist() == [300.0, 0.0, 0.0]
    assert stakes.accruing(2012).tolist() == [300.0, 150.0, 0.0]
    assert stakes.shares(1, 2012) == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert stakes.accruing_base(1, 2012).tolist() == [450.0]
    assert stakes.shares(1, 2013) == pytest.approx([300 / 501, 200 / 501, 1 / 501])
    assert stakes.owned(1) == pytest.approx([300 / 501, 200 / 501, 1 / 501])


def test_a_stake_that_is_handed_over_takes_along_what_it_came_from():
    stakes = Partnerships()
    origin = {"quota": 3.0, "public": 200.0, "borrowed": 100.0, "since": 2010}
    stakes.add_stakes(VILLAGE, np.array([4, 5]), 0, 400.0, **origin)
    stakes.hand_over(np.array([1]), COUNTY, np.array([0]), year=2015, since=2015, part=0.25)
    assert stakes.capital.tolist() == [400.0, 300.0, 100.0]
    assert stakes.quota.tolist() == [3.0, 2.25, 0.75]
    assert stakes.public.tolist() == [200.0, 150.0, 50.0]
    assert stakes.borrowed.tolist() == [100.0, 75.0, 25.0]
    assert (stakes.holder_kind.tolist(), stakes.holder.tolist()) == ([VILLAGE, VILLAGE, COUNTY], [4, 5, 0])
    assert (stakes.project.tolist(), stakes.since.tolist()) == ([0, 0, 0], [2010.0, 2010.0, 2015.0])
    stakes.hand_over(np.array([0]), HOUSEHOLD, np.array([9]), year=2016, since=2016, part=1.0)
    assert stakes.held_by(VILLAGE).tolist() == [False, True, False, False]
    assert stakes.paid_in(1).tolist() == [800.0]
    (first, second) = stakes.handovers
    assert (first.year, first.capital.tolist(), first.giver.tolist(), first.taker.tolist()) == (2015, [100.0], [5], [0])
    assert (second.giver_kind.tolist(), second.taker_kind.tolist()) == ([VILLAGE], [HOUSEHOLD])


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(1.0, 1e8), st.floats(2005.0, 2011.5)), min_size=1, max_size=30))
def test_shares_agree_with_a_plain_loop_and_sum_to_one(rows):
    stakes = stakes_of([(VILLAGE, 0, project, capital, since) for project, capital, since in rows])
    owned = [capital / sum(other for same, other, _ in rows if same == project) for project, capital, _ in rows]
    assert stakes.owned(5) == pytest.approx(owned)
    accrues = [capital * min(1.0, max(0.0, 2011.0 - since)) for _, capital, since in rows]
    base = [sum(value for value, row in zip(accrues, rows, strict=True) if row[0] == project) for project in range(5)]
    expected = [
        value / base[project] if base[project] else 0.0 for value, (project, _, _) in zip(accrues, rows, strict=True)
    ]
    shares = stakes.shares(5, 2010)
    assert shares == pytest.approx(expected)
    for project in {row[0] for row in rows}:
        mine = stakes.project == project
        assert stakes.owned(5)[mine].sum() == pytest.approx(1.0, rel=1e-12)
        assert shares[mine].sum() == pytest.approx(1.0 if base[project] > 0.0 else 0.0, rel=1e-12)


def test_theil_by_hand():
    within, between = theil(np.array([1.0, 3.0, 4.0, 4.0]), np.array([7, 7, 2, 2]))
    # Means are 2 and 4 of 3; in the first group shares are a half and three halves of its mean.
    assert between == pytest.approx(0.5 * (2 / 3) * np.log(2 / 3) + 0.5 * (4 / 3) * np.log(4 / 3))
    assert within == pytest.approx(0.5 * (2 / 3) * (0.5 * 0.5 * np.log(0.5) + 0.5 * 1.5 * np.log(1.5)))
    assert theil(np.full(4, 5.0), np.array([0, 0, 1, 1])) == (0.0, pytest.approx(0.0))
    assert theil(np.zeros(3), np.array([0, 1, 2])) == (0.0, 0.0)
    assert theil(np.array([0.0, 2.0]), np.array([0, 0])) == (pytest.approx(np.log(2.0)), pytest.approx(0.0))


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(1.0, 1e6)), min_size=1, max_size=30))
def test_the_parts_of_theil_sum_to_the_index(rows):
    group, values = np.array([one for one, _ in rows]), np.array([value for _, value in rows])
    within, between = theil(values, group)
    whole, none = theil(values, np.zeros(len(values), dtype=int))
    assert (none, min(within, between) >= -1e-12) == (pytest.approx(0.0, abs=1e-12), True)
    assert within + between == pytest.approx(whole, abs=1e-9)
    assert theil(3.0 * values, group) == pytest.approx((within, between), abs=1e-9)


def test_palma_by_hand():
    assert palma(np.arange(1.0, 11.0)) == pytest.approx(10.0 / (1.0 + 2.0 + 3.0 + 4.0))
    assert palma(np.full(20, 3.0)) == pytest.approx(0.25)
    assert palma(np.array([0.0] * 4 + [1.0] * 6)) == 0.0
    assert all(np.isnan(palma(np.ones(few))) for few in range(10))


def test_villages_lie_round_their_town_at_the_mean_distance():
    east, north = village_positions(np.zeros(8), np.arange(8), ring=3.0)
    distance = np.hypot(east, north)
    assert distance.mean() == pytest.approx(3.0, rel=0.05)
    assert distance.max() <= 4.5
    assert (abs(east.mean()), abs(north.mean())) == pytest.approx((0.0, 0.0), abs=0.6)


def test_one_more_village_moves_no_other():
    few, many = (village_positions(np.zeros(count), np.arange(count), ring=3.0) for count in (5, 9))
    assert np.array_equal(np.array(few), np.array(many)[:, :5])
