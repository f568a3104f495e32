"""Inequality and poverty of incomes.

Gini coefficient, quantiles, top shares and poverty are those of microdf, the decomposition of Theil's index is that of
PySAL; both come with ``pip install "feidi[inequality]"`` and are slow to import. What neither has for weighted values
(Theil's two indices, Atkinson's) is a line of numpy here, which a test holds to PySAL. A measure that some values do
not have is nan or infinite and has a note that says why.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

Floats = NDArray[np.float64]
Measured = tuple[float, str]  # value, and what is to be said about it

AVERSION = 0.5  # Atkinson's inequality aversion: at 1 and above the index is 1 as soon as one value is zero
NO_MEAN = "not defined: the mean is not above zero"
NEGATIVE = "not defined: a value is below zero"
NOTHING_BELOW = "not defined: the lowest have nothing above zero"
INFINITE = "infinite: a value is zero"
COMPLETE = "1: a value is zero"
NO_LIMITS = "a value is below zero: 0 and 1 are no limits"
NO_INEQUALITY = "no inequality: nothing to split"


class DistributionError(ValueError):
    """Values, weights, groups or a line of which nothing can be measured."""


class MissingLibraryError(ValueError):
    """An optional library that is not installed."""


class Measure(NamedTuple):
    """What a measure is called in tables, and its unit."""

    title: str
    title_zh: str
    unit: str


MEASURES = {
    "mean": Measure("Mean", "均值", "as the values"),
    "gini": Measure("Gini coefficient", "基尼系数", "1"),
    "theil_t": Measure("Theil's T", "泰尔指数(T)", "1"),
    "theil_l": Measure("Mean log deviation (Theil's L)", "平均对数离差(泰尔L)", "1"),
    "atkinson": Measure("Atkinson index", "阿特金森指数", "1"),
    "palma": Measure("Palma ratio: top tenth over bottom four tenths", "帕尔马比值", "1"),
    "p90_p10": Measure("90th over 10th percentile", "九十分位与十分位之比", "1"),
    "top_10": Measure("Share of the top tenth", "最高10%份额", "1"),
    "bottom_40": Measure("Share of the bottom four tenths", "最低40%份额", "1"),
    "headcount": Measure("Poverty headcount (FGT 0)", "贫困发生率", "1"),
    "gap": Measure("Poverty gap (FGT 1)", "贫困深度", "1"),
    "squared_gap": Measure("Squared poverty gap (FGT 2)", "贫困强度", "1"),
    "theil_within": Measure("Theil's T within groups", "泰尔指数:组内", "1"),
    "theil_between": Measure("Theil's T between groups", "泰尔指数:组间", "1"),
}
RELATIVE = ("gini", "theil_t", "theil_l", "atkinson", "palma", "p90_p10", "top_10", "bottom_40")


def lorenz(values: ArrayLike, weights: ArrayLike | None = None) -> pd.DataFrame:
    """The Lorenz curve: columns population and income, cumulated shares from 0 to 1.

    One row more than there are values, and straight between them. Where values are below zero it dips below zero
    first. Raises DistributionError where the values sum to zero or less: then there are no shares.
    """
    income, weight = _checked(values, weights)
    order = np.argsort(income, kind="stable")
    held = np.cumsum((income * weight)[order])
    if held[-1] <= 0.0:
        raise DistributionError(f"the values sum to {held[-1]:g}: shares need a sum above zero.")
    people = np.cumsum(weight[order])
    return pd.DataFrame({"population": [0.0, *people / people[-1]], "income": [0.0, *held / held[-1]]})


def measures(
    values: ArrayLike, weights: ArrayLike | None = None, line: float | None = None, *, aversion: float = AVERSION
) -> pd.DataFrame:
    """Measures of the inequality of values and, with a line, of poverty: index measure, columns value and note.

    values, weights: shape (n,), the same weight for all when None; line: in the unit of the values; aversion: of
    Atkinson's index, above 0.

    Shares take the part of a value that straddles the limit. Percentiles are those of the inverse distribution
    function: the lowest value with that share of the weight up to it. The poor are below the line, not on it; gaps are
    means over all, as shares of the line (Foster, Greer and Thorbecke 1984).

    Where the mean is zero or less no measure of inequality is defined. Zeros: the mean log deviation is infinite,
    Atkinson's index is 1 for an aversion of 1 or more, the Palma ratio and p90/p10 are not defined where the lowest
    have nothing; the others take zeros as they are. Values below zero: Theil's and Atkinson's indices are not defined;
    Gini coefficient, shares and gaps are computed, but 0 and 1 limit them no longer. Raises DistributionError for
    values that are missing or infinite, MissingLibraryError without microdf.
    """
    income, weight = _checked(values, weights)
    if not aversion > 0.0:
        raise DistributionError(f"aversion is {aversion}: give a number above 0.")
    mean = float(np.average(income, weights=weight))
    found: dict[str, Measured] = {"mean": (mean, "")}
    if mean > 0.0:
        found |= _entropies(income / mean, weight, aversion) | _ranked(income, weight)
    else:
        found |= dict.fromkeys(RELATIVE, (np.nan, NO_MEAN))
    if line is not None:
        found |= _poverty(income, weight, line)
    return _frame({name: found[name] for name in MEASURES if name in found})


def _entropies(ratio: Floats, weight: Floats, aversion: float) -> dict[str, Measured]:
    """Theil's indices (Theil 1967) and Atkinson's (1970) of values over their mean."""
    if ratio.min() < 0.0:
        return dict.fromkeys(("theil_t", "theil_l", "atkinson"), (np.nan, NEGATIVE))
    zero = bool(ratio.min() == 0.0)
    with np.errstate(divide="ignore"):
        theil_l = -float(np.average(np.log(ratio), weights=weight))
        power = float(np.average(ratio ** (1.0 - aversion), weights=weight))
        atkinson = 1.0 - (np.exp(-theil_l) if aversion == 1.0 else power ** (1.0 / (1.0 - aversion)))
    return {
        "theil_t": (float(np.average(xlogy(ratio, ratio), weights=weight)), ""),
        "theil_l": (theil_l, INFINITE if zero else ""),
        "atkinson": (float(atkinson), COMPLETE if zero and aversion >= 1.0 else ""),
    }


def _ranked(income: Floats, weight: Floats) -> dict[str, Measured]:
    """What goes by rank: Gini coefficient, shares, Palma's ratio (Palma 2011), percentiles."""
    series = _library("microdf").MicroSeries(income, weights=weight)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of values below zero the note speaks
        gini, top = float(series.gini()), float(series.top_x_pct_share(0.1))
    # microdf's bottom share is one less a top share: where the lowest have nothing, a rounding error and a huge ratio.
    curve = lorenz(income, weight)
    bottom = float(np.interp(0.4, curve["population"], curve["income"]))
    low, high = float(series.quantile(0.1)), float(series.quantile(0.9))
    note = NO_LIMITS if income.min() < 0.0 else ""
    return {
        "gini": (gini, note),
        "palma": (top / bottom, "") if bottom > 0.0 else (np.nan, NOTHING_BELOW),
        "p90_p10": (high / low, "") if low > 0.0 else (np.nan, NOTHING_BELOW),
        "top_10": (top, note),
        "bottom_40": (bottom, note),
    }


def _poverty(income: Floats, weight: Floats, line: float) -> dict[str, Measured]:
    """FGT 0 to 2. microdf's gaps are totals of money: over the line and the heads they are the measures."""
    if not (np.isfinite(line) and line > 0.0):
        raise DistributionError(f"line is {line}: give a number above 0, in the unit of the values.")
    table = _library("microdf").MicroDataFrame({"income": income, "line": float(line)}, weights=weight)
    heads, note = float(weight.sum()), NO_LIMITS if income.min() < 0.0 else ""
    return {
        "headcount": (float(table.poverty_rate("income", "line")), ""),
        "gap": (float(table.poverty_gap("income", "line")) / (line * heads), note),
        "squared_gap": (float(table.squared_poverty_gap("income", "line")) / (line**2 * heads), note),
    }


def decomposition(values: ArrayLike, group: ArrayLike) -> pd.DataFrame:
    """Theil's T within and between groups (Bourguignon 1979; Shorrocks 1980): rows within, between and total.

    values, group: shape (n,). Columns: value, share (of the total, nan where there is no inequality) and note. The
    parts are at least zero and sum to the total. Zeros count as 0 ln 0 = 0; nothing is defined with values below zero
    or a mean of zero. Raises DistributionError, and MissingLibraryError without PySAL.
    """
    income, _ = _checked(values, None)
    member = np.unique(np.asarray(group), return_inverse=True)[1].reshape(-1)
    if len(member) != len(income):
        raise DistributionError(f"there are {len(income)} values and {len(member)} groups: give one group a value.")
    refused = NEGATIVE if income.min() < 0.0 else NO_MEAN if income.mean() <= 0.0 else ""
    if refused or income.min() == income.max():
        empty = (np.nan, refused) if refused else (0.0, NO_INEQUALITY)
        return _frame(dict.fromkeys(("within", "between", "total"), empty)).assign(share=np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # PySAL sets shapes, which numpy 2.5 deprecates
        # Over their mean: PySAL adds the smallest number to zeros, which is lost in a large sum.
        split = _library("inequality.theil").TheilD(income / income.mean(), member)
    between = max(float(np.ravel(split.bg)[0]), 0.0)
    total = max(float(np.ravel(split.T)[0]), between)
    table = _frame({"within": (total - between, ""), "between": (between, ""), "total": (total, "")})
    return table.assign(share=table["value"] / total)


def _frame(found: Mapping[str, Measured]) -> pd.DataFrame:
    """Measures as a table: index measure, columns value and note."""
    table = pd.DataFrame(list(found.values()), columns=["value", "note"])
    return table.set_axis(list(found), axis="index").rename_axis("measure")


def _checked(values: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    """Values and weights as arrays, those of no weight left out. Raises DistributionError."""
    income = np.asarray(values, dtype=float)
    weight = np.ones(income.shape) if weights is None else np.asarray(weights, dtype=float)
    if income.ndim != 1 or weight.shape != income.shape:
        raise DistributionError(f"values have shape {income.shape}, weights {weight.shape}: give one row of each.")
    if not (np.isfinite(income).all() and np.isfinite(weight).all() and (weight >= 0.0).all()):
        raise DistributionError("a value or a weight is missing, infinite or a weight below zero: leave those out.")
    if not (weight > 0.0).any():
        raise DistributionError("there is no value that has a weight: nothing can be measured.")
    return income[weight > 0.0], weight[weight > 0.0]


def _library(name: str) -> Any:
    """An optional library, by the name that it is imported by. Raises MissingLibraryError."""
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise MissingLibraryError(
            f'measures of inequality need the library {package!r}: pip install "feidi[inequality]".'
        ) from error
