"""Households: rows, viewed as agents on demand."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from agents.table import Array, RowAgent, link, state, stock


class Household(RowAgent):
    """A household of a village or of a town."""

    village = link("Village", "its village; -1 for a household of the town itself")
    town = link("Town", "its town")
    county = link("County", "its county")
    cash = stock("yuan", "deposits")
    deviation = state("1", "log deviation of its earnings from what is usual, persistent in part")
    earnings = state("yuan/year", "usual earnings from work and trade, the same in every arm")
    wage = state("yuan/year", "wage of a member who works in a factory to let or in a park")
    forgone = state("yuan/year", "usual earnings that this member gave up")
    payout = state("yuan/year", "what the village paid out to it")
    dividends = state("yuan/year", "what its own stakes in projects paid")
    aid = state("yuan/year", "cash aid that it got, or that its village passed on")
    low_income = state("1", "whether it truly is a low-income household", bool, False)
    listed = state("1", "whether it is on the list of low-income households that hold shares", bool, False)


def spread_of_gini(gini: float) -> float:
    """Standard deviation of logs of a lognormal with this Gini: Gini = 2 * Phi(s / sqrt 2) - 1."""
    return float(np.sqrt(2.0)) * NormalDist().inv_cdf(0.5 * (1.0 + gini))


def next_deviation(deviation: Array, shock: Array, *, persistence: float, spread: float) -> Array:
    """Log deviation a year on: an AR(1) whose long-run standard deviation stays at spread.

    deviation, shock: shape (households,), shock standard normal. Returns the same shape.
    """
    after: Array = persistence * deviation
    after += spread * float(np.sqrt(1.0 - persistence**2)) * shock
    return after


def earnings_of(deviation: Array, *, mean: float, spread: float) -> Array:
    """Yearly earnings with a given mean over households. deviation: log points; mean: yuan/year. Lognormal."""
    earnings = deviation - 0.5 * spread**2
    np.exp(earnings, out=earnings)
    earnings *= mean
    return earnings
