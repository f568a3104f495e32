"""Outcomes of households: each function takes the model, returns one figure, and changes nothing.

Households are the rural ones of the host county unless the text says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from agents.table import Array
from model.indicator import indicator, shared
from model.inequality import gini_of_sorted, palma_of_sorted
from model.scope import HOST


def _rural(model: Any) -> slice:
    """Rows of the host county's households that live in villages: they come first."""
    return slice(0, int(model.villages.households[model.villages.county == HOST].sum()))


@shared
def household_incomes(model: Any) -> Array:
    """Earnings with wages of parks, payouts, dividends and aid, yuan/year, the host county's rural households."""
    households, rural = model.households, _rural(model)
    total: Array = households.earnings[rural] + households.wage[rural]
    for name in ("payout", "dividends", "aid"):
        total += households.column(name)[rural]
    total -= households.forgone[rural]
    return total


@shared
def _ordered_incomes(model: Any) -> Array:
    """The same incomes from the lowest to the highest."""
    return np.sort(household_incomes(model))


def _measured(incomes: Array, measure: Callable[[Array], float]) -> float:
    """A measure of household incomes; not a number where no household has a row."""
    return measure(incomes) if len(incomes) else math.nan


def _usually_low(model: Any) -> Array:
    p, rural = model.parameters, _rural(model)
    mean = model.figures("income_per_head")[HOST] * p["household.persons"]
    low: Array = model.households.earnings[rural] < p["household.low_income_line"] * mean
    return low


@indicator(
    "Income per head of low-income households",
    "低收入农户人均收入",
    unit="yuan/person/year",
    better="higher",
    primary=True,
)
def low_income_households(model: Any) -> float:
    """Income per head of the host county's rural households whose usual earnings lie below the low-income line.

    Usual earnings are the same in every arm, so these are the same households in every arm.
    """
    low = _usually_low(model)
    income = household_incomes(model)[low]
    return float(income.mean() / model.parameters["household.persons"]) if len(income) else math.nan


@indicator("Mean household income per head", "农户人均收入", unit="yuan/person/year", better="higher")
def household_income(model: Any) -> float:
    """Earnings, wages of parks, payouts and dividends per head, mean over households."""
    persons = model.parameters["household.persons"]
    return _measured(household_incomes(model), lambda incomes: float(incomes.mean() / persons))


@indicator("Gini of household incomes", "农户收入基尼系数", unit="1", better="lower")
def household_gini(model: Any) -> float:
    """Gini coefficient of household incomes."""
    return _measured(_ordered_incomes(model), gini_of_sorted)


@indicator("Palma ratio of household incomes", "农户收入帕尔马比值", unit="1", better="lower")
def household_palma(model: Any) -> float:
    """Income of the richest tenth of households over that of the poorest four tenths."""
    return palma_of_sorted(_ordered_incomes(model))


@indicator("Poverty gap of households", "农户贫困差距", unit="1", better="lower")
def poverty_gap(model: Any) -> float:
    """Mean over households of how far their income lies below the low-income line, as a share of the line."""
    p = model.parameters
    line = p["household.low_income_line"] * model.figures("income_per_head")[HOST] * p["household.persons"]
    return _measured(household_incomes(model), lambda incomes: float(np.maximum(1.0 - incomes / line, 0.0).mean()))


@indicator("Households with a member who works in a park", "有成员在园区就业的农户", unit="households", better="higher")
def park_workers(model: Any) -> float:
    """Households of all counties with a member who works in a factory to let or in a park."""
    return float((model.households.wage > 0.0).sum())


@indicator("Gain of households from park jobs", "园区就业净增收", unit="yuan/year", better="higher")
def wage_gain(model: Any) -> float:
    """Wages from park jobs less the earnings given up for them, households of all counties."""
    return float((model.households.wage - model.households.forgone).sum())
