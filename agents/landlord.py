"""Landlords: who owns the factory floor of a county's zone that no pool built, taken together."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, link, stock


class Landlord(RowAgent):
    """The other landlords of a zone, public and private: they let floor, and build more where it pays."""

    county = link("County", "the county in whose zone they let floor")
    cash = stock("yuan", "money; what is left goes to the owners within the year")


def building_pull(yield_: Array, *, needed: float, response: float, most: float) -> Array:
    """By how much landlords build more, or less, than their path: (yield / needed) ^ response, at most ``most``.

    yield_: net rent on the cost of new floor, 1/year, any shape; needed: what capital costs them after the rise of
    prices, 1/year; response: 0 where they keep to their path whatever the rent. Returns the same shape.
    """
    ratio = np.maximum(yield_, 0.0) / needed if needed > 0.0 else np.full_like(yield_, np.inf)
    return np.minimum(ratio**response, most)
