"""How a village weighs ways of investing: sums that can be done on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.village import believe, choose, credit_room, guarantee_prospect, investible, utility


def test_money_above_the_reserve_can_be_invested():
    money = investible(np.array([500.0, 100.0, 0.0]), np.array([1000.0, 1000.0, 0.0]), reserve=0.2)
    assert money.tolist() == [300.0, 0.0, 0.0]


def test_banks_lend_up_to_the_limit():
    room = credit_room(np.array([0.0, 500.0, 900.0]), np.array([1000.0, 1000.0, 1000.0]), limit=0.75)
    assert room.tolist() == [750.0, 250.0, 0.0]


def test_beliefs_move_towards_what_was_seen():
    assert believe(np.array([10.0, 10.0]), np.array([20.0, 0.0]), memory=0.6) == pytest.approx([14.0, 6.0])
    assert believe(np.array([10.0]), np.array([20.0]), memory=1.0).tolist() == [10.0]
    assert believe(np.array([10.0]), np.array([20.0]), memory=0.0).tolist() == [20.0]


def test_a_guarantee_is_worth_what_trust_makes_of_it():
    mean, variance = guarantee_prospect(np.array([0.0, 0.5, 1.0]), coupon=0.10, market=np.array([0.04, 0.04, 0.04]))
    assert mean == pytest.approx([0.04, 0.07, 0.10])
    assert variance == pytest.approx([0.0, 0.0009, 0.0])


@given(st.floats(0, 1), st.floats(0, 0.3), st.floats(0, 0.3))
def test_a_guarantee_is_a_draw_between_two_yields(trust, coupon, market):
    mean, variance = guarantee_prospect(np.array([trust]), coupon=coupon, market=np.array([market]))
    # Rent above the coupon stays with the lessee, so a broken promise pays the lower of the two.
    outcomes, chances = np.array([coupon, min(market, coupon)]), np.array([trust, 1.0 - trust])
    assert mean[0] == pytest.approx((chances * outcomes).sum())
    assert variance[0] == pytest.approx((chances * (outcomes - mean[0]) ** 2).sum(), abs=1e-15)


def test_the_worth_of_a_way_is_its_gain_less_risk_and_lost_control():
    worth = utility(
        np.array([60.0, 60.0]),
        np.array([0.004, 0.0]),
        np.array([500.0, 500.0]),
        np.array([1000.0, 1000.0]),
        aversion=5.0,
        control=0.01,
    )
    # 60/1000 - 500/1000 * (5/2 * 0.004 + 0.01), and without the risk
    assert worth == pytest.approx([0.05, 0.055])


def test_a_village_without_resources_divides_by_one():
    worth = utility(np.array([0.0]), np.array([0.1]), np.array([0.0]), np.array([0.0]), aversion=5.0, control=0.01)
    assert worth.tolist() == [0.0]


def test_each_village_takes_its_best_way_or_holds():
    utilities = np.array([[0.02, 0.02, -0.02, -0.01, -np.inf], [0.01, 0.03, -0.01, -np.inf, -np.inf]])
    readiness = np.array([0.0, 0.0, 0.0, 0.02, 9.0])
    assert choose(utilities, np.zeros((2, 5)), readiness).tolist() == [0, 1, -1, 0, -1]


def test_tastes_tell_ways_apart_but_make_nobody_invest():
    utilities = np.array([[0.02, -0.01], [0.01, -0.02]])
    tastes = np.array([[0.0, 0.0], [0.05, 0.5]])
    assert choose(utilities, tastes, np.zeros(2)).tolist() == [1, -1]


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=10))
def test_one_more_way_of_the_same_worth_makes_nobody_invest_more(villages):
    worth, taste, readiness = np.array(villages).T
    alone = choose(worth[None, :], taste[None, :], readiness)
    beside = choose(np.array([worth, worth]), np.array([taste, taste[::-1]]), readiness)
    assert ((alone >= 0) == (beside >= 0)).all()


@given(
    st.integers(1, 4).flatmap(
        lambda ways: st.lists(
            st.tuples(
                st.lists(st.sampled_from([-np.inf, -0.5, -0.1, 0.0, 0.1, 0.5]), min_size=ways, max_size=ways),
                st.lists(st.floats(-1, 1), min_size=ways, max_size=ways),
                st.floats(-1, 1),
            ),
            min_size=1,
            max_size=8,
        )
    )
)
def test_choosing_agrees_with_a_plain_loop(villages):
    expected = []
    for worths, tastes, ready in villages:
        best, best_value = -1, -np.inf
        for way, (worth, taste) in enumerate(zip(worths, tastes, strict=True)):
            if worth + taste > best_value:
                best, best_value = way, worth + taste
        expected.append(best if best >= 0 and worths[best] + ready > 0 else -1)
    utilities = np.array([worths for worths, _, _ in villages]).T
    tastes = np.array([tastes for _, tastes, _ in villages]).T
    picked = choose(utilities, tastes, np.array([ready for _, _, ready in villages]))
    assert picked.tolist() == expected
