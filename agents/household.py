"""Rural households: rows, viewed as agents on demand."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from agents.table import Array, RowAgent, link, state, stock


class Household(RowAgent):
    """A rural household of a village."""

    village = link("Village", "its village")
    cash = stock("yuan", "deposits")
    deviation = state("1", "log deviation of its earnings from what is usual, persistent in part")
    earnings = state("yuan/year", "earnings from work and trade, the same in every arm")
    payout = state("yuan/year", "what the village paid out to it")


def spread_of_gini(gini: float) -> float:
    """Standard deviation of logs of a lognormal with this Gini: Gini = 2 * Phi(s / sqrt 2) - 1."""
    return float(np.sqrt(2.0)) * NormalDist().inv_cdf(0.5 * (1.0 + gini))


def next_deviation(deviation: Array, shock: Array, *, persistence: float, spread: float) -> Array:
    """Log deviation a year on: an AR(1) whose long-run standard deviation stays at spread.

    deviation, shock: shape (households,), shock standard normal. Returns the same shape.
    """
    return persistence * deviation + spread * float(np.sqrt(1.0 - persistence**2)) * shock


def earnings_of(deviation: Array, *, mean: float, spread: float) -> Array:
    """Yearly earnings with a given mean over households. deviation: log points; mean: yuan/year. Lognormal."""
    return mean * np.exp(deviation - 0.5 * spread**2)
