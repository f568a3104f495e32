"""The books hold in every year of every arm, in both cases, with several seeds, and under stress."""

import numpy as np
import pytest

from model.cases import load_case

PARKS = ("mountain_sea", "mountain_park", "science_park", "fashion_park", "household_shares", "crowdfunding")
ALL = ("solo", "town_joint", "enclave", *PARKS)
ARMS = [("own",), ("solo",), ("solo_funded",), ("solo", "enclave"), ("solo", "town_joint", "enclave_rotating"), ALL]
RUNS = [("tiny", seed, arm) for seed in range(2) for arm in ARMS]
RUNS += [("pinghu", 1, ALL), ("pinghu", 2, ("solo", "enclave"))]
COUNTIES = [county.slug for county in load_case("tiny").counties]


def everywhere(**figures):
    """The same figures for every county of the small case."""
    return {f"{county}.{name}": value for county in COUNTIES for name, value in figures.items()}


NO_MONEY = {**everywhere(programme_share=0.0), "firms.local_tax_share": 0.0}
RASH = {"treasury.guarantee_limit": 1000.0}  # counties that promise more than they can keep
SHOCKS = {"stress.slump": 0.9, "stress.closures": 0.3, "stress.land_sales": 1.0, "stress.main_tenants": 1.0}
STRESS = {
    "no programme money": everywhere(programme_share=0.0),
    "no programme money and no taxes": NO_MONEY,
    "few tenants and little money": {
        **everywhere(programme_share=0.004, entrants=1.0),
        "treasury.reserve": 3.0,
        **RASH,
    },
    "a coupon that nobody can pay": {"pool.coupon_rate": 1.0, **RASH},
    "nobody pays and no firm comes": {**NO_MONEY, **everywhere(firms=0.0, entrants=0.0, urban_gap=0.0)},
    "all shocks at once": {**SHOCKS, **RASH},
    "shocks in years of their own": {**SHOCKS, "stress.correlated": 0.0, "stress.start": 2010.0, "stress.years": 5.0},
    "quota crosses borders": {"quota.cross_county": 1.0, "quota.cross_county_since": 2008.0, "tiny.urban_gap": 50.0},
    "everybody hides income": {"village.misreporting": 1.0, "village.hidden": 5.0, "village.audit": 0.0},
    "idle land brings nothing": {"land.idle_rent": 0.0, "prices.discount_rate": 0.0},
    "nobody is free for work": {"labour.available": 0.0},
    "everybody wants a job": {"labour.available": 1.0, "labour.forgone": 0.0},
    "a coupon below the rent": {"pool.coupon_rate": 0.01, "choice.trust_start": 0.0},
    "cheap floor elsewhere": {"floor.elsewhere_rent": 0.5},
    "quota without a price": {"quota.price_cap": 0.0, "quota.compensation": 0.0},
    "nothing to distribute": {"village.payout": 0.0, "village.services": 0.0},
    "villages deep in debt": {"credit.debt_limit": 20.0, "prices.loan_rate": 0.02, "choice.taste": 1.0},
}


@pytest.mark.parametrize(("case", "seed", "arm"), RUNS)
def test_the_books_hold_in_every_year(check_every_year, case, seed, arm):
    model = check_every_year(case=case, mechanisms=arm, seed=seed)
    assert model.year == 2021
    names = [model.mechanisms[number].name for number in model.projects.mechanism[model.projects.mechanism >= 0]]
    assert ("enclave" in names) == ("enclave" in arm)
    pools = model.datacollector.model_vars["pool_projects"][-1]
    assert pools > 0 if len(arm) > 1 else pools == 0


@pytest.mark.parametrize("stress", STRESS)
@pytest.mark.parametrize("arm", [("solo_funded",), ALL], ids="+".join)
def test_the_books_hold_under_stress(check_every_year, arm, stress):
    check_every_year(case="tiny", mechanisms=arm, seed=5, changes=STRESS[stress])


@pytest.mark.parametrize("stress", ["few tenants and little money", "a coupon that nobody can pay"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_guarantee_that_is_not_kept_is_seen_and_lowers_trust(check_every_year, stress, seed):
    model = check_every_year(case="tiny", mechanisms=("solo", "enclave"), seed=seed, changes=STRESS[stress])
    outcomes = model.datacollector.model_vars
    assert sum(outcomes["unpaid_guarantees"]) > 0.0
    assert sum(outcomes["top_ups"]) > 0.0
    fell = [after < before for before, after in zip(outcomes["trust"], outcomes["trust"][1:], strict=False)]
    assert any(fell)
    assert min(outcomes["treasury"]) >= 0.0


def test_rent_above_the_guarantee_stays_with_the_lessee(check_every_year):
    changes = {"pool.coupon_rate": 0.005, "choice.trust_start": 0.0, "choice.memory": 1.0}
    model = check_every_year(case="tiny", mechanisms=("solo", "enclave"), seed=1, changes=changes)
    assert sum(model.datacollector.model_vars["lessee_surplus"]) > 0.0
    assert sum(model.datacollector.model_vars["top_ups"]) < sum(model.datacollector.model_vars["lessee_surplus"])


def test_the_books_hold_to_2035(check_every_year):
    model = check_every_year(case="tiny", mechanisms=("solo", "enclave"), seed=3, last_year=2035)
    assert model.year == 2035
    ended = (model.projects.mechanism == 1) & (model.year - model.projects.founded > 10)
    assert ended.any()
    assert model.projects.due[ended].tolist() == model.projects.net_rent[ended].tolist()


def poke(table, stock, value):
    """Put a figure into the first row of a stock, past the ledger."""
    values = table.column(stock).copy()
    values[0] = value
    table.replace_stock(stock, values)


def first_pool_stake(model):
    """The first stake of a village in a pool."""
    pools = (model.projects.village < 0) & (model.projects.mechanism >= 0)
    return int(np.flatnonzero(pools[model.partnerships.project])[0])


def swap(table, stock):
    """Move a mu from one row to the next behind the ledger's back: the sum stays, the counties' shares don't."""
    values = table.column(stock).copy()
    values[:2] += 1.0, -1.0
    table.replace_stock(stock, values)


BREAKS = {
    "check_nothing_is_made_or_lost": lambda m: poke(m.villages, "cash", 9e9),
    "check_nobody_but_outside_owes": lambda m: poke(m.villages, "cash", -1.0),
    "check_what_is_due_is_accounted_for": lambda m: m.projects.write(rows=3, unpaid=1e6),
    "check_the_flow_table_tells_who_gave_and_who_took": lambda m: m.ledger.entries.pop(),
    "check_shares_sum_to_one": lambda m: m.partnerships.capital.__setitem__(0, -1.0),
    "check_holders_are_paid_by_what_they_paid_in_and_for_how_long": lambda m: m.partnerships.capital.__setitem__(
        first_pool_stake(m), 1.0
    ),
    "check_quota_is_reclaimed_built_on_sold_or_held_in_every_county": lambda m: swap(m.counties, "quota"),
    "check_capital_of_projects_is_what_was_paid_in": lambda m: m.partnerships.capital.__setitem__(-1, 1e9),
    "check_firms_and_floor_agree": lambda m: m.enterprises.write(floor=1.0),
    "check_wages_reach_the_households_that_work_there": lambda m: m.households.write(rows=0, wage=1e9),
    "check_payouts_reach_the_households": lambda m: m.households.write(rows=0, payout=1e9),
    "check_income_adds_up": lambda m: m.villages.write(rows=0, recurrent_income=9e9),
}


@pytest.mark.parametrize("check", BREAKS)
def test_each_check_can_fail(check_every_year, checks, check):
    model = check_every_year(case="tiny", mechanisms=("solo", "enclave"), seed=1, last_year=2016)
    BREAKS[check](model)
    with pytest.raises(AssertionError):
        checks[check](model)


def test_every_check_is_broken_once(checks):
    assert set(checks) == set(BREAKS)
