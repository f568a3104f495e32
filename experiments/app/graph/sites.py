"""Which place a project stands in, by the row of the place alone, and which it is of those that stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.place import HOME, PARK, TOWN, ZONE
from agents.table import Array

if TYPE_CHECKING:
    from model.cases import Case


class Site(NamedTuple):
    """A place. category: as ``agents.place`` numbers them; row: of the village, the town or the county."""

    category: int
    row: int


def site_of(case: Case, place: int) -> Site:
    """The place of a row of places: the land of each village, then a park a town, a zone and a park a county."""
    counts = ((HOME, case.n_villages), (TOWN, len(case.towns)), (ZONE, len(case.counties)), (PARK, len(case.counties)))
    row = place
    for category, count in counts:
        if row < count:
            return Site(category, row)
        row -= count
    raise ValueError(f"no place {place} in the case {case.name}: it has {sum(count for _, count in counts)}.")


def pooled_rows(projects: Mapping[str, Array]) -> Array:
    """Rows of the projects that a mechanism founded and that stand on no village's own account."""
    return np.flatnonzero((projects["village"] < 0) & (projects["mechanism"] >= 0))


def numbered(case: Case, projects: Mapping[str, Array], rows: Array) -> list[tuple[Site, int]]:
    """The site of each of the rows, and its number there: 0 for the first that was founded.

    A zone and a park of the same county are one site, the zone. Rows are never taken away and new ones come last, so a
    number stays what it is.
    """
    found, counts = [], Counter[Site]()
    for place in projects["place"][rows].tolist():
        category, row = site_of(case, place)
        site = Site(ZONE if category == PARK else category, row)
        found.append((site, counts[site]))
        counts[site] += 1
    return found
