"""Construction-land quota (建设用地指标): reclaiming idle land, and the yearly call auction."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.groups import rows_by_group
from agents.table import Array
from agents.village import present_years
from model.borrowing import borrow
from model.entries import Account
from model.flows import (
    INDUSTRIAL_LAND,
    INDUSTRIAL_LAND_PAID,
    PLAN_QUOTA,
    PLAN_QUOTA_USED,
    QUOTA_BOUGHT,
    QUOTA_BOUGHT_BY_INDUSTRY,
    QUOTA_SOLD,
    QUOTA_SOLD_TO_INDUSTRY,
    RECLAIMED,
    RECLAMATION,
    URBAN_LAND,
    URBAN_LAND_PAID,
    Reason,
)
from model.outlook import home_land_wanted, means, pool_price
from model.stress import land_sales_kept

if TYPE_CHECKING:
    from model.economy import EconomyModel


class Auction(NamedTuple):
    """Outcome of a call auction: one price (yuan/mu) and what each ask sold and each bid bought (mu)."""

    price: float
    sold: Array
    bought: Array


def call_auction(
    ask: Array, offered: Array, bid: Array, wanted: Array, *, sellers_share: float, floor: float, cap: float
) -> Auction:
    """Uniform-price call auction.

    ask: yuan/mu, offered: mu, shape (sellers,); bid: yuan/mu, wanted: mu, shape (buyers,). Equal asks (bids) are
    served in the order of the rows. Units trade as long as the bid reaches the ask; the price lies between the
    marginal ask and bid, then within floor and cap. Without a trade the price is not a number.
    """
    ask = np.maximum(ask, floor)
    bid = np.minimum(bid, cap)
    sellers, buyers = np.argsort(ask, kind="stable"), np.argsort(-bid, kind="stable")
    edges_sold, edges_bought = np.cumsum(offered[sellers]), np.cumsum(wanted[buyers])
    steps = np.unique(np.concatenate([[0.0], edges_sold, edges_bought]))
    volume, ask_at, bid_at = 0.0, np.nan, np.nan
    for start, end in itertools.pairwise(steps):
        i, j = np.searchsorted(edges_sold, start, "right"), np.searchsorted(edges_bought, start, "right")
        if i >= len(sellers) or j >= len(buyers) or bid[buyers[j]] < ask[sellers[i]]:
            break
        volume, ask_at, bid_at = float(end), float(ask[sellers[i]]), float(bid[buyers[j]])
    price = float(np.clip(ask_at + sellers_share * (bid_at - ask_at), floor, cap))
    sold, bought = np.zeros_like(offered, dtype=float), np.zeros_like(wanted, dtype=float)
    sold[sellers] = np.clip(volume - np.append(0.0, edges_sold[:-1]), 0.0, offered[sellers])
    bought[buyers] = np.clip(volume - np.append(0.0, edges_bought[:-1]), 0.0, wanted[buyers])
    return Auction(price, sold, bought)


def reclaim_land(model: EconomyModel) -> None:
    """Villages reclaim idle land (复垦) that they want to build with, or whose quota brings more than it costs."""
    p, villages = model.parameters, model.villages
    cost = p["land.reclaim_cost"] * model.price_index
    money, credit = means(model)
    brings = np.maximum(model.counties.quota_price[villages.county], pool_price(model))
    most = np.minimum(villages.idle_land, p["land.reclaim_share"] * villages.opening_idle)
    for_home = np.maximum(home_land_wanted(model) - villages.quota, 0.0)
    # What the land brings while it lies idle is given up, for as long as a building would stand.
    years = present_years(p["prices.discount_rate"], p["build.life"])
    given_up = p["land.idle_rent"] * model.price_index * years
    pays = brings > cost * (1.0 + p["prices.loan_rate"]) + given_up
    # Nobody clears more land for sale while certified quota lies unsold.
    unsold = np.maximum(villages.quota - home_land_wanted(model), 0.0)
    for_sale = np.where(pays, np.maximum(most - unsold, 0.0), 0.0)
    mu = np.minimum(most, np.maximum(for_home, for_sale))
    # A village borrows for this only where the quota's price pays the loan back.
    mu = np.minimum(mu, (money + np.where(pays, credit, 0.0)) / cost) if cost > 0 else mu
    borrow(model, np.maximum(mu * cost - money, 0.0))
    model.ledger.move(Account(villages, "cash"), Account(model.outside, "cash"), mu * cost, RECLAMATION)
    model.ledger.move(Account(villages, "idle_land"), Account(villages, "quota"), mu, RECLAIMED)


class Bids(NamedTuple):
    """What buyers of a county's auction offer, in the order urban land, zone, enterprises: yuan/mu and mu."""

    price: Array
    wanted: Array


def clear_quota_market(model: EconomyModel) -> None:
    """Plan quota comes and is used; then villages offer what they can't use, and counties, zones and firms bid.

    Each county has an auction of its own; where quota may cross county borders, what is left then meets the bids that
    are left at the regulated price.
    """
    _use_plan_quota(model)
    villages, counties, order = model.villages, model.counties, _auction_order(model)
    offered = np.maximum(villages.quota - home_land_wanted(model), 0.0)
    ask = np.maximum(model.parameters["land.reclaim_cost"] * model.price_index, pool_price(model))
    price = counties.quota_price.copy()
    left = np.zeros((len(counties), 2))
    for county, places in enumerate(rows_by_group(villages.county[order], len(counties))):
        bids, sellers = _bids(model, county), order[places]
        result = _auction(model, ask[sellers], offered[sellers], bids)
        if result.sold.any():
            price[county] = result.price
            _settle(model, county, sellers, result)
        offered[sellers] -= result.sold
        left[county] = (bids.wanted - result.bought)[:2]
    counties.write(quota_price=price)
    if model.parameters["quota.cross_county"] > 0.5:
        _trade_across(model, ask, offered, left[:, 0])
    _sell_left_over(model)


def _auction_order(model: EconomyModel) -> Array:
    """All villages in this year's drawn order, which decides between equal asks."""
    return np.argsort(model.draws.keyed_uniform("quota auction: order", model.year, model.village_keys))


def _auction(model: EconomyModel, ask: Array, offered: Array, bids: Bids) -> Auction:
    p = model.parameters
    regulated = {"floor": p["quota.price_floor"], "cap": p["quota.price_cap"]}
    share = p["quota.sellers_share"]
    return call_auction(ask, offered, bids.price, bids.wanted, sellers_share=share, **regulated)


def _bids(model: EconomyModel, county: int) -> Bids:
    """Urban land is bid for at its value, zone land at the industrial price; firms bid what land is worth to each."""
    p, index = model.parameters, model.price_index
    urban, zone = (float(model.figures(name)[county]) for name in ("urban_gap", "zone_land_demand"))
    urban *= land_sales_kept(model)
    industrial = float(model.figures("industrial_price")[county])
    price = np.array([float(model.figures("urban_value")[county]) * index, industrial])
    # What the county holds serves its urban demand first, then the zone's; only the rest is bid for.
    held = float(model.counties.quota[county]) - np.array([0.0, urban])
    wanted = np.maximum(np.array([urban, zone]) - np.maximum(held, 0.0), 0.0)
    wanted *= min(1.0, max(float(model.counties.cash[county]), 0.0) / max(float(price @ wanted), 1.0))
    count = int(p["quota.enterprise_bids"]) if zone > 0.0 else 0
    name = f"quota auction: firms of {model.case.counties[county].name}"
    worth = industrial * np.exp(p["quota.enterprise_spread"] * model.draws.normal(name, model.year, count))
    own = np.full(count, p["quota.enterprise_part"] * zone / max(count, 1))
    return Bids(np.append(price, worth), np.append(wanted, own))


def _settle(model: EconomyModel, county: int, sellers: Array, result: Auction) -> None:
    """Sellers give what they sold; the county and the firms that bought it pay. Firms build on it at once, outside."""
    by_county, by_firms = float(result.bought[:2].sum()), float(result.bought[2:].sum())
    part = by_firms / max(by_county + by_firms, 1e-12)
    quota, purse = Account(model.villages, "quota", sellers), Account(model.villages, "cash", sellers)
    row, outside = np.array([county]), model.outside
    sold, paid = result.sold, result.sold * result.price
    model.ledger.move(quota, Account(model.counties, "quota", row), (1.0 - part) * sold, QUOTA_SOLD)
    model.ledger.move(Account(model.counties, "cash", row), purse, (1.0 - part) * paid, QUOTA_BOUGHT)
    model.ledger.move(quota, Account(outside, "land"), part * sold, QUOTA_SOLD_TO_INDUSTRY)
    model.ledger.move(Account(outside, "cash"), purse, part * paid, QUOTA_BOUGHT_BY_INDUSTRY)


def _trade_across(model: EconomyModel, ask: Array, offered: Array, wanted: Array) -> None:
    """Quota crosses county borders at the regulated price: urban bids that are left, served in the drawn order."""
    p, villages = model.parameters, model.villages
    if model.year < p["quota.cross_county_since"]:
        return
    price = p["quota.cross_county_price"]
    wanted = np.minimum(wanted, model.counties.cash / max(price, 1.0)) * (
        model.figures("urban_value") * model.price_index > price
    )
    for buyer in np.flatnonzero(wanted > 0.0).tolist():
        order = _auction_order(model)
        sellers = order[(villages.county[order] != buyer) & (ask[order] <= price) & (offered[order] > 0.0)]
        before = np.cumsum(offered[sellers]) - offered[sellers]
        sold = np.clip(wanted[buyer] - before, 0.0, offered[sellers])
        offered[sellers] -= sold
        row = np.array([buyer])
        quota = Account(villages, "quota", sellers)
        model.ledger.move(quota, Account(model.counties, "quota", row), sold, QUOTA_SOLD)
        purse = Account(villages, "cash", sellers)
        model.ledger.move(Account(model.counties, "cash", row), purse, sold * price, QUOTA_BOUGHT)


def _sell_left_over(model: EconomyModel) -> None:
    """Counties sell the quota that they hold, as urban land first, then to industry, as far as there is demand."""
    urban, zone = model.figures("urban_gap") * land_sales_kept(model), model.figures("zone_land_demand")
    value, price = model.figures("urban_value") * model.price_index, model.figures("industrial_price")
    _sell_land(model, np.minimum(urban, model.counties.quota), value, URBAN_LAND, URBAN_LAND_PAID)
    _sell_land(model, np.minimum(zone, model.counties.quota), price, INDUSTRIAL_LAND, INDUSTRIAL_LAND_PAID)


def _use_plan_quota(model: EconomyModel) -> None:
    outside, county = Account(model.outside, "land"), Account(model.counties, "quota")
    mu = model.figures("plan_quota")
    model.ledger.move(outside, county, mu, PLAN_QUOTA)
    model.ledger.move(county, outside, mu, PLAN_QUOTA_USED)


def _sell_land(model: EconomyModel, mu: Array, price: Array, land: Reason, paid: Reason) -> None:
    model.ledger.move(Account(model.counties, "quota"), Account(model.outside, "land"), mu, land)
    model.ledger.move(Account(model.outside, "cash"), Account(model.counties, "cash"), mu * price, paid)
