"""What contracts promise, and what a village puts into a way of investing and gains by it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.project import unit_cost
from model.borrowing import interest_subsidy
from model.contracts import ActualRent, Coupon, coupon_due
from model.mechanisms.solo import OWN
from model.offers import Offer, gain, home_plan
from model.parameters import load_parameters

PARAMETERS = load_parameters().but({"pool.coupon_rate": 0.1, "pool.coupon_years": 3.0})
COUPON = Coupon(rate="pool.coupon_rate", years="pool.coupon_years")


def test_a_coupon_is_paid_on_capital():
    assert coupon_due(np.array([1000.0, 0.0]), rate=0.1).tolist() == [100.0, 0.0]


def test_a_coupon_runs_from_the_year_after_founding_to_the_end_of_its_term():
    due = COUPON.due(PARAMETERS, paid_in=np.full(6, 1000.0), net_rent=np.full(6, 30.0), age=np.arange(6))
    assert due.tolist() == [30.0, 100.0, 100.0, 100.0, 30.0, 30.0]
    assert COUPON.promise(PARAMETERS) == (0.1, 3.0)


def test_a_coupon_without_a_term_is_rent_as_it_comes():
    never = PARAMETERS.but({"pool.coupon_years": 0.0})
    assert COUPON.promise(never) == (0.1, 0.0)
    assert COUPON.due(never, paid_in=np.array([1e3]), net_rent=np.array([3.0]), age=np.array([1])).tolist() == [3.0]


def test_rent_as_it_comes():
    rent = ActualRent().due(PARAMETERS, paid_in=np.array([1e3]), net_rent=np.array([42.0]), age=np.array([1]))
    assert rent.tolist() == [42.0]
    assert ActualRent().promise(PARAMETERS) is None


def test_the_county_pays_interest_up_to_a_ceiling():
    assert interest_subsidy(np.array([0.0, 500.0, 5000.0]), most=1000.0).tolist() == [0.0, 500.0, 1000.0]


TERMS = {"base": 150.0, "best_size": 100.0, "scale_cost": 0.0}


def test_a_plan_at_home_by_hand():
    # A mu costs 150,000. With 100,000 of money and 10 mu at 50,000 each: 3 mu are built on with what 7 bring.
    land, flown = home_plan(np.array([1e5]), np.array([10.0]), compensation=5e4, floor_per_mu=1000.0, terms=TERMS)
    assert land == pytest.approx([3.0])
    assert flown == pytest.approx([7.0])


def test_a_plan_at_home_without_compensation_hands_nothing_over():
    money, quota = np.array([3e5, 3e6, 0.0]), np.array([10.0, 10.0, 10.0])
    land, flown = home_plan(money, quota, compensation=0.0, floor_per_mu=1000.0, terms=TERMS)
    assert land == pytest.approx([2.0, 10.0, 0.0])
    assert flown.tolist() == [0.0, 0.0, 0.0]


def test_a_rich_village_builds_on_all_its_quota():
    land, flown = home_plan(np.array([1e9]), np.array([4.0]), compensation=5e4, floor_per_mu=1000.0, terms=TERMS)
    assert (land.tolist(), flown.tolist()) == ([4.0], [0.0])


@given(st.floats(0.0, 1e7), st.floats(0.0, 50.0), st.floats(1.0, 1e6), st.floats(0.0, 0.2))
def test_a_plan_at_home_costs_what_it_brings_together(money, quota, compensation, scale_cost):
    terms = {**TERMS, "scale_cost": scale_cost}
    land, flown = home_plan(
        np.array([money]), np.array([quota]), compensation=compensation, floor_per_mu=1000.0, terms=terms
    )
    cost = land[0] * 1000.0 * unit_cost(land, **terms)[0]
    assert land[0] + flown[0] == pytest.approx(quota)
    assert min(land[0], flown[0]) >= 0.0
    assert cost <= (money + compensation * flown[0]) * (1.0 + 1e-9) + 1e-3
    if land[0] < quota * (1.0 - 1e-9):
        assert cost == pytest.approx(money + compensation * flown[0], rel=1e-6, abs=1e-2)


def test_gain_over_holding_by_hand():
    names = [one.name for one in dataclasses.fields(Offer) if one.name not in ("number", "mechanism", "price")]
    figures = {"own": 400.0, "loan": 300.0, "flown": 2.0, "land": 1.0, "capital": 1000.0, "yield_": 0.06}
    arrays = {name: np.array([figures.get(name, 0.0)]) for name in names}
    offer = Offer(0, OWN, 150.0, **arrays)
    gained = gain(offer, deposit_rate=0.02, loan_rate=0.05, quota_price=np.array([100.0]), appreciation=0.01)
    # 1000 * (0.06 + 0.01) - 0.02 * (400 + 100 * 3) - 0.05 * 300
    assert gained == pytest.approx([70.0 - 14.0 - 15.0])
