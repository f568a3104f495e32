"""Projects with customers of their own, such as wharves and tourism parks: demand, fees, costs and failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.household import next_deviation
from agents.investor import own_demand_yield
from agents.table import Array, total_by
from model.entries import Account
from model.flows import COUNTY_LOSS, FEES, FEES_TAKEN, LOSS_MADE_GOOD, RUNNING_COST
from model.partnerships import COUNTY, HOUSEHOLD, OUTSIDE, VILLAGE
from model.stress import slump

if TYPE_CHECKING:
    from model.economy import EconomyModel


def run_businesses(model: EconomyModel) -> None:
    """They meet the year's demand, earn fees and bear their running cost; some fail and are written off.

    What fees do not cover of the running cost the owners make good, as far as their money goes; the rest is not spent.
    """
    for number, one in enumerate(model.mechanisms):
        rows = np.flatnonzero((model.projects.mechanism == number) & (model.projects.founded < model.year))
        if one.business and len(rows):
            _meet_demand(model, one.business, rows)
            _earn_fees(model, one.business, rows)


def _meet_demand(model: EconomyModel, topic: str, rows: Array) -> None:
    p, projects, key = model.parameters, model.projects, model.projects.key[rows]
    shock = model.draws.keyed_normal("project: demand", model.year, key)
    spread, persistence = p[f"{topic}.demand_spread"], p[f"{topic}.demand_persistence"]
    demand = next_deviation(projects.demand[rows], shock, persistence=persistence, spread=spread)
    fails = model.draws.keyed_uniform("project: fails", model.year, key) < p[f"{topic}.failure"]
    lost = np.where(fails, projects.book[rows], 0.0)
    projects.write(
        rows=rows,
        demand=demand,
        failed=projects.failed[rows] | fails,
        book=projects.book[rows] - lost,
        worn=projects.worn[rows] + lost,
    )


def _earn_fees(model: EconomyModel, topic: str, rows: Array) -> None:
    p, projects = model.parameters, model.projects
    capital = model.partnerships.paid_in(len(projects))[rows] * ~projects.failed[rows]
    prices = (1.0 + p["prices.inflation"]) ** (model.year - projects.founded[rows])
    rate = own_demand_yield(
        projects.demand[rows],
        mean=p[f"{topic}.gross_yield"],
        spread=p[f"{topic}.demand_spread"],
        loading=p[f"{topic}.slump_loading"],
        slump=slump(model),
    )
    fees, cost = capital * prices * rate, capital * prices * p[f"{topic}.running_cost"]
    made_good = _make_good(model, rows, np.maximum(cost - fees, 0.0))
    cost = np.minimum(cost, fees + made_good)
    outside, purse = Account(model.outside, "cash"), Account(projects, "cash", rows)
    taken, wages = p[f"{topic}.taken"] * fees, p[f"{topic}.wage_part"] * cost
    model.ledger.move(outside, purse, fees - taken, FEES)
    model.ledger.move(outside, purse, taken, FEES_TAKEN)
    model.ledger.move(purse, outside, cost - wages, RUNNING_COST)
    projects.write(rows=rows, net_rent=fees + made_good - cost, payroll=wages)


def _make_good(model: EconomyModel, rows: Array, loss: Array) -> Array:
    """Owners pay for losses by shares, as far as their money goes; what comes in by project. yuan, shape (rows,)."""
    projects, stakes = model.projects, model.partnerships
    lost, came = np.zeros(len(projects)), np.zeros(len(projects))
    lost[rows] = loss
    asked = stakes.shares(len(projects), model.year) * lost[stakes.project]
    tables = {VILLAGE: model.villages, COUNTY: model.counties, HOUSEHOLD: model.households, OUTSIDE: model.outside}
    for kind, table in tables.items():
        some = np.flatnonzero((stakes.holder_kind == kind) & (asked > 0.0))
        holder, project, paid = stakes.holder[some], stakes.project[some], asked[some]
        if kind != OUTSIDE:
            bill = total_by(holder, paid, len(table))
            paid = paid * np.minimum(1.0, table.cash / np.maximum(bill, 1e-9))[holder]
        purse, reason = Account(table, "cash", holder), COUNTY_LOSS if kind == COUNTY else LOSS_MADE_GOOD
        model.ledger.move(purse, Account(projects, "cash", project), paid, reason)
        came += total_by(project, paid, len(projects))
    return came[rows]
