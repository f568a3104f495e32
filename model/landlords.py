"""The other landlords of zones: they build by a path of their own, faster where rents pay for building."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.landlord import building_pull
from agents.table import Array
from model.entries import Account
from model.flows import CAPITAL_PAID_IN, CONSTRUCTION, OWNERS_MONEY
from model.mechanism import ZONE
from model.outlook import pool_unit_cost
from model.partnerships import LANDLORD

if TYPE_CHECKING:
    from model.economy import EconomyModel


def build_zone_floor(model: EconomyModel) -> None:
    """Other landlords add to a zone's floor; pools that lower the zone's rents hold some of them off.

    Owners put the money in. What is begun this year comes to the market next year.
    """
    p, projects = model.parameters, model.projects
    county = np.flatnonzero(model.zone_projects >= 0)
    rows = model.zone_projects[county]
    slugs = [model.case.counties[row].slug for row in county.tolist()]
    now, later = (
        np.array([p.at(f"{slug}.zone_floor", year) for slug in slugs]) for year in (model.year, model.year + 1)
    )
    price = model.figures("industrial_price")[county]
    cost = pool_unit_cost(model, np.full(len(county), p["floor.others_project"]), price, ZONE)
    kept = 12.0 * p["floor.natural_occupancy"] * (1.0 - p["build.operating_cost"] - p["pool.rent_tax"])
    pull = building_pull(
        kept * projects.rent[rows] / cost,
        needed=p["prices.loan_rate"] + 1.0 / p["build.life"] - p["prices.inflation"],
        response=p["floor.supply_response"],
        most=p["floor.most_supply"],
    )
    added = projects.floor[rows] * np.maximum(later / now - 1.0, 0.0) * pull
    _pay_for_floor(model, county, rows, added, added * cost)


def _pay_for_floor(model: EconomyModel, county: Array, rows: Array, added: Array, spent: Array) -> None:
    """Owners put in what the floor costs. county, rows: of counties and projects; added: m2; spent: yuan."""
    projects = model.projects
    world, purse = Account(model.outside, "cash"), Account(model.landlords, "cash", county)
    company = Account(projects, "cash", rows)
    model.ledger.move(world, purse, spent, OWNERS_MONEY)
    model.ledger.move(purse, company, spent, CAPITAL_PAID_IN)
    model.ledger.move(company, world, spent, CONSTRUCTION)
    model.partnerships.add_stakes(LANDLORD, county, rows, spent, since=model.year)
    projects.write(
        rows=rows,
        under_construction=projects.under_construction[rows] + added,
        cost=projects.cost[rows] + spent,
        replacement=projects.replacement[rows] + spent,
        book=projects.book[rows] + spent,
    )
