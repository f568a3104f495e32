"""A reform changes nothing before its year, whatever lever it changes, and is the plain change where it is as old."""

import numpy as np
import pytest

from model.cases import load_case
from model.economy import EconomyModel
from model.registry import find_mechanism, mechanisms

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


BRANCHES = (
    (2013, "solo+town_joint+enclave", "solo+town_joint@-2012+enclave@-2012+enclave_at_risk@2013"),
    (2013, "solo+town_joint+enclave", "solo+town_joint@-2012+enclave@-2012+solo_funded@2013"),
    (2015, "solo+town_joint+enclave", "solo+town_joint@-2014+enclave@-2014"),
    (2015, "solo+town_joint+enclave", "solo@-2014+town_joint@-2014+enclave@-2014"),
    (2016, "solo", "solo+town_joint@2016+enclave@2016"),
    (2018, "+".join(POOLS), "+".join(f"{name}@-2017" for name in POOLS)),
    (2019, "+".join(POOLS), "+".join(f"{name}@-2018" for name in POOLS[1:]) + "+solo+enclave_fixed@2019"),
)


@pytest.mark.parametrize(("year", "arm", "branch"), BRANCHES)
def test_a_branch_is_its_arm_until_its_year(year, arm, branch):
    one, other = (outcomes(WORLD, arm=tuple(names.split("+"))) for names in (arm, branch))
    assert differ(one, other, slice(year - 2005)) == []
    assert differ(one, other, slice(year - 2005, None))


def test_a_branch_of_the_case_is_its_arm_until_its_year():
    pinghu, early = load_case("pinghu"), {"pool.support_since": 2009.0}
    arms = (names.split("+") for names in (BRANCHES[0][1], BRANCHES[0][2]))
    one, other = (outcomes(early, arm=tuple(arm), last_year=2013, case=pinghu) for arm in arms)
    assert differ(one, other, slice(2013 - 2005)) == []
    assert differ(one, other, slice(2013 - 2005, None))


@pytest.mark.parametrize("name", [name for name in mechanisms() if name != "own"])
def test_who_is_in_stays_in_and_nobody_comes_after_the_last_year(name):
    last = max(2018, find_mechanism(name).since)
    arm = (f"{name}@-{last}",) if name.startswith("solo") else ("solo", f"{name}@-{last}")
    model = EconomyModel(case=TINY, mechanisms=arm, changes=WORLD, seed=1)
    while model.year < last:
        model.step()
    at_home = find_mechanism(name).where == "home" and find_mechanism(name).chosen
    mine = at_home if at_home else len(arm) - 1
    before = _put_in(model, mine)
    assert before > 0.0
    model.run()
    assert _put_in(model, mine) == pytest.approx(before, rel=1e-12)
    assert model.datacollector.model_vars["books_gap"][-1] < 1e-9


def _put_in(model, number):
    """What has been paid into buildings at home since the opening (True), or into the projects of a mechanism."""
    at_home = (model.projects.village >= 0) & (model.projects.mechanism < 0)
    chosen = at_home if number is True else model.projects.mechanism == number
    return float(model.projects.cost[chosen].sum())


def test_a_park_that_begins_later_is_founded_later():
    arm = ("solo", "mountain_sea@2019", "mountain_park@2018", "fashion_park@2021", "science_park@-2017")
    model = EconomyModel(case=TINY, mechanisms=arm, seed=1).run()
    founded = [model.projects.founded[model.projects.mechanism == number].tolist() for number in range(1, 5)]
    assert founded == [[2019, 2021], [2018], [2021], []]


def test_a_park_waits_for_its_pair():
    """A pair that comes after its mechanism: until now such a park never came."""
    early = find_mechanism("science_park").but(since=2010)
    model = EconomyModel(case=TINY, mechanisms=("solo", early), seed=1).run()
    assert model.projects.founded[model.projects.mechanism == 1].tolist() == [2018]


def test_the_list_is_still_reviewed_when_nobody_is_admitted_any_more():
    ended, on = (
        EconomyModel(case=TINY, mechanisms=("solo", name), seed=1, changes=WORLD).run()
        for name in ("household_shares@-2018", "household_shares")
    )
    held = [one.datacollector.model_vars["listed_count"] for one in (ended, on)]
    assert held[0][: 2018 - 2004] == held[1][: 2018 - 2004]
    assert 0 < held[0][-1] < held[0][2018 - 2005]
    assert held[0][-1] < held[1][-1]


def test_membership_goes_on_rotating():
    model = EconomyModel(case=TINY, mechanisms=("solo", "enclave_rotating@-2013"), seed=1, changes=WORLD).run()
    assert any(one.year > 2013 for one in model.partnerships.handovers)


def test_the_interest_subsidy_ends():
    model = EconomyModel(case=TINY, mechanisms=("solo@-2012",), seed=1).run()
    years = {flow.year for flow, amount in model.ledger.flow_table() if flow.reason == "interest subsidy" and amount}
    assert years
    assert max(years) <= 2012
    relieved = {flow.year for flow, amount in model.ledger.flow_table() if flow.reason == "tax relief" and amount}
    assert max(relieved) == 2021
