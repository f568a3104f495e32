"""Outcomes of the host villages' projects: each function takes the model, returns one figure, and changes nothing.

Projects are what was put up since the first year: buildings at home, and pools in which the host county's villages
hold stakes. The case counts them (立项) and tells what they added to collective income.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from agents.place import ZONE
from agents.table import Array
from model.indicator import indicator, shared
from model.opening import old_floor
from model.outcomes.villages import LINES
from model.partnerships import HOUSEHOLD, VILLAGE
from model.renting import shares_and_support
from model.scope import HOST, home_projects, host_pool_stakes, host_villages, of_host


@shared
def _pools_of_host(model: Any) -> Array:
    """Pools in which villages of the host county hold a stake. Rows of projects."""
    return np.unique(model.partnerships.project[host_pool_stakes(model)])


@shared
def _zone_pools(model: Any) -> Array:
    """Those of them that stand in a zone. Rows of projects."""
    rows = _pools_of_host(model)
    found: Array = rows[model.places.category[model.projects.place[rows]] == ZONE]
    return found


_payouts = shared(shares_and_support)


def _paid(model: Any, rows: Array) -> float:
    """What some projects pay the host county's villages in the year, yuan."""
    project = model.partnerships.project
    held = host_pool_stakes(model) & np.isin(project, rows)
    shares, support = _payouts(model)
    return float((shares * model.projects.net_rent[project] + support)[held].sum())


@indicator("Projects of villages since the first year", "村级物业项目数", unit="projects", better="neither")
def project_count(model: Any) -> float:
    """Buildings put up at home, each approval one, and pools in which the host county's villages hold a stake."""
    return float(model.projects.builds[home_projects(model)].sum()) + len(_pools_of_host(model))


@shared
def _new_home_rent(model: Any) -> Array:
    """Net rent of what was built at home since the first year: each building's rent by floor. yuan, host villages."""
    projects = model.projects
    mine = np.flatnonzero(home_projects(model))
    village = projects.village[mine]
    floor, old = projects.floor[mine], old_floor(model)[village]
    new = np.divide(floor - old, floor, out=np.zeros(len(mine)), where=floor > 0.0)
    rent: Array = np.clip(new, 0.0, 1.0) * projects.net_rent[mine]
    return rent


@indicator("Income that projects added", "项目新增村集体收入", unit="yuan/year", better="higher")
def project_income(model: Any) -> float:
    """Villages' income of the year from pools, and net rent of what they built at home since the first year."""
    return float(host_villages(model, "pool_income").sum() + _new_home_rent(model).sum())


@indicator("Income of projects outside the zone", "市级以下项目新增村集体收入", unit="yuan/year", better="higher")
def other_project_income(model: Any) -> float:
    """What projects added, less what pools in the zone pay: town parks, buildings at home, crowdfunded projects."""
    return project_income(model) - zone_pool_income(model)


@indicator("Projects of villages outside the zone", "市级以下项目数", unit="projects", better="neither")
def other_project_count(model: Any) -> float:
    """Projects of villages since the first year, less pools in the zone."""
    return project_count(model) - zone_pool_count(model)


@indicator("Income that projects added, a village", "村均项目新增收入", unit="yuan/year", better="higher")
def project_income_mean(model: Any) -> float:
    """The same over the villages of the host county."""
    return project_income(model) / max(float((model.villages.county == HOST).sum()), 1.0)


@indicator("Pools of villages in the zone", "市级飞地抱团项目数", unit="projects", better="neither")
def zone_pool_count(model: Any) -> float:
    """Pools in the zone in which the host county's villages hold a stake."""
    return float(len(_zone_pools(model)))


@indicator("Income of villages from pools in the zone", "市级飞地抱团项目收入", unit="yuan/year", better="higher")
def zone_pool_income(model: Any) -> float:
    """What pools in the zone pay the host county's villages in the year, top-ups among it."""
    return _paid(model, _zone_pools(model))


@shared
def _largest(model: Any) -> Array:
    """Stakes of the host's villages in the zone pool with the most capital. Rows, none where there is no pool."""
    stakes, rows = model.partnerships, _zone_pools(model)
    if len(rows) == 0:
        return np.empty(0, dtype=np.int64)
    paid_in = stakes.paid_in(len(model.projects))
    largest = rows[np.argmax(paid_in[rows])]
    return np.flatnonzero(host_pool_stakes(model) & (stakes.project == largest))


@indicator("Villages in the largest pool", "最大抱团项目参与村数", unit="villages", better="neither")
def largest_pool_members(model: Any) -> float:
    """Villages of the host county with a stake in the zone pool with the most capital; 0 without one."""
    return float(len(np.unique(model.partnerships.holder[_largest(model)])))


@indicator("Capital of the largest pool", "最大抱团项目投入", unit="yuan", better="neither")
def largest_pool_capital(model: Any) -> float:
    """What villages paid into the zone pool with the most capital; 0 without one."""
    return float(model.partnerships.capital[_largest(model)].sum())


@indicator("Yearly income from the largest pool, a member", "最大抱团项目村均年收益", unit="yuan/year", better="higher")
def largest_pool_income_per_member(model: Any) -> float:
    """What the zone pool with the most capital pays its villages in the year, over their number; 0 without one."""
    rows = model.partnerships.project[_largest(model)]
    return _paid(model, np.unique(rows)) / max(largest_pool_members(model), 1.0)


@indicator("Quota in the largest pool", "最大抱团项目投入指标", unit="mu", better="neither")
def largest_pool_quota(model: Any) -> float:
    """Quota that villages handed over for the zone pool with the most capital; 0 without one."""
    return float(model.partnerships.quota[_largest(model)].sum())


@indicator(
    "Income from the largest pool over old rent of its land", "最大抱团项目收益与原租金之比", unit="1", better="higher"
)
def largest_pool_income_per_old_rent(model: Any) -> float:
    """What the largest zone pool pays its villages over what the land they handed over would bring lying idle.

    Not a number where no quota was handed over or idle land brings nothing.
    """
    rows = _largest(model)
    quota = float(model.partnerships.quota[rows].sum())
    rent = model.parameters["land.idle_rent"] * model.price_index * quota
    return _paid(model, np.unique(model.partnerships.project[rows])) / rent if rent > 0.0 else math.nan


def _weak(model: Any) -> Array:
    """Which of the host's villages had less than the line in the opening year. bool, shape (host villages,)."""
    before = model.panel_years(model.year - model.first_year + 1)
    opening = before[0]["recurrent_income"] if before else model.villages.recurrent_income
    return np.asarray(of_host(opening, model.villages.county) < LINES[0])


def _dependent(model: Any) -> tuple[float, float]:
    """Highest share of pools in the income of a village that was weak, and the income of that village."""
    income, pools = host_villages(model, "recurrent_income"), host_villages(model, "pool_income")
    share = np.where(_weak(model) & (income > 0.0), pools / np.maximum(income, 1.0), -1.0)
    first = int(np.argmax(share))
    return (float(share[first]), float(income[first])) if share[first] >= 0.0 else (math.nan, math.nan)


@indicator("Most that a weak village owes to pools", "薄弱村抱团收入占比最高值", unit="1", better="neither")
def weak_pool_share_max(model: Any) -> float:
    """Share of pools in income, the highest of the villages below 150,000 yuan in the opening year.

    Not a number where no village was.
    """
    return _dependent(model)[0]


@indicator(
    "Income of the weak village that pools gave most", "抱团占比最高薄弱村收入", unit="yuan/year", better="higher"
)
def weak_pool_share_income(model: Any) -> float:
    """Recurrent income of the village with that share; not a number where there is none."""
    return _dependent(model)[1]


@indicator("Gross yield of buildings at home on their cost", "村内自建毛收益率", unit="1/year", better="higher")
def home_return(model: Any) -> float:
    """Rent of the year, before upkeep and tax, of what villages built at home since the first year over what it cost.

    Of buildings that are on the market; not a number without any.
    """
    projects = model.projects
    mine = np.flatnonzero(home_projects(model))
    new = np.maximum(projects.floor[mine] - old_floor(model)[projects.village[mine]], 0.0)
    coming = projects.under_construction[mine]
    let = np.divide(projects.let[mine], projects.floor[mine], out=np.zeros(len(mine)), where=projects.floor[mine] > 0.0)
    ready = np.divide(new, new + coming, out=np.zeros(len(mine)), where=new > 0.0)
    cost = float((projects.cost[mine] * ready).sum())
    return float((12.0 * projects.rent[mine] * let * new).sum()) / cost if cost > 0.0 else math.nan


@shared
def _partner_pools(model: Any) -> Array:
    """Pools in the host county that belong to villages of paired counties. Rows of projects."""
    stakes, projects = model.partnerships, model.projects
    held = stakes.held_by(VILLAGE)
    held[held] = model.villages.county[stakes.holder[held]] != HOST
    rows = np.unique(stakes.project[held])
    found: Array = rows[(projects.county[rows] == HOST) & (projects.village[rows] < 0)]
    return found


@indicator("Land of partner villages' park in the county", "结对县飞地园区用地", unit="mu", better="neither")
def partner_park_land(model: Any) -> float:
    """Land of the projects in the host county in which villages of paired counties hold stakes."""
    return float(model.projects.land[_partner_pools(model)].sum())


@indicator("Floor of partner villages' park in the county", "结对县飞地园区建筑面积", unit="m2", better="neither")
def partner_park_floor(model: Any) -> float:
    """Floor on the market of those projects."""
    return float(model.projects.floor[_partner_pools(model)].sum())


@indicator("Firms in partner villages' park in the county", "结对县飞地园区企业数", unit="firms", better="neither")
def partner_park_firms(model: Any) -> float:
    """Firms that rent in those projects."""
    return float(np.isin(model.enterprises.site, _partner_pools(model)).sum())


@indicator("Share capital paid back", "低收入家庭退出股金", unit="yuan", better="neither")
def share_capital_repaid(model: Any) -> float:
    """What the county has paid for the stakes of households that left the list of 6.0, to date."""
    given = [one.capital[one.giver_kind == HOUSEHOLD].sum() for one in model.partnerships.handovers]
    return float(sum(given))


@indicator("Dividends of households on the list", "名单农户分红总额", unit="yuan/year", better="higher")
def listed_dividends(model: Any) -> float:
    """What their own stakes paid households on the list of 6.0 in the year, all together."""
    return float(model.households.dividends[model.households.listed].sum())


@indicator("Highest dividend of a household on the list", "名单农户最高分红", unit="yuan/year", better="neither")
def listed_dividend_max(model: Any) -> float:
    """What its own stakes paid in the year, highest over households on the list of 6.0; 0 without a list."""
    dividends = model.households.dividends[model.households.listed]
    return float(dividends.max()) if len(dividends) else 0.0
