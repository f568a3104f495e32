"""Where counties, towns and villages are drawn: the one placing of every picture of a case.

All places are in radii of the host county, east and north. Counties lie beside each other, each to a scale of its own:
how far apart they really are plays no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.effects import Floats
from model.opening import village_positions

if TYPE_CHECKING:
    from model.cases import Case


class Proportions(NamedTuple):
    """Sizes in radii of the host.

    partner: radius of a county with villages; without_villages: of one that has none; space: between counties;
    clearing: free ground round a county's zone as a part of the distance to the furthest village.
    """

    partner: float
    without_villages: float
    space: float
    clearing: float = 0.0


class Ground(NamedTuple):
    """Where everything lies, in radii of the host.

    towns, villages, zones (one a county), centres (of counties): shape (rows, 2); sizes: radii, shape (counties,);
    town: row of each village's town; county: row of each town's county.
    """

    towns: Floats
    villages: Floats
    zones: Floats
    centres: Floats
    sizes: Floats
    town: Any
    county: Any


def ground_of(case: Case, proportions: Proportions) -> Ground:
    """The ground of a case. Villages keep their direction and their order of distance from a cleared zone."""
    towns = np.array([(one.east, one.north) for one in case.towns])
    county = np.array([case.county_row(one.county) for one in case.towns])
    town = np.concatenate([np.full(len(one.households), row) for row, one in enumerate(case.towns)])
    index = np.concatenate([np.arange(len(one.households)) for one in case.towns])
    around = village_positions(town, index, ring=case.parameters["place.village_ring"])
    villages = towns[town] + np.stack(around, axis=1)
    sizes, centres = _counties(county[town], len(case.counties), proportions)
    zones = centres.copy()
    for row in np.unique(county).tolist():
        mine, theirs = county == row, county[town] == row
        if proportions.clearing and theirs.any():
            zone = _zone(case, row)
            most = np.hypot(*(villages[theirs] - zone).T).max()
            villages[theirs] = _cleared(villages[theirs], zone, most, proportions.clearing)
            towns[mine] = _cleared(towns[mine], zone, most, proportions.clearing)
        points = villages[theirs] if theirs.any() else towns[mine]
        middle = 0.5 * (points.min(axis=0) + points.max(axis=0))
        scale = sizes[row] / np.hypot(*(points - middle).T).max(initial=1e-9)
        towns[mine] = (towns[mine] - middle) * scale + centres[row]
        villages[theirs] = (villages[theirs] - middle) * scale + centres[row]
        if theirs.any():
            zones[row] = (_zone(case, row) - middle) * scale + centres[row]
    return Ground(towns, villages, zones, centres, sizes, town, county)


def _zone(case: Case, county: int) -> Floats:
    """Where the zone of a county is, km east and north of its seat, shape (2,)."""
    slug = case.counties[county].slug
    return np.array([case.parameters[f"{slug}.zone_{axis}"] for axis in ("east", "north")])


def _cleared(points: Floats, zone: Floats, most: float, clearing: float) -> Floats:
    """Points moved straight away from a zone so that ground round it is free; the furthest stays where it is.

    points: km, shape (points, 2); most: km to the furthest; clearing: free radius as a part of that. Same shape.
    """
    away = points - zone
    distance = np.maximum(np.hypot(*away.T), 1e-9)[:, None]
    moved: Floats = zone + away / distance * (clearing * most + (1.0 - clearing) * distance)
    return moved


def _counties(county: Any, counties: int, proportions: Proportions) -> tuple[Floats, Floats]:
    """How large the counties are drawn, and where: the host to the left, the others in a column to its right.

    county: of each village. Returns radii, shape (counties,), and centres, shape (counties, 2).
    """
    with_villages = np.bincount(county, minlength=counties) > 0
    sizes = np.where(with_villages, proportions.partner, proportions.without_villages)
    sizes[0] = 1.0
    others, space = sizes[1:], proportions.space
    ends = np.cumsum(2.0 * others + space) - space
    north = 0.5 * ends.max(initial=0.0) - (ends - others)
    east = np.full(len(others), 1.0 + 1.5 * space + others.max(initial=0.0))
    return sizes, np.concatenate([np.zeros((1, 2)), np.stack([east, north], axis=1)])
