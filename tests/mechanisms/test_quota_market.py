"""The quota market in the course of years: an auction a county, firms that bid, and quota that may cross borders."""

import numpy as np
import pytest

from model.economy import EconomyModel
from model.markets.quota import _bids

SEEDS = range(3)
# Idle land that is cleared for sale, and no building at home that would need it.
SELLERS = {"land.idle_rent": 0.0, "build.min_plot_home": 100.0}
HUNGRY = {"tiny.urban_gap": 40.0, "tiny.zone_land_demand": 0.0, "hill.urban_gap": 0.0, "hill.zone_land_demand": 0.0}


def run(changes, *, seed=1, mechanisms=("own",), last_year=None):
    return EconomyModel(case="tiny", mechanisms=mechanisms, seed=seed, changes=changes, last_year=last_year).run()


def moved(model, reason, **where):
    """What moved for a reason by year; where: fields of the flows, such as giver_county."""
    found = {}
    for flow, amount in model.ledger.flow_table():
        if flow.reason == reason and all(getattr(flow, field) == value for field, value in where.items()):
            found[flow.year] = found.get(flow.year, 0.0) + amount
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_firms_buy_a_part_of_what_industry_wants_at_the_price_of_the_auction(seed):
    model = run(SELLERS, seed=seed)
    mu, yuan = (
        moved(model, reason, giver_county=0) for reason in ("quota sold to industry", "quota bought by industry")
    )
    paid = moved(model, "quota bought by industry", taker_county=0)
    assert mu
    assert yuan == {}  # firms pay from outside all counties
    most = model.parameters["quota.enterprise_part"] * model.parameters["tiny.zone_land_demand"]
    assert max(mu.values()) <= most * (1.0 + 1e-9)
    county_mu, county_yuan = (moved(model, reason, giver_county=0) for reason in ("quota sold", "quota bought"))
    for year in set(mu) & set(county_mu):
        assert paid[year] / mu[year] == pytest.approx(county_yuan[year] / county_mu[year])
    assert run({**SELLERS, "quota.enterprise_part": 0.0}, seed=seed).ledger.to_date(
        "quota sold to industry", unit="mu"
    ) == pytest.approx(0.0)


def test_firms_bid_round_the_industrial_price_and_no_county_bids_beyond_its_money():
    model = EconomyModel(case="tiny", mechanisms=("own",), seed=1)
    model.year += 1
    price = model.parameters["tiny.industrial_price"]
    urban, zone, *firms = zip(*_bids(model, 0), strict=True)
    assert len(firms) == model.parameters["quota.enterprise_bids"]
    assert zone == (price, pytest.approx(model.parameters["tiny.zone_land_demand"]))
    assert urban[0] == pytest.approx(model.parameters["tiny.urban_value"] * model.price_index)
    wanted = [amount for _, amount in firms]
    assert wanted == pytest.approx([model.parameters["quota.enterprise_part"] * zone[1] / len(firms)] * len(firms))
    worth = np.log([bid for bid, _ in firms]) - np.log(price)
    assert 0.0 < np.abs(worth).max() < 4 * model.parameters["quota.enterprise_spread"]
    assert worth.min() < worth.max()
    # A county whose industry wants no land has no firms that bid; one without money bids for nothing.
    assert len(_bids(model, 2).price) == 2
    treasury = model.counties.cash.copy()
    model.parameters = model.parameters.but({"tiny.urban_gap": 1000.0})
    bids = _bids(model, 0)
    assert (bids.price * bids.wanted)[:2].sum() == pytest.approx(treasury[0])
    assert (bids.price * bids.wanted)[:2].sum() < 1000.0 * bids.price[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_county_has_an_auction_and_a_price_of_its_own(seed):
    model = run(SELLERS, seed=seed)
    for reason in ("quota sold", "quota bought"):
        flows = [flow for flow, _ in model.ledger.flow_table() if flow.reason == reason]
        assert {flow.giver_county for flow in flows} == {0, 1}
        assert all(flow.giver_county == flow.taker_county for flow in flows)
    assert model.counties.quota_price[0] != model.counties.quota_price[1]


@pytest.mark.parametrize("price", [200_000.0, 500_000.0])
def test_quota_crosses_borders_at_the_regulated_price_from_its_year(price):
    opened = {"quota.cross_county": 1.0, "quota.cross_county_since": 2010.0, "quota.cross_county_price": price}
    model = run({**SELLERS, **HUNGRY, **opened})
    mu = moved(model, "quota sold", giver_county=1, taker_county=0)
    yuan = moved(model, "quota bought", giver_county=0, taker_county=1)
    assert sum(mu.values()) > 3.0
    assert min(mu) >= 2010
    assert yuan == pytest.approx({year: price * amount for year, amount in mu.items()})
    assert not moved(model, "quota sold", giver_county=0, taker_county=1)
    closed = run({**SELLERS, **HUNGRY})
    assert not moved(closed, "quota sold", giver_county=1, taker_county=0)
    assert (
        model.villages.quota[model.villages.county == 1].sum()
        < closed.villages.quota[closed.villages.county == 1].sum()
    )


def test_quota_worth_less_than_the_regulated_price_stays_at_home():
    opened = {"quota.cross_county": 1.0, "quota.cross_county_since": 2010.0, "quota.cross_county_price": 700_000.0}
    model = run({**SELLERS, **HUNGRY, **opened, "tiny.urban_value": 300_000.0})
    assert not moved(model, "quota sold", giver_county=1, taker_county=0)


def test_land_that_brings_rent_while_idle_is_cleared_later_or_never():
    cleared = {}
    for level in (0.0, 400.0, 100_000.0):
        model = run({**SELLERS, "land.idle_rent": level})
        cleared[level] = moved(model, "reclaimed", giver_county=0)
    assert len(cleared[0.0]) > len(cleared[400.0]) > 0
    assert cleared[100_000.0] == {}
