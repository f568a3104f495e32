"""The advantage of pooling is not written in: where nothing tells the zone from a village, pooling hardly matters.

Every channel of which the model knows is shut: places alike, no company of other firms, no scale, no least plot or
capital, slack credit, no support, quota and land at one price, rent as it comes. What is left is the choice between
two places. The measure is recurrent income in the last year, after the rents of all that was built have settled.
"""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from model.cases import load_case
from model.contracts import ActualRent
from model.economy import EconomyModel
from model.mechanisms.enclave import ENCLAVE

SEEDS = range(12)
MARGIN, ON_THE_WAY = 0.015, 0.05  # of the baseline, in the last year and in any
PRICE = 100_000.0  # yuan/mu, of quota and of land alike
ALIKE = {
    "place.contrast": 0.0,
    "build.home_cost": 2000.0,
    "build.cost": 2000.0,
    "build.home_floor_area_ratio": 1.6,
    "build.floor_area_ratio": 1.6,
    "build.scale_cost": 0.0,
}
INDIVISIBLE = dict.fromkeys(("build.min_plot_home", "build.min_plot_zone", "build.min_capital", "pool.min_stake"), 0.0)
UNSUPPORTED = {"pool.relief": 0.0, "pool.grant": 0.0, "pool.interest_subsidy": 0.0, "choice.control_cost": 0.0}
ONE_PRICE = dict.fromkeys(
    ("quota.compensation", "quota.price_floor", "quota.price_cap", "pinghu.industrial_price"), PRICE
)
OPEN_MARKET = {
    "pinghu.zone_land_demand": 10_000.0,
    "pinghu.urban_gap": 0.0,
    "quota.enterprise_part": 0.0,
    "land.idle_rent": 0.0,
    "credit.debt_limit": 100.0,
    "prices.loan_rate": 0.02,
    "treasury.reserve": 1000.0,
    "floor.supply_response": 0.0,
}
NEUTRAL = {**ALIKE, **INDIVISIBLE, **UNSUPPORTED, **ONE_PRICE, **OPEN_MARKET}
COMPANY = {
    "place.contrast": 1.0,
    "pinghu.zone_quality": 0.0,
    "firms.thin_exit": 0.0,
    "place.village_spread": 0.0,
    "place.access_cost": 0.0,
    "place.agglomeration": 0.08,
}
PLAIN_POOL = ENCLAVE.but(contract=ActualRent(), guaranteed=False, since=2006, support_since="")
GUARANTEED_POOL = PLAIN_POOL.but(contract=ENCLAVE.contract, guaranteed=True)


def only_pinghu():
    """Pinghu's own villages and firms, with four households a village, since households don't matter here."""
    case = load_case("pinghu")
    name = case.counties[0].name
    towns = (
        dataclasses.replace(town, households=(4,) * len(town.households), town_households=0)
        for town in case.towns
        if town.county == name
    )
    return dataclasses.replace(case, counties=case.counties[:1], towns=tuple(towns), pairs=())


CASE = only_pinghu()


def effects(pool, changes, seeds=SEEDS):
    """What adding a pool does to recurrent income, a share of the baseline, and the pools' share of all capital.

    Shapes (seeds, years) and (seeds,).
    """
    gained, baseline, pooled = [], [], []
    for seed in seeds:
        solo, both = (
            EconomyModel(case=CASE, mechanisms=arm, changes=changes, seed=seed).run().datacollector.model_vars
            for arm in (("solo",), ("solo", pool))
        )
        baseline.append(np.array(solo["recurrent_income_mean"]))
        gained.append(np.array(both["recurrent_income_mean"]) - baseline[-1])
        pooled.append(both["pool_capital"][-1] / (both["pool_capital"][-1] + both["home_capital"][-1]))
    return np.array(gained) / np.mean(baseline, axis=0), np.array(pooled)


def interval(values):
    """95% t-interval of the mean."""
    found = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    return found.low, found.high


def test_pinghu_alone_is_what_it_is_with_its_partners_and_households():
    whole, alone = (
        EconomyModel(case=case, mechanisms=("solo", ENCLAVE), seed=1).run().datacollector.model_vars
        for case in ("pinghu", CASE)
    )
    for name in ("recurrent_income_mean", "pool_capital", "home_capital", "zone_rent", "quota_price"):
        # Newton's steps in agents.project.size_for stop for all at once, so that who else asks moves a last bit.
        assert whole[name] == pytest.approx(alone[name], rel=1e-12), name


def test_the_neutral_world_builds_as_much_as_would_show_an_advantage():
    found = EconomyModel(case=CASE, mechanisms=("solo",), changes=NEUTRAL, seed=0).run().datacollector.model_vars
    assert found["home_capital"][-1] > 2e8
    assert found["home_income_mean"][-1] > 0.1 * found["recurrent_income_mean"][-1]


def test_where_nothing_tells_places_apart_pooling_changes_income_hardly():
    gained, pooled = effects(PLAIN_POOL, NEUTRAL)
    low, high = interval(gained[:, -1])
    # Not for want of pools: without them there would be nothing to compare.
    assert pooled.min() > 0.2
    assert gained[:, -1].std() > 0.0
    assert low > -MARGIN, f"between {low:.2%} and {high:.2%} of the baseline"
    assert high < MARGIN, f"between {low:.2%} and {high:.2%} of the baseline"
    # On the way there, while more is built than tenants can fill, the arms differ by a little more.
    assert np.abs(gained.mean(axis=0)).max() < ON_THE_WAY


def test_where_firms_fit_anywhere_even_the_scale_of_sheds_does_not_matter():
    """A shed too small for the firms that come is an advantage of size; here firms take what there is.

    What is left is that members of a pool put their land together, so that a little more is built with it.
    """
    gained, pooled = effects(PLAIN_POOL, {**NEUTRAL, "firms.least_fit": 0.01})
    low, high = interval(gained[:, -1])
    assert pooled.min() > 0.2
    assert max(-low, high) < MARGIN, f"between {low:.2%} and {high:.2%} of the baseline"
    assert np.abs(gained.mean(axis=0)).max() < 2 * MARGIN


@pytest.mark.parametrize(
    ("pool", "changes"),
    [
        pytest.param(ENCLAVE, {}, id="as it was"),
        pytest.param(PLAIN_POOL, {**NEUTRAL, **COMPANY}, id="only the company of firms"),
        pytest.param(
            GUARANTEED_POOL,
            {**NEUTRAL, "pool.coupon_years": 20.0, "treasury.guarantee_limit": 1000.0},
            id="only the guarantee",
        ),
    ],
)
def test_where_a_channel_is_open_the_same_comparison_shows_it(pool, changes):
    gained, pooled = effects(pool, changes, seeds=range(4))
    _, high = interval(gained[:, -1])
    assert pooled.min() > 0.2
    assert gained[:, -1].mean() > MARGIN
    assert high > 2 * MARGIN
