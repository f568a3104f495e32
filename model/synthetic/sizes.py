"""How many villages and households each place of a synthetic case has, and where its towns lie."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.table import Array, total_by
from model.draws import Draws, keys_of, member_keys
from model.parameters import Parameters

GOLDEN_ANGLE = np.pi * (3.0 - 5.0**0.5)  # radians; spreads points evenly over a disc
SHAKEN = 0.25  # assumed: how far, in distances between towns, a town lies off an even pattern


class Sizes(NamedTuple):
    """Who is where. Rows are counties, towns and villages, in their order.

    county: of each town, row; town: of each village, row; households: rows of households of each village; stands_for:
    households that each county stands for, of which the rows are a sample; east, north: of each town, km from the seat.
    """

    county: Array
    town: Array
    households: Array
    stands_for: Array
    east: Array
    north: Array


def apportion(total: int, weights: Array, *, least: int) -> Array:
    """Shares of a total in whole numbers, near to the weights: the largest remainders get what rounding leaves.

    total: at least ``least`` a share; weights: above 0; both in one unit. Returns shape of weights, sums to the total.
    """
    ideal = (total - least * len(weights)) * (weights / weights.sum())
    shares = np.floor(ideal).astype(np.int64)
    left = total - least * len(weights) - int(shares.sum())
    shares[np.argsort(shares - ideal, kind="stable")[:left]] += 1
    found: Array = least + shares
    return found


def draw_sizes(p: Parameters, draws: Draws, *, counties: int, villages: int, households: int) -> Sizes:
    """Share out villages and households over counties, towns and villages by lognormal weights.

    p: ``model/synthetic/synthetic.toml``. A county's luck depends on its number alone.
    """
    keys = keys_of("synthetic county", count=counties)
    weights = _lognormal(draws, "number of villages", keys, p["synthetic.county_villages_spread"])
    of_county = apportion(villages, weights, least=1)
    towns = np.maximum(np.rint(of_county / p["synthetic.town_villages"]).astype(np.int64), 1)
    county = np.repeat(np.arange(counties), towns)
    town_keys = member_keys(keys, towns)
    weights = _lognormal(draws, "villages of a town", town_keys, p["synthetic.town_spread"])
    first = np.cumsum(towns) - towns
    of_town = np.concatenate(
        [
            apportion(int(count), weights[start : start + number], least=1)
            for count, start, number in zip(of_county, first, towns, strict=True)
        ]
    )
    town = np.repeat(np.arange(len(county)), of_town)
    weights = _lognormal(draws, "size of a village", member_keys(town_keys, of_town), p["synthetic.village_spread"])
    weights *= _lognormal(draws, "size of villages", keys, p["synthetic.county_village_spread"])[county[town]]
    shared = total_by(county[town], weights, counties) / weights.sum()
    represented = max(float(households), villages * p["synthetic.village_households"])
    rows = apportion(households, weights, least=min(households, 1))
    east, north = _positions(draws, town_keys, np.arange(len(county)) - first[county], area=p["synthetic.town_area"])
    return Sizes(county, town, rows, represented * shared, east, north)


def _lognormal(draws: Draws, what: str, keys: Array, spread: float) -> Array:
    """Lognormal numbers of median 1 by key. spread: sigma. Shape of keys."""
    drawn: Array = np.exp(spread * draws.keyed_normal(f"synthetic: {what}", 0, keys))
    return drawn


def _positions(draws: Draws, keys: Array, number: Array, *, area: float) -> tuple[Array, Array]:
    """Where towns lie: the first of a county in its seat, the others round it, evenly but for a shake.

    number: of the town in its county, shape (towns,); area: km2 a town. Returns km east and north of the seat.
    """
    radius, angle = np.sqrt(number * area / np.pi), number * GOLDEN_ANGLE
    shaken = SHAKEN * np.sqrt(area) * (number > 0)
    east, north = (shaken * draws.keyed_normal(f"synthetic: {axis}", 0, keys) for axis in ("east", "north"))
    return np.round(east + radius * np.cos(angle), 1), np.round(north + radius * np.sin(angle), 1)
