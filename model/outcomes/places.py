"""Outcomes of places, projects and firms: each function takes the model, returns one figure, and changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.project import M2_PER_MU, unit_cost
from agents.table import Array
from model.indicator import indicator
from model.learning import net_rent_per_floor
from model.mechanism import HOME
from model.outlook import building, zone_unit_cost
from model.renting import value_added as value_added_by_firm


def _pools(model: Any) -> Array:
    return np.asarray((model.projects.village < 0) & (model.projects.mechanism >= 0))


@indicator("Villages with a stake in a pool", "持有抱团股份的村", unit="villages", better="neither")
def pool_members(model: Any) -> float:
    """Villages that hold a stake in at least one pooled project."""
    stakes = model.partnerships
    held = (stakes.village >= 0) & _pools(model)[stakes.project]
    return float(len(np.unique(stakes.village[held])))


@indicator("Pooled projects", "抱团项目数", unit="projects", better="neither")
def pool_projects(model: Any) -> float:
    """Pooled projects founded so far."""
    return float(_pools(model).sum())


@indicator("Buildings put up at home since the first year", "村内自建项目数", unit="buildings", better="neither")
def home_builds(model: Any) -> float:
    """Building approvals of villages at home since the first year."""
    return float(model.projects.builds[model.projects.village >= 0].sum())


@indicator("Capital paid into pools", "抱团项目累计投入", unit="yuan", better="neither")
def pool_capital(model: Any) -> float:
    """Capital paid into pooled projects so far."""
    return float(model.partnerships.paid_in(len(model.projects))[_pools(model)].sum())


def _pool_stakes(model: Any) -> Array:
    stakes = model.partnerships
    held: Array = (stakes.village >= 0) & _pools(model)[stakes.project]
    return held


@indicator("Part of pool capital from grants and compensation", "抱团资本中公共资金占比", unit="1", better="neither")
def pool_capital_public(model: Any) -> float:
    """Capital in pools that grants and quota compensation paid for, over all capital in pools; 0 without pools."""
    held, stakes = _pool_stakes(model), model.partnerships
    return float(stakes.public[held].sum() / max(stakes.capital[held].sum(), 1.0))


@indicator("Part of pool capital from loans", "抱团资本中贷款占比", unit="1", better="neither")
def pool_capital_borrowed(model: Any) -> float:
    """Capital in pools that villages borrowed, over all capital in pools; 0 without pools."""
    held, stakes = _pool_stakes(model), model.partnerships
    return float(stakes.borrowed[held].sum() / max(stakes.capital[held].sum(), 1.0))


@indicator("Capital put into buildings at home since the first year", "村内自建累计投入", unit="yuan", better="neither")
def home_capital(model: Any) -> float:
    """Capital that villages paid into buildings at home so far, without the worth of old sheds."""
    return float(model.ledger.to_date("capital paid in", unit="yuan")) - pool_capital(model)


@indicator(
    "Mean rent of projects after the cost of capital", "扣除资本成本后村均项目租金", unit="yuan/year", better="higher"
)
def rent_after_capital_mean(model: Any) -> float:
    """Net rent of villages' property, at home and in pools, without support, less the loan rate on its capital.

    Capital is all that was paid in since the first year, whoever gave it, and the land built on at home at the
    price of zone land. Mean over villages.
    """
    p, projects = model.parameters, model.projects
    ours = (projects.mechanism >= 0) | (projects.village >= 0)
    rent = float((projects.net_rent - projects.relief)[ours].sum())
    land = p["land.industrial_price"] * float(projects.land[projects.village >= 0].sum())
    capital = float(model.ledger.to_date("capital paid in", unit="yuan")) + land
    return float((rent - p["prices.loan_rate"] * capital) / len(model.villages))


def _mean_rent(model: Any, where: Array) -> float:
    projects = model.projects
    return float(np.average(projects.rent[where], weights=np.maximum(projects.floor[where], 1e-9)))


@indicator("Asking rent in the zone", "开发区租金", unit="yuan/m2/month", better="neither")
def zone_rent(model: Any) -> float:
    """Asking rent for next year, mean over the zone's floor."""
    return _mean_rent(model, model.projects.village < 0)


@indicator("Asking rent in villages", "村物业租金", unit="yuan/m2/month", better="neither")
def village_rent(model: Any) -> float:
    """Asking rent for next year, mean over the villages' floor."""
    return _mean_rent(model, model.projects.village >= 0)


def _occupancy(model: Any, where: Array) -> float:
    return float(model.projects.let[where].sum() / model.projects.floor[where].sum())


@indicator("Share of the zone's floor that is let", "开发区出租率", unit="1", better="higher")
def zone_occupancy(model: Any) -> float:
    """Floor let over floor on the market, all landlords of the zone."""
    return _occupancy(model, model.projects.village < 0)


@indicator("Share of the villages' floor that is let", "村物业出租率", unit="1", better="higher")
def village_occupancy(model: Any) -> float:
    """Floor let over floor on the market, all villages' own property."""
    return _occupancy(model, model.projects.village >= 0)


def _net_rent(model: Any, where: Array) -> float:
    projects = model.projects
    return float((net_rent_per_floor(model) * projects.floor)[where].sum() / projects.floor[where].sum())


@indicator("Net rent of zone floor over its cost this year", "开发区净收益率", unit="1/year", better="higher")
def zone_yield(model: Any) -> float:
    """Net rent per m2 of zone floor over the cost of a m2, land included, in a pool of 100 million yuan this year."""
    return _net_rent(model, model.projects.village < 0) / zone_unit_cost(model, 1e8)


@indicator("Net rent of village floor over its cost this year", "村物业净收益率", unit="1/year", better="higher")
def home_yield(model: Any) -> float:
    """Net rent per m2 of village floor over the building cost of a m2 on two mu this year."""
    return _net_rent(model, model.projects.village >= 0) / float(unit_cost(np.array(2.0), **building(model, HOME)))


def _tax_per_mu(model: Any, zone: bool) -> float:
    p, firms, projects = model.parameters, model.enterprises, model.projects
    where = (projects.village < 0) == zone
    here = np.flatnonzero(firms.site >= 0)
    inside = here[where[firms.site[here]]]
    tax = p["firms.tax_share"] * value_added_by_firm(model)[inside].sum()
    land = projects.floor[where].sum() / (M2_PER_MU * p["build.floor_area_ratio"])
    return float(tax / land)


@indicator("Taxes of firms per mu in the zone", "开发区亩均税收", unit="yuan/mu/year", better="higher")
def zone_tax_per_mu(model: Any) -> float:
    """Taxes of the firms in the zone over its land, all floor taken to be built at the usual ratio."""
    return _tax_per_mu(model, True)


@indicator("Taxes of firms per mu in villages", "村物业亩均税收", unit="yuan/mu/year", better="higher")
def village_tax_per_mu(model: Any) -> float:
    """Taxes of the firms in villages over its land, all floor taken to be built at the usual ratio."""
    return _tax_per_mu(model, False)


@indicator("Value added of firms in the county", "县内租户企业增加值", unit="yuan/year", better="higher")
def value_added(model: Any) -> float:
    """Value added of all firms that rent in the county."""
    return float(value_added_by_firm(model).sum())


@indicator("Jobs of firms in the county", "县内租户企业就业", unit="jobs", better="higher")
def jobs(model: Any) -> float:
    """Jobs of all firms that rent in the county."""
    firms = model.enterprises
    return float(model.parameters["firms.jobs_per_floor"] * firms.floor[firms.site >= 0].sum())


@indicator("Firms that rent in the county", "县内租户企业数", unit="firms", better="neither")
def firms_here(model: Any) -> float:
    """Firms that rent floor in the county."""
    return float((model.enterprises.site >= 0).sum())
