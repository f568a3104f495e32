"""The books hold at both ends of what contracts may promise, and next to nothing beside them."""

import numpy as np
import pytest

from agents.table import total_by
from model.cases import load_case
from model.ledger import TOLERANCE
from model.renting import without_rounding

pytestmark = pytest.mark.one_version

TINY = load_case("tiny")
ALL = (
    *("solo", "town_joint", "enclave", "mountain_sea", "mountain_park", "science_park", "fashion_park"),
    *("household_shares", "crowdfunding"),
)
RATES = ("pool.coupon_rate", "mountain_sea.coupon_rate", "science_park.coupon_rate", "shares.coupon_rate")
YEARS = (
    *("pool.coupon_years", "pool.fixed_years", "mountain_sea.coupon_years", "mountain_sea.split_years"),
    *("science_park.coupon_years", "shares.years"),
)


def at_the_end(keys, end):
    """Each at the low end of its limits, 0, or the high one, 1."""
    return {key: TINY.parameters.declared(key).limits[end] for key in keys}


PROMISES = {
    "nothing": at_the_end(RATES, 0),
    "nearly nothing": dict.fromkeys(RATES, 1e-9),
    "less than rounding": dict.fromkeys(RATES, 1e-15),
    "all the capital": at_the_end(RATES, 1),
    "nothing for ever": {**at_the_end(RATES, 0), **at_the_end(YEARS, 1)},
    "all the capital for ever": {**at_the_end(RATES, 1), **at_the_end(YEARS, 1)},
    "no years": at_the_end(YEARS, 0),
    "no part of the rent": {
        "mountain_sea.coupon_years": 0.0,
        "mountain_sea.split_years": 50.0,
        "mountain_sea.part": 0.0,
    },
    "a guarantor without a limit": {**at_the_end(RATES, 0), "treasury.guarantee_limit": 1000.0},
}


@pytest.mark.parametrize("promise", PROMISES)
@pytest.mark.parametrize("arm", [ALL, ("solo", "enclave_rotating")], ids="+".join)
def test_the_books_hold_whatever_is_promised(check_every_year, arm, promise):
    check_every_year(case=TINY, mechanisms=arm, seed=1, changes=PROMISES[promise])


@pytest.mark.parametrize("rate", [0.0, 1e-9, 1.0])
def test_many_holders_share_what_a_coupon_of_nothing_leaves(check_every_year, rate):
    arm = ("solo", "town_joint", "enclave")
    check_every_year(case="pinghu", mechanisms=arm, seed=1, last_year=2017, changes={"pool.coupon_rate": rate})


def test_rounding_is_taken_off_and_nothing_else():
    cash, project = np.array([0.0, 10.0, 10.0, 1e-9]), np.array([0, 0, 1, 1, 2, 3])
    money = np.array([1e-8, 2e-8, 4.0, 6.0, 11.0, 3e-9])
    paid = without_rounding(cash, project, money, np.full(4, 1e-6))
    assert paid[:5].tolist() == [0.0, 0.0, 4.0, 6.0, 11.0]  # an overdraft of a yuan is for the ledger to refuse
    assert (total_by(project, paid, 4)[[0, 1, 3]] <= cash[[0, 1, 3]] + TOLERANCE).all()
    assert paid[5] == pytest.approx(1e-9)
