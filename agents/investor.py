"""Households that invest (7.0, 众筹): who joins, with how much, who buys in for a neighbour, and what it may bring."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from agents.table import Array
from agents.worker import place_in_line


def willing_to_invest(
    log_relative_income: Array,
    trust: Array | float,
    joined_share: Array | float,
    risk: Array | float,
    uniform: Array,
    *,
    base: float,
    income_effect: float,
    trust_effect: float,
    neighbour_effect: float,
    risk_effect: float,
) -> Array:
    """Whether a household puts money into its village's project: a logit, assumed.

    log_relative_income: log of income over the mean; trust: in the village, 0 to 1; joined_share: share of the
    village's households that joined in earlier rounds; risk: standard deviation of the yield as it is seen, 1/year;
    uniform: in [0, 1). Shapes (households,). Returns bool, shape (households,).
    """
    score = base + income_effect * log_relative_income + trust_effect * trust
    score = score + neighbour_effect * joined_share - risk_effect * risk
    return np.asarray(uniform < expit(score))


def amount_invested(income: Array, cash: Array, *, share_of_income: float, least: float, most: float) -> Array:
    """What a willing household puts in: a share of a year's income between two bounds, and no more than it has.

    income: yuan/year, cash: yuan; shapes (households,). Nothing from a household without the lower bound, yuan.
    Returns yuan, shape (households,).
    """
    return np.where(cash >= least, np.minimum(np.clip(share_of_income * income, least, most), cash), 0.0)


def among_the_top(village: Array, earnings: Array, *, share: float) -> Array:
    """Whether a household is among the best earners of its village.

    village: row of the village, -1 for none (never among them), shape (n,); earnings: yuan/year, shape (n,); share:
    of the village's households, rounded up. Returns bool, shape (n,).
    """
    ranked = np.lexsort((-earnings, village))
    place = place_in_line(village, np.ones(len(village), dtype=bool), ranked)
    in_village = village >= 0
    size = np.bincount(village[in_village], minlength=1)
    return in_village & (place < share * size[village])


def would_help(better_off: Array, cash: Array, uniform: Array, *, chance: float, cost: float) -> Array:
    """Whether a better-off household buys in for others: it must have what that may cost, and be willing.

    better_off: bool; cash: yuan; uniform: in [0, 1); shapes (households,); chance: share that is willing; cost: yuan.
    Returns bool, shape (households,).
    """
    return better_off & (cash >= cost) & (uniform < chance)


def buy_in_for(
    village: Array, helper: Array, low_income: Array, order: Array, *, most_helped: int
) -> tuple[Array, Array]:
    """Who buys a stake for whom: each helper for up to so many low-income households of its own village.

    village: row of the village, -1 for none, shape (n,); helper, low_income: bool, shape (n,); order: a permutation of
    the rows, village by village and in each by a keyed number. Returns the rows of giver and taker, one pair a stake,
    shape (stakes,) each; a taker stands there once, a giver up to most_helped times.
    """
    needy, able = low_income & (village >= 0), helper & ~low_income & (village >= 0)
    villages = max(int(village.max(initial=0)) + 1, 1)
    in_need, helpers = (np.bincount(village[some], minlength=villages) for some in (needy, able))
    stakes = np.minimum(in_need, most_helped * helpers)[village]
    is_helped = needy & (place_in_line(village, needy, order) < stakes)
    bought = np.clip(stakes - most_helped * place_in_line(village, able, order), 0, most_helped)
    givers = order[able[order]]
    # Both lists go village by village with as many stakes in each, so that the pairs stay inside one village.
    return np.repeat(givers, bought[givers]), order[is_helped[order]]


def own_demand_yield(deviation: Array, *, mean: float, spread: float, loading: float, slump: float) -> Array:
    """Yearly fees over capital of a project with customers of its own (a wharf), before its running cost.

    deviation: log points of its demand, of long-run standard deviation spread (see ``next_deviation``), any shape;
    mean: 1/year; slump: 0 to 1; loading: part of the fees that a slump of 1 takes. Returns 1/year; below the running
    cost the project makes a loss. The process is assumed.
    """
    return mean * np.exp(deviation - 0.5 * spread**2) * max(1.0 - loading * slump, 0.0)
