"""Construction-land quota (建设用地指标): reclaiming idle land, and the yearly call auction."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array
from agents.village import credit_room, investible
from model.borrowing import borrow
from model.ledger import Account
from model.outlook import home_land_wanted, pool_price

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
    money = investible(villages.cash, villages.recurrent_income, reserve=p["village.reserve"])
    credit = credit_room(villages.debt, villages.recurrent_income, limit=p["credit.debt_limit"])
    brings = np.maximum(model.counties.quota_price[villages.county], pool_price(model))
    most = np.minimum(villages.idle_land, p["land.reclaim_share"] * villages.opening_idle)
    for_home = np.maximum(home_land_wanted(model) - villages.quota, 0.0)
    pays = brings > cost * (1.0 + p["prices.loan_rate"])
    # Nobody clears more land for sale while certified quota lies unsold.
    unsold = np.maximum(villages.quota - home_land_wanted(model), 0.0)
    for_sale = np.where(pays, np.maximum(most - unsold, 0.0), 0.0)
    mu = np.minimum(most, np.maximum(for_home, for_sale))
    # A village borrows for this only where the quota's price pays the loan back.
    means = money + np.where(pays, credit, 0.0)
    mu = np.minimum(mu, means / cost) if cost > 0 else mu
    borrow(model, np.maximum(mu * cost - money, 0.0))
    model.ledger.move(Account(villages, "cash"), Account(model.outside, "cash"), mu * cost, "reclamation")
    model.ledger.move(Account(villages, "idle_land"), Account(villages, "quota"), mu, "reclaimed")


def clear_quota_market(model: EconomyModel) -> None:
    """The county's plan quota comes and is used; then villages offer what they can't use, zone and county bid."""
    _use_plan_quota(model)
    p, villages, counties = model.parameters, model.villages, model.counties
    offered = np.maximum(villages.quota - home_land_wanted(model), 0.0)
    ask = np.maximum(p["land.reclaim_cost"] * model.price_index, pool_price(model))
    order = np.argsort(model.draws.keyed_uniform("quota auction: order", model.year, model.village_keys))
    bid = np.array([p["land.urban_value"] * model.price_index, p["land.industrial_price"]])
    wanted = np.array([p.at("county.urban_gap", model.year), p["county.zone_land_demand"]])
    # What the county holds serves its urban demand first, then the zone's; only the rest is bid for.
    held = float(counties.quota[0]) - np.array([0.0, wanted[0]])
    wanted = np.maximum(wanted - np.maximum(held, 0.0), 0.0)
    wanted *= min(1.0, max(float(counties.cash[0]), 0.0) / max(float(bid @ wanted), 1.0))
    regulated = {"floor": p["quota.price_floor"], "cap": p["quota.price_cap"]}
    result = call_auction(ask[order], offered[order], bid, wanted, sellers_share=p["quota.sellers_share"], **regulated)
    sold = np.zeros(len(villages))
    sold[order] = result.sold
    if sold.any():
        counties.write(quota_price=result.price)
    model.ledger.move(Account(villages, "quota"), Account(counties, "quota"), sold, "quota sold")
    paid = sold * float(counties.quota_price[0])
    model.ledger.move(Account(counties, "cash"), Account(villages, "cash"), paid, "quota bought")
    _sell_left_over(model)


def _sell_left_over(model: EconomyModel) -> None:
    """The county sells the quota that it holds, as urban land first, then to industry, as far as there is demand."""
    p = model.parameters
    for most, price, reason in (
        (p.at("county.urban_gap", model.year), p["land.urban_value"] * model.price_index, "urban land sold"),
        (p["county.zone_land_demand"], p["land.industrial_price"], "industrial land sold"),
    ):
        _sell_land(model, min(most, float(model.counties.quota[0])), price, reason)


def _use_plan_quota(model: EconomyModel) -> None:
    outside, county = Account(model.outside, "land"), Account(model.counties, "quota")
    mu = model.parameters["county.plan_quota"]
    model.ledger.move(outside, county, mu, "plan quota")
    model.ledger.move(county, outside, mu, "plan quota used")


def _sell_land(model: EconomyModel, mu: float, price: float, reason: str) -> None:
    model.ledger.move(Account(model.counties, "quota"), Account(model.outside, "land"), mu, reason)
    model.ledger.move(Account(model.outside, "cash"), Account(model.counties, "cash"), mu * price, reason)
