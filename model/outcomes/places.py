"""Outcomes of places, projects and firms: each function takes the model, returns one figure, and changes nothing.

Places and firms are those of the host county.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from agents.project import unit_cost
from agents.table import Array
from model.indicator import indicator
from model.learning import net_rent_per_floor
from model.mechanism import HOME as AT_HOME
from model.mechanism import ZONE as IN_ZONE
from model.outlook import building, floor_per_mu, pool_unit_cost
from model.scope import HOST, home_projects, host_pool_stakes, pools, zone_projects


@indicator("Villages with a stake in a pool", "持有抱团股份的村", unit="villages", better="neither")
def pool_members(model: Any) -> float:
    """Villages of the host county that hold a stake in at least one pooled project."""
    return float(len(np.unique(model.partnerships.holder[host_pool_stakes(model)])))


@indicator("Pooled projects", "抱团项目数", unit="projects", better="neither")
def pool_projects(model: Any) -> float:
    """Pooled projects founded so far, in all counties."""
    return float(pools(model).sum())


@indicator("Buildings put up at home since the first year", "村内自建项目数", unit="buildings", better="neither")
def home_builds(model: Any) -> float:
    """Building approvals of villages at home since the first year."""
    return float(model.projects.builds[home_projects(model)].sum())


@indicator("Capital of villages in pools", "村集体抱团投入", unit="yuan", better="neither")
def pool_capital(model: Any) -> float:
    """Capital that the host county's villages have in pooled projects."""
    return float(model.partnerships.capital[host_pool_stakes(model)].sum())


@indicator("Part of pool capital from grants and compensation", "抱团资本中公共资金占比", unit="1", better="neither")
def pool_capital_public(model: Any) -> float:
    """Villages' capital in pools that grants and quota compensation paid for, over all of it; 0 without pools."""
    held, stakes = host_pool_stakes(model), model.partnerships
    return float(stakes.public[held].sum() / max(stakes.capital[held].sum(), 1.0))


@indicator("Part of pool capital from loans", "抱团资本中贷款占比", unit="1", better="neither")
def pool_capital_borrowed(model: Any) -> float:
    """Villages' capital in pools that they borrowed, over all of it; 0 without pools."""
    held, stakes = host_pool_stakes(model), model.partnerships
    return float(stakes.borrowed[held].sum() / max(stakes.capital[held].sum(), 1.0))


@indicator("Capital put into buildings at home since the first year", "村内自建累计投入", unit="yuan", better="neither")
def home_capital(model: Any) -> float:
    """What villages have paid for buildings at home since the first year."""
    return float(model.projects.cost[home_projects(model)].sum())


@indicator(
    "Mean rent of projects after the cost of capital", "扣除资本成本后村均项目租金", unit="yuan/year", better="higher"
)
def rent_after_capital_mean(model: Any) -> float:
    """Net rent of villages' property, at home and in pools, without support, less the loan rate on its capital.

    Capital is all that was paid in since the first year, whoever gave it, and the land built on at home at the
    price of zone land. Mean over villages.
    """
    p, projects, stakes = model.parameters, model.projects, model.partnerships
    held = host_pool_stakes(model)
    shares = stakes.shares(len(projects), model.year)
    earned = projects.net_rent - projects.relief
    at_home = home_projects(model)
    rent = float((shares * earned[stakes.project])[held].sum()) + float(earned[at_home].sum())
    land = model.figures("industrial_price")[HOST] * float(projects.land[at_home].sum())
    capital = float(stakes.capital[held].sum()) + float(projects.cost[at_home].sum()) + land
    return float((rent - p["prices.loan_rate"] * capital) / (model.villages.county == HOST).sum())


def _mean_rent(model: Any, where: Array) -> float:
    projects = model.projects
    return _over(projects.rent[where] @ projects.floor[where], projects.floor[where].sum())


def _over(part: float, whole: float) -> float:
    """A part over the whole, not a number where there is nothing."""
    return float(part / whole) if whole > 0.0 else math.nan


@indicator("Asking rent in the zone", "开发区租金", unit="yuan/m2/month", better="neither")
def zone_rent(model: Any) -> float:
    """Asking rent for next year, mean over the zone's floor."""
    return _mean_rent(model, zone_projects(model))


@indicator("Asking rent in villages", "村物业租金", unit="yuan/m2/month", better="neither")
def village_rent(model: Any) -> float:
    """Asking rent for next year, mean over the villages' floor."""
    return _mean_rent(model, home_projects(model))


def _occupancy(model: Any, where: Array) -> float:
    return _over(model.projects.let[where].sum(), model.projects.floor[where].sum())


@indicator("Share of the zone's floor that is let", "开发区出租率", unit="1", better="higher")
def zone_occupancy(model: Any) -> float:
    """Floor let over floor on the market, all landlords of the zone."""
    return _occupancy(model, zone_projects(model))


@indicator("Share of the villages' floor that is let", "村物业出租率", unit="1", better="higher")
def village_occupancy(model: Any) -> float:
    """Floor let over floor on the market, all villages' own property."""
    return _occupancy(model, home_projects(model))


def _net_rent(model: Any, where: Array) -> float:
    projects = model.projects
    return _over((net_rent_per_floor(model) * projects.floor)[where].sum(), projects.floor[where].sum())


@indicator("Net rent of zone floor over its cost this year", "开发区净收益率", unit="1/year", better="higher")
def zone_yield(model: Any) -> float:
    """Net rent per m2 of zone floor over the cost of a m2, land included, in a pool of 100 million yuan this year."""
    cost = pool_unit_cost(model, np.array([1e8]), float(model.figures("industrial_price")[HOST]), IN_ZONE)
    return _net_rent(model, zone_projects(model)) / float(cost[0])


@indicator("Net rent of village floor over its cost this year", "村物业净收益率", unit="1/year", better="higher")
def home_yield(model: Any) -> float:
    """Net rent per m2 of village floor over the building cost of a m2 on two mu this year."""
    return _net_rent(model, home_projects(model)) / float(unit_cost(np.array(2.0), **building(model, AT_HOME)))


def _tax_per_mu(model: Any, where: Array, kind: str) -> float:
    p, firms, projects = model.parameters, model.enterprises, model.projects
    here = np.flatnonzero(firms.site >= 0)
    inside = here[where[firms.site[here]]]
    tax = p["firms.tax_share"] * firms.value_added[inside].sum()
    return _over(tax, projects.floor[where].sum() / floor_per_mu(model, kind))


@indicator("Taxes of firms per mu in the zone", "开发区亩均税收", unit="yuan/mu/year", better="higher")
def zone_tax_per_mu(model: Any) -> float:
    """Taxes of the firms in the zone over its land, all floor taken to be built at the usual ratio."""
    return _tax_per_mu(model, zone_projects(model), IN_ZONE)


@indicator("Taxes of firms per mu in villages", "村物业亩均税收", unit="yuan/mu/year", better="higher")
def village_tax_per_mu(model: Any) -> float:
    """Taxes of the firms in villages over its land, all floor taken to be built at the usual ratio."""
    return _tax_per_mu(model, home_projects(model), AT_HOME)


def _tenants(model: Any) -> Array:
    """Firms that rent floor in the host county, whichever they come from. Rows."""
    here = np.flatnonzero(model.enterprises.site >= 0)
    found: Array = here[model.projects.county[model.enterprises.site[here]] == HOST]
    return found


@indicator("Value added of firms in the county", "县内租户企业增加值", unit="yuan/year", better="higher")
def value_added(model: Any) -> float:
    """Value added of all firms that rent in the county."""
    return float(model.enterprises.value_added[_tenants(model)].sum())


@indicator("Jobs of firms in the county", "县内租户企业就业", unit="jobs", better="higher")
def jobs(model: Any) -> float:
    """Jobs of all firms that rent in the county: their wages over the wage of the year."""
    wage = model.parameters.at("labour.wage", model.year) * model.figures("wage_level")[HOST]
    return float(model.enterprises.wage_bill[_tenants(model)].sum() / wage)


@indicator("Firms that rent in the county", "县内租户企业数", unit="firms", better="neither")
def firms_here(model: Any) -> float:
    """Firms that rent floor in the county."""
    return float(len(_tenants(model)))


@indicator("Firms of the county in a partner's park", "转移到结对县的企业", unit="firms", better="neither")
def firms_moved(model: Any) -> float:
    """Firms that first looked for floor in the host county and rent in a paired one."""
    firms = model.enterprises
    here = firms.site >= 0
    county = model.projects.county[np.maximum(firms.site, 0)]
    return float((here & (firms.county == HOST) & (county != HOST)).sum())
