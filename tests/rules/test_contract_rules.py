"""What contracts promise, and what a village puts into a way of investing and gains by it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.project import unit_cost
from model.borrowing import interest_subsidy
from model.contracts import ActualRent, Books, Coupon, CouponThenSplit, coupon_due, split_due
from model.mechanisms.solo import OWN
from model.offers import Offer, gain, home_plan
from model.parameters import load_parameters

# Any parameters serve: a contract names the keys by which it goes.
PARAMETERS = load_parameters().but(
    {"pool.coupon_rate": 0.1, "pool.coupon_years": 3.0, "pool.fixed_years": 2.0, "firms.tax_share": 0.5}
)
COUPON = Coupon(rate="pool.coupon_rate", years="pool.coupon_years")
SPLIT = CouponThenSplit(
    rate="pool.coupon_rate",
    years="pool.coupon_years",
    split_years="pool.fixed_years",
    part="firms.tax_share",
    rent_in_full="place.contrast",
)


def books(age, *, base=1000.0, net_rent=30.0, local_tax=8.0):
    """Books of projects that differ in age alone."""
    age = np.asarray(age)
    return Books(*(np.full(len(age), figure) for figure in (base, net_rent, local_tax)), age)


def test_a_coupon_is_paid_on_capital():
    assert coupon_due(np.array([1000.0, 0.0]), rate=0.1).tolist() == [100.0, 0.0]


def test_a_coupon_runs_from_the_year_after_founding_to_the_end_of_its_term():
    due = COUPON.due(PARAMETERS, books(range(6)))
    assert due.tolist() == [30.0, 100.0, 100.0, 100.0, 30.0, 30.0]
    assert COUPON.promise(PARAMETERS) == (0.1, 3.0)


def test_a_coupon_can_run_from_the_year_of_founding():
    at_once = dataclasses.replace(COUPON, first_age=0)
    assert at_once.due(PARAMETERS, books(range(5))).tolist() == [100.0, 100.0, 100.0, 30.0, 30.0]
    assert at_once.promise(PARAMETERS) == COUPON.promise(PARAMETERS)


def test_a_coupon_runs_on_the_capital_that_accrues():
    due = COUPON.due(PARAMETERS, Books(np.array([500.0, 0.0]), np.zeros(2), np.zeros(2), np.array([1, 1])))
    assert due.tolist() == [50.0, 0.0]


def test_members_get_a_part_of_rent_and_tax_or_all_rent_and_a_part_of_tax():
    rent, tax = np.array([30.0, 0.0]), np.array([8.0, 2.0])
    assert split_due(rent, tax, part=0.5, rent_in_full=False).tolist() == [19.0, 1.0]
    assert split_due(rent, tax, part=0.5, rent_in_full=True).tolist() == [34.0, 1.0]
    assert split_due(rent, tax, part=0.0, rent_in_full=True).tolist() == rent.tolist()
    assert split_due(rent, tax, part=1.0, rent_in_full=False).tolist() == (rent + tax).tolist()


def test_after_the_coupon_income_is_parted_for_its_years_and_then_comes_as_it_comes():
    in_full = SPLIT.due(PARAMETERS.but({"place.contrast": 1.0}), books(range(8)))
    assert in_full.tolist() == [30.0, 100.0, 100.0, 100.0, 34.0, 34.0, 30.0, 30.0]
    in_parts = SPLIT.due(PARAMETERS.but({"place.contrast": 0.0}), books(range(8)))
    assert in_parts.tolist() == [30.0, 100.0, 100.0, 100.0, 19.0, 19.0, 30.0, 30.0]
    assert SPLIT.promise(PARAMETERS) == (0.1, 3.0)


def test_a_coupon_without_a_term_is_rent_as_it_comes():
    never = PARAMETERS.but({"pool.coupon_years": 0.0})
    assert COUPON.promise(never) == (0.1, 0.0)
    assert COUPON.due(never, books([1], net_rent=3.0)).tolist() == [3.0]


def test_rent_as_it_comes():
    rent = ActualRent().due(PARAMETERS, books([1], net_rent=42.0))
    assert rent.tolist() == [42.0]
    assert ActualRent().promise(PARAMETERS) is None


def test_the_county_pays_interest_up_to_a_ceiling():
    assert interest_subsidy(np.array([0.0, 500.0, 5000.0]), most=1000.0).tolist() == [0.0, 500.0, 1000.0]
    assert interest_subsidy(np.array([500.0, 500.0]), most=np.array([0.0, 200.0])).tolist() == [0.0, 200.0]


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
    names = [one.name for one in dataclasses.fields(Offer) if one.name not in ("number", "mechanism", "place", "price")]
    figures = {"own": 400.0, "loan": 300.0, "flown": 2.0, "land": 1.0, "capital": 1000.0, "yield_": 0.06}
    arrays = {name: np.array([figures.get(name, 0.0)]) for name in names}
    offer = Offer(0, OWN, np.zeros(1, dtype=int), 150.0, **arrays)
    gained = gain(offer, deposit_rate=0.02, loan_rate=0.05, quota_price=np.array([100.0]), appreciation=0.01)
    # 1000 * (0.06 + 0.01) - 0.02 * (400 + 100 * 3) - 0.05 * 300
    assert gained == pytest.approx([70.0 - 14.0 - 15.0])
