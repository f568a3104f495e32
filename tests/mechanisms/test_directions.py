"""What rises when something else rises: pairs of runs with the same luck."""

import numpy as np
import pytest

from model.economy import EconomyModel

SEEDS = range(3)
# Villages that never trust a guarantee and never learn join or stay away whatever the coupon is.
STUBBORN = {"choice.trust_start": 0.0, "choice.memory": 1.0, "choice.control_cost": 0.0}
STUBBORN |= {"treasury.guarantee_limit": 1000.0}


def outcomes(mechanisms=("solo", "enclave"), *, seed, case="tiny", **changes):
    keys = {key.replace("__", "."): value for key, value in changes.items()}
    model = EconomyModel(case=case, mechanisms=mechanisms, seed=seed, changes=keys).run()
    return model, {name: np.array(values) for name, values in model.datacollector.model_vars.items()}


def first_pool(model):
    """The row of the pool that was founded first."""
    return int(np.flatnonzero((model.projects.mechanism >= 0) & (model.projects.village < 0))[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_coupon_costs_the_county_more_and_pays_villages_more(seed):
    terms = {key.replace(".", "__"): value for key, value in STUBBORN.items()}
    low_model, low = outcomes(seed=seed, pool__coupon_rate=0.07, **terms)
    high_model, high = outcomes(seed=seed, pool__coupon_rate=0.10, **terms)
    first = [(first_pool(one), one.partnerships) for one in (low_model, high_model)]
    members = [stakes.holder[stakes.project == pool].tolist() for pool, stakes in first]
    assert members[0] == members[1] != []
    assert low["unpaid_guarantees"].sum() == high["unpaid_guarantees"].sum() == 0.0
    assert (high["pool_income_mean"] >= low["pool_income_mean"]).all()
    assert high["pool_income_mean"][-1] > low["pool_income_mean"][-1]
    assert high["village_income_to_date"][-1] > low["village_income_to_date"][-1]
    assert (high["top_ups"] - high["lessee_surplus"]).sum() > (low["top_ups"] - low["lessee_surplus"]).sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_yuan_in_a_pool_gets_is_the_coupon(seed):
    for rate in (0.05, 0.10):
        _, found = outcomes(seed=seed, pool__coupon_rate=rate)
        assert found["coupon_due"][-1] == pytest.approx(rate * found["pool_capital"][-2], rel=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_better_zone_asks_higher_rents(seed):
    _, plain = outcomes(("solo",), seed=seed, tiny__zone_quality=0.0)
    _, better = outcomes(("solo",), seed=seed, tiny__zone_quality=0.3)
    assert better["zone_rent"][-1] > plain["zone_rent"][-1]
    assert better["zone_tax_per_mu"][-1] > plain["zone_tax_per_mu"][-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_more_firms_fill_more_floor_at_higher_rents(seed):
    _, few = outcomes(("solo",), seed=seed, tiny__entrants=8.0)
    _, many = outcomes(("solo",), seed=seed, tiny__entrants=20.0)
    assert many["zone_rent"][-1] > few["zone_rent"][-1]
    assert many["village_occupancy"].mean() > few["village_occupancy"].mean()
    assert many["jobs"].mean() > few["jobs"].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_dear_floor_elsewhere_keeps_firms_and_raises_rents(seed):
    _, cheap = outcomes(("solo",), seed=seed, floor__elsewhere_rent=4.0)
    _, dear = outcomes(("solo",), seed=seed, floor__elsewhere_rent=20.0)
    assert dear["zone_rent"][-1] > cheap["zone_rent"][-1]
    assert dear["home_income_mean"][-1] > cheap["home_income_mean"][-1]


def test_land_that_costs_more_to_clear_than_it_brings_is_left():
    model, _ = outcomes(("own",), seed=1, land__reclaim_cost=1e6, tiny__urban_value=0.0, build__min_plot_home=100.0)
    assert model.villages.quota.sum() == 0.0
    assert np.array_equal(model.villages.idle_land, model.villages.opening_idle)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dearer_mu_brings_more_land_to_market(seed):
    _, cheap = outcomes(("solo",), seed=seed, quota__price_cap=70_000.0)
    _, dear = outcomes(("solo",), seed=seed)
    assert dear["quota_reclaimed"][-1] > cheap["quota_reclaimed"][-1]
    assert dear["quota_price"][-1] > cheap["quota_price"][-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_villages_pay_out_reaches_low_income_households(seed):
    _, little = outcomes(("solo",), seed=seed, village__payout=0.005)
    _, much = outcomes(("solo",), seed=seed, village__payout=0.1)
    assert much["household_income"][-1] > little["household_income"][-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_fears_for_control_stays_out(seed):
    _, easy = outcomes(seed=seed, choice__control_cost=0.0)
    _, jealous = outcomes(seed=seed, choice__control_cost=0.5)
    assert easy["pool_members"][-1] > jealous["pool_members"][-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_trust_and_no_rent_make_no_pool(seed):
    _, found = outcomes(
        seed=seed, choice__trust_start=0.0, choice__memory=1.0, pool__grant=0.0, tiny__zone_quality=-1.0
    )
    _, trusting = outcomes(seed=seed, choice__trust_start=0.9, choice__memory=1.0, tiny__zone_quality=-1.0)
    assert found["pool_capital"][-1] < trusting["pool_capital"][-1]
