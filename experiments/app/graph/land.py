"""The land of a case in units of the drawing: where all that may ever be shown lies.

A unit is a fifth of a pixel or so: whole units are as fine as the eye needs, and short to write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.place import TOWN, ZONE
from agents.table import Array
from experiments.app.graph.sites import numbered
from experiments.effects import Floats
from experiments.ground import Ground, Proportions, ground_of
from model.opening import GOLDEN_ANGLE
from model.partnerships import COUNTY, HOUSEHOLD, LANDLORD, OUTSIDE, VILLAGE

if TYPE_CHECKING:
    from model.cases import Case

GRAPH = Proportions(partner=0.62, without_villages=0.15, space=0.24, clearing=0.3)
RADIUS = 625.0  # units in a radius of the host
MARGIN = (40.0, 120.0, 40.0, 72.0)  # units to the west, north, east and south
CLEARED = 0.27  # radii of a county: free ground round its zone as it is drawn
CIRCLE = np.stack([np.cos(np.arange(12) * np.pi / 6.0), np.sin(np.arange(12) * np.pi / 6.0)], axis=1)
BESIDE = 45.0  # units from the last points of a county to its treasury and its households
STEP, TOWN_STEP, HOME_STEP = 56.0, 45.0, 20.0  # units of the spirals of projects in a zone, a town and a village
DOTS = (10.5, 23.0)  # smallest and largest radius of a village


class Places(NamedTuple):
    """East and south, whole units: towns, villages, zones (one a county), treasuries and households of counties.

    All of shape (rows, 2); outside: shape (1, 2).
    """

    towns: Array
    villages: Array
    zones: Array
    treasuries: Array
    households: Array
    outside: Array


@dataclass(frozen=True, eq=False)
class Land:
    """The land of a case.

    width, height: of the drawing, units; town: of each village; county: of each town; centres, sizes: middle and radius
    of each county, units; dots: radius of each village, units.
    """

    case: Case
    width: int
    height: int
    places: Places
    town: Array
    county: Array
    centres: Array
    sizes: Array
    dots: Array

    @staticmethod
    def of(case: Case) -> Land:
        """The land of a case: the same for the same case."""
        ground = ground_of(case, GRAPH)
        tops, bottoms, corner, size = _extent(ground)
        counts = np.bincount(ground.county[ground.town], minlength=len(case.counties))
        dots = np.clip(0.36 * RADIUS * ground.sizes / np.sqrt(np.maximum(counts, 1)), *DOTS)
        outside = np.array([[ground.sizes[0] * RADIUS + 120.0, corner[1] + size[1] - MARGIN[3]]])
        points = [_units(one) for one in (ground.towns, ground.villages, ground.zones)]
        places = [np.rint(one - corner).astype(int) for one in (*points, tops, bottoms, outside)]
        return Land(
            case,
            round(float(size[0])),
            round(float(size[1])),
            Places(*places),
            ground.town,
            ground.county,
            np.rint(_units(ground.centres) - corner).astype(int),
            np.rint(ground.sizes * RADIUS).astype(int),
            np.rint(dots[ground.county[ground.town]]).astype(int),
        )

    @property
    def village_county(self) -> Array:
        """The county of each village."""
        return np.asarray(self.county[self.town])

    def cleared(self, county: int) -> int:
        """Radius of the free ground round the zone of a county, units."""
        return round(CLEARED * int(self.sizes[county]))

    def area(self, county: int) -> Array:
        """Points that the area of a county holds, whole units, shape (points, 2); none for one without villages."""
        mine = self.village_county == county
        if not mine.any():
            return np.empty((0, 2), dtype=int)
        round_zone = self.places.zones[county] + np.rint(self.cleared(county) * CIRCLE).astype(int)
        return np.concatenate([self.places.villages[mine], self.places.towns[self.county == county], round_zone])

    def holders(self, kind: Array, row: Array) -> Array:
        """Where holders of stakes lie. kind: number in ``partnerships.HOLDERS``. Returns shape (stakes, 2)."""
        at = np.zeros((len(kind), 2), dtype=int)
        places = self.places
        points = {VILLAGE: places.villages, COUNTY: places.treasuries, HOUSEHOLD: places.households}
        for number, where in (points | {OUTSIDE: places.outside, LANDLORD: places.zones}).items():
            mine = kind == number
            at[mine] = where[row[mine]]
        return at

    def projects(self, columns: Mapping[str, Array], rows: Array) -> Array:
        """Where pooled projects stand: on a spiral from their place, and there for good. Returns shape (rows, 2)."""
        found = []
        for (category, row), number in numbered(self.case, columns, rows):
            if category == ZONE:
                found.append(_spiral(self.places.zones[row], number, STEP))
            elif category == TOWN:
                found.append(_spiral(self.places.towns[row], number, TOWN_STEP))
            else:
                beside = self.places.villages[row] + np.array([1, -1]) * (self.dots[row] + 10)
                found.append(_spiral(beside, number, HOME_STEP))
        spots: Array = np.rint(np.array(found).reshape(-1, 2)).astype(int)
        return spots


def _units(points: Floats) -> Floats:
    """Radii of the host east and north as units east and south of its middle, shape (rows, 2)."""
    units: Floats = points * np.array([RADIUS, -RADIUS])
    return units


def _extent(ground: Ground) -> tuple[Floats, Floats, Floats, Floats]:
    """Where treasuries and households lie, (counties, 2), and the corner and size of the drawing, (2,): units."""
    county, middle = ground.county[ground.town], _units(ground.centres)
    tops, bottoms = middle.copy(), middle.copy()
    for row, size in enumerate((ground.sizes * RADIUS).tolist()):
        villages, zone = _units(ground.villages[county == row])[:, 1], float(_units(ground.zones)[row, 1])
        reach = CLEARED * size if len(villages) else size - BESIDE + 8.0
        tops[row, 1] = min(villages.min(initial=zone), zone - reach) - BESIDE
        bottoms[row, 1] = max(villages.max(initial=zone), zone + reach) + BESIDE
    west, north, east, south = MARGIN
    low = np.array([-RADIUS - west, tops[:, 1].min() - north])
    high = np.array([(middle[:, 0] + ground.sizes * RADIUS).max() + east, bottoms[:, 1].max() + south])
    return tops, bottoms, low, high - low


def _spiral(centre: Array, number: int, step: float) -> Array:
    """A point of a spiral on which points lie evenly, about 1.8 steps apart. Units, shape (2,)."""
    angle = number * GOLDEN_ANGLE
    away = step * np.sqrt(number + 0.5)
    return np.asarray(centre + away * np.array([np.cos(angle), np.sin(angle)]))
