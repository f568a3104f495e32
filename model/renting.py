"""What firms earn and pay, and what projects pass on: value added, rent, tax, guarantees and holders' income."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.county import pay_by_rank, top_up
from agents.enterprise import ELSEWHERE, value_added_per_floor
from agents.groups import rows_by_group
from agents.table import Array, total_by
from model.contracts import Books
from model.entries import Account
from model.flows import (
    COUNTY_DIVIDENDS,
    DIVIDENDS,
    LOCAL_TAX,
    MIGRANT_WAGES,
    NATIONAL_TAX,
    OTHERS_RENT,
    OUTSIDE_DIVIDENDS,
    OWN_RENT,
    OWNERS_MONEY,
    POOL_INCOME,
    PROFIT,
    PROPERTY_TAX,
    RENT,
    RENT_ELSEWHERE,
    SURPLUS,
    TAX_RELIEF,
    TOP_UP,
    TRANSPORT,
    UPKEEP,
    VALUE_ADDED,
    WAGES,
)
from model.ledger import TOLERANCE
from model.mechanism import HOME
from model.partnerships import COUNTY, HOUSEHOLD, LANDLORD, OUTSIDE, VILLAGE
from model.treasury import affordable

if TYPE_CHECKING:
    from model.economy import EconomyModel


def earn(model: EconomyModel) -> None:
    """Firms produce: value added follows their own productivity, their place and the company of other firms."""
    p, firms, places = model.parameters, model.enterprises, model.places
    working = np.flatnonzero((firms.site >= 0) | (firms.site == ELSEWHERE))
    here = firms.site[working] >= 0
    place = model.projects.place[np.where(here, firms.site[working], 0)]
    contrast = p["place.contrast"]
    quality = np.where(here, contrast * places.quality[place], p["floor.elsewhere_quality"])
    nearby = np.where(here, model.let_by_place()[place], p["place.agglomeration_base"])
    per_floor = value_added_per_floor(
        model.productivity_index * firms.productivity[working],
        quality=quality,
        let_nearby=nearby,
        elasticity=contrast * p["place.agglomeration"],
        base=p["place.agglomeration_base"],
    )
    earned = per_floor * firms.floor[working]
    level = np.where(here, model.figures("wage_level")[places.county[place]], 1.0)
    value_added, wage_bill = np.zeros(len(firms)), np.zeros(len(firms))
    value_added[working] = earned
    wage_bill[working] = model.wage_shares(working) * level * earned
    firms.write(value_added=value_added, wage_bill=wage_bill)


def pay_rent_and_tax(model: EconomyModel) -> None:
    """Firms sell, pay wages, transport, rent and taxes; projects pay for upkeep and property tax."""
    p, firms, projects, ledger = model.parameters, model.enterprises, model.projects, model.ledger
    outside = Account(model.outside, "cash")
    working = np.flatnonzero(firms.value_added > 0.0)
    site = firms.site[working]
    purse, earned, floor = Account(firms, "cash", working), firms.value_added[working], firms.floor[working]
    here = site >= 0
    row = np.where(here, site, 0)
    rent = 12.0 * np.where(here, projects.rent[row], p.at("floor.elsewhere_rent", model.year)) * floor
    distance = np.where(here, np.maximum(p["place.contrast"] * model.places.access[projects.place[row]], 0.0), 0.0)
    transport = distance * p["place.access_cost"] * model.price_index * floor
    tax, wages = p["firms.tax_share"] * earned, firms.wage_bill[working]
    spent = rent + tax + wages + transport
    # Owners put in what a year's value added does not cover, so that all bills are always paid.
    ledger.move(outside, purse, earned, VALUE_ADDED)
    ledger.move(outside, purse, np.maximum(spent - earned, 0.0), OWNERS_MONEY)
    ledger.move(purse, outside, transport, TRANSPORT)
    ledger.move(purse, outside, rent * ~here, RENT_ELSEWHERE)
    local = p["firms.local_tax_share"] * tax * here
    ledger.move(purse, outside, tax - local, NATIONAL_TAX)
    at_home = Account(firms, "cash", working[here])
    ledger.move(at_home, Account(projects, "cash", site[here]), rent[here], RENT)
    ledger.move(at_home, Account(model.counties, "cash", projects.county[site[here]]), local[here], LOCAL_TAX)
    _pay_wages(model, working)
    ledger.move(purse, outside, np.maximum(earned - spent, 0.0), PROFIT)
    projects.write(local_tax=total_by(site[here], local[here], len(projects)))
    _pay_upkeep_and_property_tax(model, total_by(site[here], rent[here], len(projects)))


def _pay_wages(model: EconomyModel, working: Array) -> None:
    """Firms of each county pay the households that work there; the rest of the wages goes to workers from outside."""
    firms, households = model.enterprises, model.households
    projects, outside, ledger = model.projects, Account(model.outside, "cash"), model.ledger
    site, bill = firms.site[working], firms.wage_bill[working]
    county = np.where(site >= 0, projects.county[np.maximum(site, 0)], -1)
    hired = np.flatnonzero(households.wage > 0.0)
    in_all = total_by(county + 1, bill, len(model.counties) + 1)[1:]
    in_all += total_by(projects.county, projects.payroll, len(model.counties))
    to_locals = total_by(households.county[hired], households.wage[hired], len(model.counties))
    part = np.divide(to_locals, in_all, out=np.zeros(len(in_all)), where=in_all > 0.0)
    local = np.where(county >= 0, part[county], 0.0) * bill
    of_county = rows_by_group(households.county[hired], len(model.counties))
    for row in np.flatnonzero(to_locals > 0.0).tolist():
        mine, workers = county == row, hired[of_county[row]]
        own = np.flatnonzero((projects.county == row) & (projects.payroll > 0.0))
        by_firms = float(local[mine].sum()) / to_locals[row]
        wages, takers = households.wage[workers], Account(households, "cash", workers)
        ledger.settle(Account(firms, "cash", working[mine]), takers, local[mine], by_firms * wages, WAGES)
        paid = part[row] * projects.payroll[own]
        ledger.settle(Account(projects, "cash", own), takers, paid, (1.0 - by_firms) * wages, WAGES)
    ledger.move(Account(firms, "cash", working), outside, bill - local, MIGRANT_WAGES)
    rest = projects.payroll * (1.0 - part[projects.county])
    ledger.move(Account(projects, "cash"), outside, rest, MIGRANT_WAGES)


def _pay_upkeep_and_property_tax(model: EconomyModel, rent: Array) -> None:
    p, projects, ledger = model.parameters, model.projects, model.ledger
    treasury, purse = Account(model.counties, "cash", projects.county), Account(projects, "cash")
    upkeep, tax = p["build.operating_cost"] * rent, p["pool.rent_tax"] * rent
    ledger.move(purse, Account(model.outside, "cash"), upkeep, UPKEEP)
    ledger.move(purse, treasury, tax, PROPERTY_TAX)
    floor = projects.floor + projects.under_construction
    part = np.divide(projects.relieved, floor, out=np.zeros(len(projects)), where=floor > 0)
    rates = np.array([p[one.relief] if one.relief else 0.0 for one in model.mechanisms] + [0.0])
    # Old sheds belong to a village's one growing project: what it added is relieved as its way of building says.
    ways = (one for one in model.mechanisms if one.where == HOME and one.relief and one.begun(model.year))
    home = max((p[one.relief] for one in ways), default=0.0)
    relief = np.where(projects.village >= 0, home, rates[projects.mechanism]) * part * tax
    relief = relief * affordable(model, projects.county, relief)
    ledger.move(treasury, purse, relief, TAX_RELIEF)
    own = projects.business == 1
    projects.write(net_rent=np.where(own, projects.net_rent, rent - upkeep - tax + relief), relief=relief)


def _of_guarantor(model: EconomyModel) -> Array:
    """Which stakes are those of the county where the project stands. bool, shape (stakes,)."""
    stakes = model.partnerships
    mine: Array = (stakes.holder_kind == COUNTY) & (stakes.holder == model.projects.county[stakes.project])
    return mine


def pay_contracts(model: EconomyModel) -> None:
    """Guarantors top up what the rent does not cover, and keep what it brings above the promise.

    The promise is to the others: a stake of the guarantor's own gets the rent as it comes.
    """
    projects, stakes = model.projects, model.partnerships
    base = stakes.accruing_base(len(projects), model.year)
    books = Books(base, projects.net_rent, projects.local_tax, model.year - projects.founded)
    due, rank = projects.net_rent.copy(), np.ones(len(projects), dtype=np.int64)
    own = total_by(stakes.project, _of_guarantor(model) * stakes.shares(len(projects), model.year), len(projects))
    for number, one in enumerate(model.mechanisms):
        mine = projects.mechanism == number
        if model.guarantees(one) and mine.any():
            promised = one.contract.due(model.parameters, books)
            due = np.where(mine, (1.0 - own) * promised + own * projects.net_rent, due)
            rank = np.where(mine, one.rank, rank)
    missing, surplus = top_up(due, projects.net_rent)
    paid = np.zeros(len(projects))
    for row, cash in enumerate(model.counties.cash.tolist()):
        there = projects.county == row
        paid[there] = pay_by_rank(missing[there], rank[there], cash=cash)
    treasury, purse = Account(model.counties, "cash", projects.county), Account(projects, "cash")
    model.ledger.move(treasury, purse, paid, TOP_UP)
    model.ledger.move(purse, treasury, surplus, SURPLUS)
    projects.write(due=due, top_up=paid, surplus=surplus, unpaid=missing - paid)


def distribute(model: EconomyModel) -> None:
    """Projects pay out all they hold by shares; capital and the time for which it was held decide, nothing else."""
    projects, stakes, villages = model.projects, model.partnerships, model.villages
    shares, added = shares_and_support(model)
    rent = projects.cash - projects.top_up + projects.surplus
    rounding = TOLERANCE * (projects.cash + projects.surplus)
    money = np.maximum(shares * rent[stakes.project] + added, 0.0)
    at_home = (projects.village >= 0)[stakes.project]
    by_village = stakes.holder_kind == VILLAGE
    for which, table, reason in (
        (by_village & at_home, villages, OWN_RENT),
        (by_village & ~at_home, villages, POOL_INCOME),
        (stakes.holder_kind == COUNTY, model.counties, COUNTY_DIVIDENDS),
        (stakes.holder_kind == HOUSEHOLD, model.households, DIVIDENDS),
        (stakes.holder_kind == LANDLORD, model.landlords, OTHERS_RENT),
        (stakes.holder_kind == OUTSIDE, model.outside, OUTSIDE_DIVIDENDS),
    ):
        rows = np.flatnonzero(which & (money > 0.0))
        giver = Account(projects, "cash", stakes.project[rows])
        money[rows] = without_rounding(projects.cash, stakes.project[rows], money[rows], rounding)
        model.ledger.move(giver, Account(table, "cash", stakes.holder[rows]), money[rows], reason)
    landlords = Account(model.landlords, "cash")
    model.ledger.move(landlords, Account(model.outside, "cash"), model.landlords.cash, PROFIT)
    support = projects.relief[stakes.project] * shares + added
    villages.write(
        home_income=stakes.by_holder(VILLAGE, money * at_home, len(villages)),
        pool_income=stakes.by_holder(VILLAGE, money * ~at_home, len(villages)),
        support_income=stakes.by_holder(VILLAGE, support, len(villages)),
    )
    model.households.write(dividends=stakes.by_holder(HOUSEHOLD, money, len(model.households)))


def without_rounding(cash: Array, project: Array, money: Array, rounding: Array) -> Array:
    """What projects pay, less in proportion where it is more than they hold by no more than rounding.

    Where a guarantor keeps nearly all rent, the rest is the difference of two large sums, and what rounding leaves of
    them may be more than the ledger bears for so small an account. A true overdraft is left for the ledger to refuse.
    cash, rounding: yuan, shape (projects,); project: row, money: yuan, shape (payments,).
    """
    asked = total_by(project, money, len(cash))
    over = asked - cash
    less = (over > TOLERANCE * np.maximum(1.0, cash)) & (over <= rounding)
    part = np.divide(cash, asked, out=np.ones(len(cash)), where=less)
    return money * part[project]


def shares_and_support(model: EconomyModel) -> tuple[Array, Array]:
    """Each stake's share in its project, and what it gets of top-ups less surpluses: yuan; shapes (stakes,).

    What a guarantor added, or kept, is by the shares of the others.
    """
    projects, stakes = model.projects, model.partnerships
    shares = stakes.shares(len(projects), model.year)
    promised = np.where(_of_guarantor(model), 0.0, shares)
    others = total_by(stakes.project, promised, len(projects))[stakes.project]
    added = promised * (projects.top_up - projects.surplus)[stakes.project]
    return shares, np.divide(added, others, out=np.zeros(len(shares)), where=others > 0.0)
