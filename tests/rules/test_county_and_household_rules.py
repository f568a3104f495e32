"""What a county can pay, what a guarantor adds, and how household earnings are spread."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.county import affordable_share, top_up
from agents.household import earnings_of, next_deviation, spread_of_gini
from model.inequality import gini

MIDDLES = [NormalDist().inv_cdf((rank + 0.5) / 20_000) for rank in range(20_000)]


def test_a_treasury_pays_what_it_has():
    assert affordable_share(50.0, 100.0) == 0.5
    assert affordable_share(100.0, 100.0) == 1.0
    assert affordable_share(500.0, 100.0) == 1.0
    assert affordable_share(0.0, 100.0) == 0.0
    assert affordable_share(-5.0, 100.0) == 0.0
    assert affordable_share(0.0, 0.0) == 1.0


def test_a_guarantor_tops_up_and_keeps_the_surplus():
    added, surplus, unpaid = top_up(np.array([100.0, 50.0, 0.0]), np.array([40.0, 80.0, 0.0]), cash=1000.0)
    assert (added.tolist(), surplus.tolist(), unpaid.tolist()) == ([60.0, 0, 0], [0, 30.0, 0], [0, 0, 0])


def test_a_poor_guarantor_pays_all_projects_the_same_part():
    added, surplus, unpaid = top_up(np.array([100.0, 50.0, 30.0]), np.array([40.0, 20.0, 60.0]), cash=30.0)
    assert added == pytest.approx([20.0, 10.0, 0.0])
    assert surplus.tolist() == [0.0, 0.0, 30.0]
    assert unpaid == pytest.approx([40.0, 20.0, 0.0])


@given(st.lists(st.tuples(st.floats(0, 1e7), st.floats(0, 1e7)), min_size=1, max_size=9), st.floats(-1e6, 1e8))
def test_what_is_due_is_accounted_for(projects, cash):
    due, net_rent = np.array(projects).T
    added, surplus, unpaid = top_up(due, net_rent, cash=cash)
    assert net_rent + added - surplus + unpaid == pytest.approx(due, rel=1e-9, abs=1e-6)
    assert min(added.min(), surplus.min(), unpaid.min()) >= 0.0
    assert added.sum() <= max(cash, 0.0) * (1.0 + 1e-12) + 1e-9
    assert ((surplus == 0) | (added + unpaid == 0)).all()


@pytest.mark.parametrize("wanted", [0.1, 0.31, 0.5])
def test_the_spread_gives_the_gini_that_was_asked_for(wanted):
    spread = spread_of_gini(wanted)
    earnings = earnings_of(spread * np.array(MIDDLES), mean=24_000.0, spread=spread)
    assert gini(earnings) == pytest.approx(wanted, abs=0.002)
    assert earnings.mean() == pytest.approx(24_000.0, rel=0.005)


def test_without_inequality_all_earn_the_mean():
    assert spread_of_gini(0.0) == 0.0
    assert earnings_of(np.zeros(3), mean=24_000.0, spread=0.0).tolist() == [24_000.0] * 3


def test_a_deviation_lasts_in_part():
    after = next_deviation(np.array([1.0, 0.0, -0.5]), np.array([0.0, 1.0, 2.0]), persistence=0.6, spread=0.5)
    assert after == pytest.approx([0.6, 0.4, 0.5])


@given(st.floats(0.0, 0.999), st.floats(0.01, 2.0))
def test_the_spread_of_deviations_stays_what_it_is(persistence, spread):
    """The variance of the sum of two independent parts is the sum of their variances."""
    lasting = next_deviation(np.array([spread]), np.array([0.0]), persistence=persistence, spread=spread)[0]
    fresh = next_deviation(np.array([0.0]), np.array([1.0]), persistence=persistence, spread=spread)[0]
    assert lasting**2 + fresh**2 == pytest.approx(spread**2)
