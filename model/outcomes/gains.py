"""Outcomes of the accounts by sector: levels of one arm, of which only the difference between two arms has a meaning.

Sums of all years so far, discounted to the first one: see ``model.accounts``.
"""

from __future__ import annotations

from typing import Any

from agents.table import Array
from model.indicator import indicator
from model.scope import HOST
from model.sectors import KINDS


def discounted(model: Any, yearly: list[Array]) -> Array:
    """The sum of what each year brought, worth what it is in the first year. yearly: from the first year on."""
    factor = 1.0 / (1.0 + model.parameters["prices.discount_rate"])
    found: Array = sum((one * factor**age for age, one in enumerate(yearly)), start=yearly[0] * 0.0)
    return found


def sector_gains(model: Any) -> Array:
    """Discounted gains of all sectors to date, yuan, shape (sectors,); zero at the opening."""
    years = model.accounts[1:] or model.accounts
    return discounted(model, [one.gain for one in years])


def host_gain(model: Any, kind: str) -> float:
    """Discounted gain to date of one kind of agents of the host county, yuan."""
    return float(sector_gains(model)[KINDS.index(kind) * len(model.counties) + HOST])


@indicator("Value created to date, discounted", "累计创造价值(折现)", unit="yuan", better="higher")
def value_to_date(model: Any) -> float:
    """Sum of all sectors' gains since the first year. Only differences between arms have a meaning."""
    return float(sector_gains(model).sum())


@indicator("Gain of villages to date, discounted", "村集体累计净收益(折现)", unit="yuan", better="higher")
def village_gain_to_date(model: Any) -> float:
    """Gain of the host county's villages since the first year. Only differences between arms have a meaning."""
    return host_gain(model, "Village")


@indicator("Gain of the county to date, discounted", "县财政累计净收益(折现)", unit="yuan", better="higher")
def treasury_gain_to_date(model: Any) -> float:
    """Gain of the host county's treasury since the first year. Only differences between arms have a meaning."""
    return host_gain(model, "County")
