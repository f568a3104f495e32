"""What a county can pay, what a guarantor adds, and how household earnings are spread."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.county import affordable_share, pay_by_rank, top_up
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
    missing, surplus = top_up(np.array([100.0, 50.0, 0.0]), np.array([40.0, 80.0, 0.0]))
    assert (missing.tolist(), surplus.tolist()) == ([60.0, 0, 0], [0, 30.0, 0])
    assert pay_by_rank(missing, np.ones(3, dtype=int), cash=1000.0).tolist() == [60.0, 0.0, 0.0]


def test_a_poor_guarantor_pays_all_projects_of_a_rank_the_same_part():
    missing, surplus = top_up(np.array([100.0, 50.0, 30.0]), np.array([40.0, 20.0, 60.0]))
    added = pay_by_rank(missing, np.full(3, 2), cash=30.0)
    assert added == pytest.approx([20.0, 10.0, 0.0])
    assert surplus.tolist() == [0.0, 0.0, 30.0]
    assert missing - added == pytest.approx([40.0, 20.0, 0.0])


def test_lower_ranks_are_paid_in_full_before_higher_ones_get_anything():
    wanted, rank = np.array([60.0, 30.0, 40.0, 20.0]), np.array([3, 1, 2, 2])
    for cash, paid in (
        (15.0, [0.0, 15.0, 0.0, 0.0]),
        (30.0, [0.0, 30.0, 0.0, 0.0]),
        (60.0, [0.0, 30.0, 20.0, 10.0]),
        (100.0, [10.0, 30.0, 40.0, 20.0]),
        (1000.0, [60.0, 30.0, 40.0, 20.0]),
        (-5.0, [0.0, 0.0, 0.0, 0.0]),
    ):
        assert pay_by_rank(wanted, rank, cash=cash) == pytest.approx(paid), cash


@given(
    st.lists(st.tuples(st.floats(0, 1e7), st.integers(1, 4)), min_size=1, max_size=9),
    st.floats(-1e6, 1e8),
    st.randoms(use_true_random=False),
)
def test_a_treasury_pays_by_rank_whatever_the_order_of_claims(claims, cash, order):
    wanted, rank = (np.array(column) for column in zip(*claims, strict=True))
    paid = pay_by_rank(wanted, rank, cash=cash)
    assert ((paid >= 0.0) & (paid <= wanted * (1.0 + 1e-12))).all()
    assert paid.sum() == pytest.approx(min(max(cash, 0.0), wanted.sum()), rel=1e-9, abs=1e-6)
    for one in np.unique(rank):
        same, later = rank == one, rank > one
        # Equals get the same part, and nobody later gets anything unless all of a rank are paid.
        assert paid[same] * wanted[same].sum() == pytest.approx(wanted[same] * paid[same].sum(), rel=1e-9, abs=1e-6)
        lacks = wanted[same].sum() - paid[same].sum() > 1e-6 * max(1.0, wanted[same].sum())
        assert not (lacks and paid[later].sum() > 1e-6 * max(1.0, wanted[same].sum()))
    rows = list(range(len(claims)))
    order.shuffle(rows)
    assert pay_by_rank(wanted[rows], rank[rows], cash=cash) == pytest.approx(paid[rows], rel=1e-9, abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(0, 1e7), st.floats(0, 1e7), st.integers(1, 3)), min_size=1, max_size=9),
    st.floats(-1e6, 1e8),
)
def test_what_is_due_is_accounted_for(projects, cash):
    due, net_rent, rank = (np.array(column) for column in zip(*projects, strict=True))
    missing, surplus = top_up(due, net_rent)
    added = pay_by_rank(missing, rank, cash=cash)
    unpaid = missing - added
    assert net_rent + added - surplus + unpaid == pytest.approx(due, rel=1e-9, abs=1e-6)
    assert min(added.min(), surplus.min()) >= 0.0
    assert (unpaid >= -1e-12 * np.maximum(1.0, missing)).all()
    assert added.sum() <= max(cash, 0.0) * (1.0 + 1e-12) + 1e-9
    assert ((surplus == 0) | (missing == 0)).all()


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
