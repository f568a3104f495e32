"""Outcomes of the partnership graph, of 6.0 and of 7.0: each function takes the model, returns one figure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from agents.table import Array
from model import graph
from model.capital import Crowdfunding
from model.flows import STAKE_GIFT
from model.indicator import indicator, shared
from model.partnerships import HOUSEHOLD
from model.scope import HOST
from model.shareholding import share_capital


@indicator("Mean number of pools a village is in", "村均参与抱团项目数", unit="projects", better="neither")
def graph_degree(model: Any) -> float:
    """Degree of the host county's villages in the graph of villages and pooled projects, mean."""
    return float(graph.village_degrees(model)[model.villages.county == HOST].mean())


@indicator("Groups of villages tied by pools", "抱团网络连通分量", unit="groups", better="neither")
def graph_components(model: Any) -> float:
    """Connected components of all villages and the pooled projects they hold; a village in no pool is one."""
    return float(graph.components(model))


@indicator("Concentration of villages' stakes", "村集体股份集中度", unit="1", better="lower")
def stake_concentration(model: Any) -> float:
    """Herfindahl index of the villages' capital in pools: 1 over their number where all hold the same; 0: no pools."""
    return graph.stake_concentration(model)


def _low(model: Any) -> Array:
    return np.asarray(model.households.low_income)  # assessed in the host county alone


@shared
def _low_count(model: Any) -> int:
    return int(np.count_nonzero(_low(model)))


@shared
def _share_capital(model: Any) -> Array:
    """Of the households on the list: no others hold stakes of 6.0."""
    return share_capital(model, _listed(model))


@shared
def _listed(model: Any) -> Array:
    return np.flatnonzero(model.households.listed)


@indicator("Low-income households", "低收入家庭", unit="households", better="lower")
def low_income_count(model: Any) -> float:
    """Households of the host county, rural and urban, that truly are low-income by the lines of 6.0."""
    return float(_low_count(model))


@indicator("Households on the list of 6.0", "持股低收入家庭名单", unit="households", better="neither")
def listed_count(model: Any) -> float:
    """Households on the list."""
    return float(model.households.listed.sum())


@indicator("Coverage of low-income households", "低收入家庭覆盖率", unit="1", better="higher")
def coverage(model: Any) -> float:
    """Low-income households that hold shares of 6.0, over all low-income households."""
    holds = _low(model)[_listed(model)] & (_share_capital(model) > 0.0)
    return float(holds.sum() / max(_low_count(model), 1))


@indicator("Inclusion error of the list", "帮错人比例", unit="1", better="lower")
def inclusion_error(model: Any) -> float:
    """Households on the list that are not low-income, over all on it; 0 without a list."""
    listed = _listed(model)
    return float((~_low(model)[listed]).sum() / max(len(listed), 1))


@indicator("Exclusion error of the list", "少帮人比例", unit="1", better="lower")
def exclusion_error(model: Any) -> float:
    """Low-income households that are not on the list, over all low-income households; 1 without a list."""
    left_out = _low_count(model) - int(_low(model)[_listed(model)].sum())
    return float(left_out / max(_low_count(model), 1))


@indicator("Share capital of low-income households", "低收入家庭股金", unit="yuan", better="neither")
def household_share_capital(model: Any) -> float:
    """Standing stakes of 6.0, all sources together."""
    return float(_share_capital(model).sum())


@indicator("Mean dividend of households on the list", "名单户均分红", unit="yuan/year", better="higher")
def listed_dividend_mean(model: Any) -> float:
    """What their own stakes paid in the year, mean over households on the list; 0 without a list."""
    dividends = model.households.dividends[_listed(model)]
    return float(dividends.mean()) if len(dividends) else 0.0


@indicator("Crowdfunded capital", "众筹项目资本", unit="yuan", better="neither")
def crowd_capital(model: Any) -> float:
    """Capital paid into crowdfunded projects so far."""
    return float(model.partnerships.capital[_crowd_stakes(model)].sum())


@indicator("Households' part of crowdfunded capital", "众筹农户出资占比", unit="1", better="neither")
def crowd_household_part(model: Any) -> float:
    """Capital that households paid in, over all capital of crowdfunded projects; 0 without one."""
    stakes, mine = model.partnerships, _crowd_stakes(model)
    from_households = mine & (stakes.holder_kind == HOUSEHOLD)
    return float(stakes.capital[from_households].sum() / max(stakes.capital[mine].sum(), 1.0))


@indicator("Participation in crowdfunding", "众筹参与率", unit="1", better="neither")
def crowd_participation(model: Any) -> float:
    """Households with a crowdfunded stake, over all households of the villages that have such a project."""
    stakes, mine = model.partnerships, _crowd_stakes(model)
    holders = np.unique(stakes.holder[mine & (stakes.holder_kind == HOUSEHOLD)])
    villages = model.places.village[model.projects.place[np.unique(stakes.project[mine])]]
    return float(len(holders) / max(model.villages.households[villages].sum(), 1))


@indicator("Mean crowdfunded stake of a household", "众筹户均出资", unit="yuan", better="neither")
def crowd_stake_mean(model: Any) -> float:
    """Capital that households paid in, mean over those that hold a stake; not a number without one."""
    stakes = model.partnerships
    mine = _crowd_stakes(model) & (stakes.holder_kind == HOUSEHOLD)
    count = len(np.unique(stakes.holder[mine]))
    return float(stakes.capital[mine].sum() / count) if count else math.nan


@indicator("Part of crowdfunded capital bought for neighbours", "众筹帮扶出资占比", unit="1", better="neither")
def crowd_gift_part(model: Any) -> float:
    """Capital that better-off households bought for others, over all capital of crowdfunded projects; 0 without one."""
    given = model.ledger.to_date(STAKE_GIFT.name, unit="yuan")
    return float(given / max(crowd_capital(model), 1.0))


@indicator("Yield of crowdfunded projects", "众筹项目收益率", unit="1/year", better="higher")
def crowd_yield(model: Any) -> float:
    """Net income of crowdfunded projects in the year over their capital, of those that are open.

    Not a number without one.
    """
    projects = np.flatnonzero(_crowd_projects(model) & (model.projects.founded < model.year))
    paid_in = float(model.partnerships.paid_in(len(model.projects))[projects].sum())
    return float(model.projects.net_rent[projects].sum()) / paid_in if paid_in > 0.0 else math.nan


def _crowd_projects(model: Any) -> Array:
    crowd = np.array([isinstance(one.capital, Crowdfunding) for one in model.mechanisms] + [False])
    return np.asarray(crowd[model.projects.mechanism])


@shared
def _crowd_stakes(model: Any) -> Array:
    stakes = model.partnerships
    return np.asarray(_crowd_projects(model)[stakes.project] & (stakes.capital > 0.0))
