"""What firms earn and pay, and what projects pass on: value added, rent, tax, guarantees and members' income."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.county import affordable_share, top_up
from agents.enterprise import value_added_per_floor
from agents.table import Array, total_by
from model.ledger import Account

if TYPE_CHECKING:
    from model.economy import EconomyModel


def value_added(model: EconomyModel) -> Array:
    """Value added of each firm that rents in the county this year, 0 for all others. yuan/year, (enterprises,)."""
    p, firms, projects = model.parameters, model.enterprises, model.projects
    here = np.flatnonzero(firms.site >= 0)
    site = firms.site[here]
    nearby = total_by(projects.place, projects.let, int(projects.place.max()) + 1)[projects.place]
    per_floor = value_added_per_floor(
        model.productivity_index * firms.productivity[here],
        quality=p["place.contrast"] * projects.quality[site],
        let_nearby=nearby[site],
        elasticity=p["place.contrast"] * p["place.agglomeration"],
        base=p["place.agglomeration_base"],
    )
    result = np.zeros(len(firms))
    result[here] = per_floor * firms.floor[here]
    return result


def pay_rent_and_tax(model: EconomyModel) -> None:
    """Firms sell, rent and pay taxes; projects pay for upkeep and property tax and may get part of it back."""
    p, firms, projects, ledger = model.parameters, model.enterprises, model.projects, model.ledger
    outside, treasury = Account(model.outside, "cash"), Account(model.counties, "cash")
    here = np.flatnonzero(firms.site >= 0)
    site, purse = firms.site[here], Account(firms, "cash", here)
    earned = value_added(model)[here]
    rent, tax = 12.0 * projects.rent[site] * firms.floor[here], p["firms.tax_share"] * earned
    # Owners put in what a year's value added does not cover, so that rent and tax are always paid.
    ledger.move(outside, purse, earned, "value added")
    ledger.move(outside, purse, np.maximum(rent + tax - earned, 0.0), "owners' money")
    ledger.move(purse, Account(projects, "cash", site), rent, "rent")
    ledger.move(purse, treasury, p["firms.local_tax_share"] * tax, "local tax of firms")
    ledger.move(purse, outside, (1.0 - p["firms.local_tax_share"]) * tax, "national tax of firms")
    ledger.move(purse, outside, np.maximum(earned - rent - tax, 0.0), "wages and profit")
    _pay_upkeep_and_property_tax(model, total_by(site, rent, len(projects)))


def _pay_upkeep_and_property_tax(model: EconomyModel, rent: Array) -> None:
    p, projects, ledger = model.parameters, model.projects, model.ledger
    treasury, purse = Account(model.counties, "cash"), Account(projects, "cash")
    upkeep, tax = p["build.operating_cost"] * rent, p["pool.rent_tax"] * rent
    ledger.move(purse, Account(model.outside, "cash"), upkeep, "upkeep")
    ledger.move(purse, treasury, tax, "property tax")
    floor = projects.floor + projects.under_construction
    part = np.divide(projects.relieved, floor, out=np.zeros(len(projects)), where=floor > 0)
    relief = p["pool.relief"] * part * tax
    relief *= affordable_share(float(model.counties.cash[0]), float(relief.sum()))
    ledger.move(treasury, purse, relief, "tax relief")
    projects.write(net_rent=rent - upkeep - tax + relief, relief=relief)


def pay_contracts(model: EconomyModel) -> None:
    """Guarantors top up what the rent does not cover, and keep what it brings above the promise."""
    projects, paid_in = model.projects, model.partnerships.paid_in(len(model.projects))
    due, age = projects.net_rent.copy(), model.year - projects.founded
    for number, one in enumerate(model.mechanisms):
        mine = projects.mechanism == number
        promised = one.contract.due(model.parameters, paid_in=paid_in, net_rent=projects.net_rent, age=age)
        due = np.where(mine & one.guaranteed, promised, due)
    added, surplus, unpaid = top_up(due, projects.net_rent, cash=float(model.counties.cash[0]))
    treasury, purse = Account(model.counties, "cash"), Account(projects, "cash")
    model.ledger.move(treasury, purse, added, "top-up")
    model.ledger.move(purse, treasury, surplus, "surplus of the lessee")
    projects.write(due=due, top_up=added, surplus=surplus, unpaid=unpaid)


def distribute(model: EconomyModel) -> None:
    """Projects pay out all they hold by shares; capital and nothing else decides."""
    projects, stakes, villages = model.projects, model.partnerships, model.villages
    shares = stakes.shares(len(projects))
    money = shares * projects.cash[stakes.project]
    held = stakes.village >= 0
    home = held & (projects.village[stakes.project] >= 0)
    for who, reason in ((home, "rent of own property"), (held & ~home, "pool income")):
        giver = Account(projects, "cash", stakes.project[who])
        model.ledger.move(giver, Account(villages, "cash", stakes.village[who]), money[who], reason)
    others = Account(projects, "cash", stakes.project[~held])
    model.ledger.move(others, Account(model.outside, "cash"), money[~held], "rent of other landlords")
    support = (projects.top_up + projects.relief - projects.surplus)[stakes.project] * shares
    villages.write(
        home_income=_by_village(model, money, home),
        pool_income=_by_village(model, money, held & ~home),
        support_income=_by_village(model, support, held),
    )


def _by_village(model: EconomyModel, values: Array, which: Array) -> Array:
    return total_by(model.partnerships.village[which], values[which], len(model.villages))
