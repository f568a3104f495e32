"""What rises when something else rises, version by version: pairs of runs with the same luck."""

import numpy as np
import pytest

from model.contracts import split_due
from model.economy import EconomyModel

SEEDS = range(3)
UNLIMITED = {"treasury.guarantee_limit": 1000.0}  # so that terms and money don't decide how much is guaranteed
ENROLLED = ("solo", "mountain_sea", "household_shares")  # whose members policy picks, whatever the terms are


def run(*mechanisms, seed, changes=None, last_year=2021):
    return EconomyModel(case="tiny", mechanisms=mechanisms, seed=seed, changes=changes, last_year=last_year).run()


def total(model, outcome):
    return float(np.sum(model.datacollector.model_vars[outcome]))


def stakes_of(model, number):
    """Who put how much into the projects of a mechanism."""
    stakes = model.partnerships
    mine = (model.projects.mechanism == number)[stakes.project]
    return stakes.holder_kind[mine].tolist(), stakes.holder[mine].tolist(), stakes.capital[mine].tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_coupon_pays_enrolled_villages_more_and_costs_the_guarantor_more(seed):
    terms = {"mountain_sea.own": 0.0, "mountain_sea.borrowed": 0.0}  # so that stakes don't turn on earlier income
    low, high = (
        run("solo", "mountain_sea", seed=seed, changes={**terms, "mountain_sea.coupon_rate": rate})
        for rate in (0.07, 0.10)
    )
    assert stakes_of(low, 1) == stakes_of(high, 1) != ([], [], [])
    assert total(low, "unpaid_guarantees") == total(high, "unpaid_guarantees") == 0.0
    member = low.villages.pool_income > 0.0
    assert member.sum() == (low.villages.county == 1).sum()
    assert (high.villages.pool_income > low.villages.pool_income)[member].all()
    assert (high.villages.recurrent_income > low.villages.recurrent_income)[member].all()
    added = total(high, "coupon_due") - total(low, "coupon_due")
    cost = [total(one, "top_ups") - total(one, "lessee_surplus") for one in (low, high)]
    assert 0.0 < cost[1] - cost[0] == pytest.approx(added, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_coupon_pays_low_income_households_more_and_costs_the_guarantor_more(seed):
    low, high = (run("solo", "household_shares", seed=seed, changes={"shares.coupon_rate": r}) for r in (0.07, 0.10))
    assert np.array_equal(low.households.listed, high.households.listed)
    assert high.households.dividends.sum() > low.households.dividends.sum() > 0.0
    assert total(high, "top_ups") > total(low, "top_ups") > 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_coupon_pays_members_of_the_enclave_more_while_they_are_the_same(seed):
    fixed = {"choice.trust_start": 0.0, "choice.memory": 1.0, "choice.control_cost": 0.0} | UNLIMITED
    low, high = (
        run("solo", "enclave", seed=seed, changes={**fixed, "pool.coupon_rate": rate}, last_year=2014)
        for rate in (0.07, 0.10)
    )
    members = [set(stakes_of(one, 1)[1]) for one in (low, high)]
    assert members[0] == members[1] != set()
    assert high.villages.pool_income.sum() > low.villages.pool_income.sum()
    assert total(high, "top_ups") > total(low, "top_ups")


def in_slump(depth, share, seed, *mechanisms):
    """Large stakes of enrolled villages and a county with little but its programme money, in a slump from 2018 on."""
    changes = {"mountain_sea.stake": 4e6, "tiny.programme_share": share, "tiny.urban_gap": 0.0}
    changes |= {"firms.local_tax_share": 0.0, "stress.start": 2018.0, "stress.years": 4.0}
    return run(*mechanisms, seed=seed, changes={**changes, "stress.slump": depth, "stress.closures": 0.1})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deeper_slump_raises_top_ups_while_there_is_money_and_defaults_when_there_is_none(seed):
    rich = [in_slump(depth, 0.01, seed, *ENROLLED) for depth in (0.0, 0.4, 0.9)]
    top_ups = [total(one, "top_ups") for one in rich]
    assert top_ups == sorted(top_ups)
    assert top_ups[2] > 1.2 * top_ups[0]
    assert all(total(one, "unpaid_guarantees") == 0.0 for one in rich)
    poor = in_slump(0.9, 0.001, seed, *ENROLLED)
    assert total(poor, "unpaid_guarantees") > 1e6
    # What the guarantor fails to pay is missing in the members' income.
    assert poor.villages.pool_income.sum() < rich[2].villages.pool_income.sum()


def test_a_treasury_that_runs_dry_pays_households_first_then_the_pair_then_the_enclave():
    seen = set()
    changes = {"mountain_sea.stake": 3e6, "tiny.programme_share": 0.002, "tiny.urban_gap": 0.0}
    changes |= {"firms.local_tax_share": 0.0, "pool.weak_line": 0.0, "choice.trust_start": 1.0}
    changes |= {"stress.slump": 0.9, "stress.start": 2018.0, "stress.years": 4.0, "quota.compensation": 3e5}
    changes |= UNLIMITED
    for seed in SEEDS:
        model = EconomyModel(case="tiny", mechanisms=(*ENROLLED, "enclave"), seed=seed, changes=changes)
        while model.year < model.last_year:
            model.step()
            projects = model.projects
            rank = np.array([one.rank for one in model.mechanisms] + [0])[projects.mechanism]
            owed = {r: float(projects.unpaid[rank == r].sum()) for r in (1, 2, 3)}
            paid = {r: float(projects.top_up[rank == r].sum()) for r in (1, 2, 3)}
            for first, second in ((1, 2), (2, 3), (1, 3)):
                assert owed[first] < 1.0 or paid[second] < 1.0, (seed, model.year)
                if owed[second] > 1.0 and owed[first] < 1.0 < paid[first]:
                    seen.add((first, second))
    assert (1, 2) in seen
    assert (2, 3) in seen


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dearer_mu_of_quota_costs_the_county_more(seed):
    outlays, compensations = [], []
    for price in (600_000.0, 900_000.0):
        model = run("solo", "enclave", seed=seed, changes={"quota.compensation": price, **UNLIMITED})
        outlays.append(model.datacollector.model_vars["public_outlay_to_date"][-1])
        compensations.append(model.ledger.to_date("quota compensation", unit="yuan", giver_county=0))
    assert outlays[0] < outlays[1]
    assert compensations[0] < compensations[1]


EQUALS = ("village.income_spread", "land.idle_spread", "place.village_spread", "village.other_shock")
# Villages that differ by distance alone, with land that carries enough floor for distance to matter, and a county that
# need not make them wait for one another.
BY_DISTANCE = {**dict.fromkeys(EQUALS, 0.0), "place.access_cost": 2.0, "choice.taste": 0.003}
BY_DISTANCE |= {"tiny.programme_share": 0.1, "treasury.reserve": 10.0, "build.home_floor_area_ratio": 0.8}


def test_remote_villages_gain_more_from_pooling_than_near_ones():
    """At equal cash, idle land and trust, against the same money spent at home."""
    gains, earned = [], []
    for seed in range(4):
        both, home = (run(*arm, seed=seed, changes=BY_DISTANCE) for arm in (("solo", "enclave"), ("solo_funded",)))
        host = both.villages.county == 0
        for name in ("idle_land", "trust", "other_income"):
            assert np.ptp(both.village_panel()[name][: len(both.villages)][host]) < 1e-6, name
        gains.append((income_to_date(both) - income_to_date(home))[host])
        rows = home.projects.village >= 0
        floor = np.bincount(home.projects.village[rows], home.projects.floor[rows], len(home.villages))
        earned.append((home.villages.home_income / floor)[host])
    remoteness = both.villages.remoteness[host]
    order = np.argsort(remoteness)
    near, far = order[: len(order) // 3], order[-(len(order) // 3) :]
    # What floor at home brings falls with distance, what a pool in the zone brings does not.
    assert np.corrcoef(remoteness, np.mean(earned, axis=0))[0, 1] < -0.3
    mean = np.mean(gains, axis=0)
    assert mean[far].mean() > mean[near].mean()
    assert np.corrcoef(remoteness, mean)[0, 1] > 0.3
    assert sum(one[far].mean() > one[near].mean() for one in gains) >= 3


def income_to_date(model):
    """Recurrent income of each village over all years."""
    panel = model.village_panel()
    return np.bincount(panel["village"], panel["recurrent_income"], len(model.villages))


def test_the_two_readings_of_the_second_term_by_hand():
    rent, tax = np.array([100.0, 100.0, 100.0, 0.0]), np.array([40.0, 100.0, 160.0, 50.0])
    half = split_due(rent, tax, part=0.5, rent_in_full=False)
    full = split_due(rent, tax, part=0.5, rent_in_full=True)
    # The second reading gives half of the rent more; the first one beats the rent alone where the tax is the larger.
    assert (full - half).tolist() == [50.0, 50.0, 50.0, 0.0]
    assert (half < rent).tolist() == [True, False, False, False]
    assert (half > rent).tolist() == [False, False, True, True]
    assert (full >= rent).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_second_reading_pays_the_paired_villages_more_in_their_second_term_and_only_then(seed):
    paid = []
    for reading in (0.0, 1.0):
        model = run("solo", "mountain_sea", seed=seed, changes={"mountain_sea.rent_in_full": reading}, last_year=2035)
        panel = model.village_panel()
        of_partner = panel["pool_income"] * (model.villages.county == 1)[panel["village"]]
        paid.append(np.bincount(panel["year"] - 2005, of_partner))
    half, full = (dict(zip(range(2005, 2036), values.tolist(), strict=True)) for values in paid)
    # The first cohort is in its second term from 2023 on, the other from 2025 to 2029.
    assert all(full[year] == pytest.approx(half[year]) for year in range(2017, 2023))
    assert all(full[year] >= half[year] * (1.0 - 1e-9) for year in range(2023, 2030))
    assert all(full[year] > half[year] for year in range(2023, 2027))
    assert all(full[year] == pytest.approx(half[year], rel=0.01) for year in range(2030, 2036))
    assert half[2024] < half[2022]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_fashion_park_pulls_light_firms_out_of_the_host_and_hires_in_its_own_county(seed):
    # Few firms come, so that nobody takes the floor of those that leave.
    without, with_park = (
        run(*arm, seed=seed, changes={"tiny.entrants": 4.0}) for arm in (("solo",), ("solo", "fashion_park"))
    )
    river = 3
    for model, there in ((without, False), (with_park, True)):
        firms, site = model.enterprises, model.enterprises.site
        at = np.where(site >= 0, model.projects.county[np.maximum(site, 0)], -1)
        moved = (at == river) & (firms.county == 0)
        assert moved.any() == there
        assert firms.light[moved].all()
        hired = (model.households.county == river) & (model.households.wage > 0.0)
        assert hired.any() == there
        assert (model.households.wage > model.households.forgone)[hired].all()
        assert (model.ledger.to_date("local tax of firms", unit="yuan", taker_county=river) > 0.0) == there
    left, stayed = (
        (one.enterprises.light & (one.projects.county[np.maximum(one.enterprises.site, 0)] == 0))[
            one.enterprises.site >= 0
        ].sum()
        for one in (with_park, without)
    )
    assert left < stayed
    tax = [one.ledger.to_date("local tax of firms", unit="yuan", taker_county=0) for one in (with_park, without)]
    assert tax[0] < tax[1]
