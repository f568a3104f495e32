"""Growth by rank, winners and losers: by hand, what must sum, and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.distribution import DistributionError
from experiments.incidence import DECILES, NO_BASE, growth_incidence, mobility

pytestmark = pytest.mark.one_version

QUARTERS = (25, 50, 75, 100)


def test_by_hand():
    """The poorest jumps over all: anonymously the top grows, not anonymously the bottom does."""
    table = growth_incidence([1.0, 2.0, 3.0, 4.0], [6.0, 2.0, 3.0, 4.0], QUARTERS)
    assert table["percentile"].tolist() == [25, 50, 75, 100]
    assert table["units"].tolist() == [1, 1, 1, 1]
    assert table["before"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert table["anonymous"].tolist() == pytest.approx([1.0, 0.5, 1.0 / 3.0, 0.5])
    assert table["non_anonymous"].tolist() == pytest.approx([5.0, 0.0, 0.0, 0.0])
    assert set(table["note"]) == {""}


def test_units_that_do_not_fill_the_groups_evenly():
    table = growth_incidence(np.arange(1.0, 13.0), 2.0 * np.arange(1.0, 13.0))
    assert table["units"].tolist() == [1, 1, 2, 1, 1, 1, 1, 2, 1, 1]
    assert table["anonymous"].tolist() == pytest.approx([1.0] * 10)


changes = st.lists(st.tuples(st.floats(1.0, 1e4), st.floats(0.0, 1e4)), min_size=10, max_size=40)


@settings(max_examples=40, deadline=None)
@given(changes)
def test_both_curves_average_to_the_growth_of_the_mean(pairs):
    before, after = map(np.array, zip(*pairs, strict=True))
    table = growth_incidence(before, after)
    total = table["before"] * table["units"]
    for curve in ("anonymous", "non_anonymous"):
        assert np.average(table[curve], weights=total) == pytest.approx(after.mean() / before.mean() - 1.0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(1.0, 1e4), min_size=10, max_size=40, unique=True))
def test_where_nobody_overtakes_the_curves_are_one(before):
    before = np.array(before)
    table = growth_incidence(before, before**1.2)
    assert table["anonymous"].tolist() == pytest.approx(table["non_anonymous"].tolist())


def test_luck_alone_bends_only_the_curve_of_those_who_were_there():
    """Two draws of one distribution: anonymous growth is none, the poorest of before gain, the richest lose."""
    before, after = np.random.default_rng(1).lognormal(sigma=0.5, size=(2, 20_000))
    table = growth_incidence(before, after)
    assert np.abs(table["anonymous"]).max() < 0.05
    assert table["non_anonymous"].iloc[0] > 0.5
    assert table["non_anonymous"].iloc[-1] < -0.3


def test_growth_from_nothing_is_not_defined_and_says_so():
    table = growth_incidence([0.0, -1.0, 3.0, 4.0], [1.0, 1.0, 3.0, 4.0], (50, 100))
    assert table["note"].tolist() == [NO_BASE, ""]
    assert np.isnan(table["anonymous"].iloc[0])
    assert np.isnan(table["non_anonymous"].iloc[0])
    assert table["before"].iloc[0] == -0.5


def test_winners_and_losers_by_hand():
    before, after = [10.0, 20.0, 30.0, 40.0], [25.0, 15.0, 30.0, 45.0]
    table = mobility(before, after, groups=2)
    assert table["group"].tolist() == [1, 2]
    assert table["units"].tolist() == [2, 2]
    assert table["before"].tolist() == [15.0, 35.0]
    assert table["after"].tolist() == [20.0, 37.5]
    assert table["change"].tolist() == [5.0, 2.5]
    assert table["share_gaining"].tolist() == [0.5, 0.5]
    assert table["share_losing"].tolist() == [0.5, 0.0]
    assert (table["share_up"].tolist(), table["share_down"].tolist()) == ([0.0, 0.0], [0.0, 0.0])
    quarters = mobility(before, after, groups=4)
    assert quarters["share_up"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert quarters["share_down"].tolist() == [0.0, 1.0, 0.0, 0.0]


def test_a_negligible_change_is_none():
    table = mobility([10.0, 20.0], [10.5, 19.5], groups=1, negligible=0.5)
    assert (table["share_gaining"].item(), table["share_losing"].item()) == (0.0, 0.0)
    table = mobility([10.0, 20.0], [10.5, 19.5], groups=1, negligible=0.4)
    assert (table["share_gaining"].item(), table["share_losing"].item()) == (0.5, 0.5)


@settings(max_examples=40, deadline=None)
@given(changes)
def test_groups_hold_all_units_once_and_nothing_changes_where_nothing_changed(pairs):
    before, after = map(np.array, zip(*pairs, strict=True))
    table = mobility(before, after)
    assert table["units"].sum() == len(before)
    assert table["units"].max() - table["units"].min() <= 1
    assert (table["units"] * table["change"]).sum() == pytest.approx((after - before).sum(), abs=1e-6)
    assert (table["before"].diff().dropna() >= 0.0).all()
    still = mobility(before, before)
    assert (still[["change", "share_gaining", "share_losing", "share_up", "share_down"]] == 0.0).all(axis=None)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (([1.0], [1.0, 2.0]), "before has shape"),
        (([], []), "before has shape"),
        (([1.0, np.nan], [1.0, 2.0]), "missing"),
        (([1.0, 2.0], [1.0, 2.0], DECILES), "2 values leave the group up to percentile 10 empty"),
        (([1.0, 2.0], [1.0, 2.0], (50, 90)), "to 100"),
        (([1.0, 2.0], [1.0, 2.0], (50, 50, 100)), "rise"),
        (([1.0, 2.0], [1.0, 2.0], ()), "to 100"),
    ],
)
def test_bad_input_is_told_in_one_line(given, told):
    with pytest.raises(DistributionError, match=told) as caught:
        growth_incidence(*given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("groups", "negligible"), [(0, 0.0), (2, -1.0), (3, 0.0)])
def test_bad_settings_of_mobility(groups, negligible):
    with pytest.raises(DistributionError):
        mobility([1.0, 2.0], [1.0, 2.0], groups=groups, negligible=negligible)
