"""A reform changes nothing before its year, whatever lever it changes, and is the plain change where it is as old."""

import numpy as np
import pytest

from model.cases import load_case
from model.economy import EconomyModel

pytestmark = pytest.mark.one_version

TINY = load_case("tiny")
POOLS = (
    *("solo", "town_joint", "enclave_rotating", "mountain_sea", "mountain_park", "science_park", "fashion_park"),
    *("household_shares", "crowdfunding"),
)
# A world in which as many levers as can be are felt: stress, small pools, short coupons, much of what is rare.
WORLD = {
    "stress.slump": 0.3,
    "stress.land_sales": 0.5,
    "stress.main_tenants": 0.5,
    "stress.start": 2017.0,
    "stress.years": 4.0,
    "quota.cross_county": 1.0,
    "crowd.opportunity_rate": 1.0,
    "crowd.share_of_income": 0.001,
    "pool.support_since": 2009.0,
    "pool.rotation_years": 2.0,
    "pool.min_stake": 0.0,
    "build.min_plot_zone": 1.0,
    "mountain_sea.coupon_years": 1.0,
    "science_park.coupon_years": 1.0,
    "shares.years": 1.0,
}
YEARS = {"science_park": 2018, "shares": 2020, "fashion_park": 2019, "crowd": 2020}  # when a topic's levers are felt
YEAR = 2017
LEVERS = [
    key
    for key, one in ((key, TINY.parameters.declared(key)) for key in TINY.parameters)
    if one.role == "lever" and not one.from_start and not one.by_year
]
TOPICS = sorted({key.partition(".")[0] for key in LEVERS})


def outcomes(changes, *, arm=POOLS, last_year=2021, case=TINY):
    model = EconomyModel(case=case, mechanisms=arm, changes=changes, seed=1, last_year=last_year).run()
    return {name: np.asarray(path, dtype=float) for name, path in model.datacollector.model_vars.items()}


def differ(one, other, years):
    """The outcomes that differ in some years (a slice of rows), to the last bit."""
    return [name for name in one if not np.array_equal(one[name][years], other[name][years], equal_nan=True)]


def another(key):
    """A value that is far from the one in force, within the range that studies sample."""
    declared = TINY.parameters.declared(key)
    low, high = declared.range or declared.limits
    ends = (low, high) if low < high else declared.limits
    return max(ends, key=lambda end: abs(end - WORLD.get(key, declared.value)))


@pytest.fixture(scope="module")
def base():
    return outcomes(WORLD)


@pytest.mark.parametrize("key", LEVERS)
def test_nothing_differs_before_the_year_in_which_a_lever_changes(key, base):
    year = YEARS.get(key.partition(".")[0], YEAR)
    before = WORLD.get(key, TINY.parameters.declared(key).value)
    reformed = outcomes({**WORLD, key: {2006: before, year: another(key)}}, last_year=year)
    assert differ(base, reformed, slice(year - 2005)) == []


def test_reforms_are_felt_from_their_year_on(base):
    for key in ("pool.coupon_rate", "quota.compensation", "pool.relief", "stress.slump", "mountain_sea.stake"):
        before = WORLD.get(key, TINY.parameters.declared(key).value)
        reformed = outcomes({**WORLD, key: {2006: before, YEAR: another(key)}}, last_year=YEAR)
        now = slice(YEAR - 2005, YEAR - 2004)
        assert differ(base, reformed, now), key


@pytest.mark.parametrize("topic", TOPICS)
def test_a_reform_older_than_the_run_is_the_plain_change(topic):
    changes = {key: another(key) for key in LEVERS if key.startswith(f"{topic}.")}
    early = {key: {1990: value, 2000: value} for key, value in changes.items()}
    assert differ(outcomes({**WORLD, **changes}), outcomes({**WORLD, **early}), slice(None)) == []


def test_the_second_cohort_follows_when_the_gap_then_in_force_has_passed():
    def cohorts(gap):
        model = EconomyModel(case=TINY, mechanisms=("solo", "mountain_sea"), seed=1, changes={"mountain_sea.gap": gap})
        model.run()
        return sorted(model.projects.founded[model.projects.mechanism == 1].tolist())

    assert cohorts(2.0) == cohorts({2006: 2.0, 2020: 1.0}) == [2017, 2019]
    assert cohorts({2006: 4.0, 2018: 1.0}) == [2017, 2018]
    assert cohorts({2006: 4.0, 2020: 1.0}) == [2017, 2020]
    assert cohorts({2006: 2.0, 2018: 4.0}) == [2017, 2021]


def test_obligations_tell_the_price_that_was_paid():
    def money(price):
        changes = {"mountain_sea.quota_price": price}
        model = EconomyModel(case=TINY, mechanisms=("solo", "mountain_sea"), seed=1, changes=changes).run()
        return [one.met for one in model.obligations if one.name == "money" and one.year in (2017, 2018)]

    assert money(400_000.0) == money({2006: 400_000.0, 2018: 50_000.0})
    assert money(400_000.0) != money(50_000.0)
