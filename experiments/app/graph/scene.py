"""What is in the picture of a year: pooled projects and their places, who holds them, and what is picked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array, total_by
from experiments.app.frame import Frame, arrivals
from experiments.app.graph.land import Land
from experiments.app.graph.names import home_of
from experiments.app.graph.sites import pooled_rows
from model.mechanism import Mechanism
from model.partnerships import HOLDERS, VILLAGE

if TYPE_CHECKING:
    from model.cases import Case

HOUSEHOLDS = "Households"  # kind in the key of all households of a county, who are one holder


class Focus(NamedTuple):
    """What is picked out, bool: villages, projects and stakes, each of its own shape (rows,); at: its middle, units."""

    villages: Array
    projects: Array
    stakes: Array
    at: tuple[int, int]


@dataclass(frozen=True)
class Scene:
    """A year as it is drawn.

    pools: rows of the pooled projects that somebody holds; spots: where they stand, shape (pools, 2); capital: yuan
    paid in and still held, came: firms that moved in this year, both of shape (projects,); focus: None for all alike.
    """

    land: Land
    frame: Frame
    mechanisms: Sequence[Mechanism]
    lang: str
    pools: Array
    spots: Array
    capital: Array
    came: Array
    focus: Focus | None

    @property
    def case(self) -> Case:
        """The case that is lived."""
        return self.land.case

    def column(self, name: str) -> Array:
        """A column of projects."""
        return self.frame.column("Project", name)

    def mechanism(self, project: int) -> Mechanism:
        """The mechanism that founded a pooled project."""
        return self.mechanisms[int(self.column("mechanism")[project])]


def scene_of(
    land: Land, frame: Frame, before: Frame, *, mechanisms: Sequence[Mechanism], lang: str, selected: str
) -> Scene:
    """The scene of a year. selected: key of what is picked out; all alike for one that is not in the picture."""
    columns = frame.tables["Project"]
    size = len(columns["village"])
    capital = total_by(frame.stakes.project, frame.stakes.capital, size)
    founded = pooled_rows(columns)
    held = capital[founded] > 0.0
    pools, spots = founded[held], land.projects(columns, founded)[held]
    focus = _focus(land, frame, selected, pools, spots)
    return Scene(land, frame, mechanisms, lang, pools, spots, capital, arrivals(frame, before), focus)


def _focus(land: Land, frame: Frame, selected: str, pools: Array, spots: Array) -> Focus | None:
    """What is picked out by a key: itself, its stakes, and who or what is at their other ends."""
    kind, _, number = selected.partition("-")
    if not number.isdecimal():
        return None
    row = int(number)
    if kind == "Household" and row < land.case.n_households:
        kind, row, _ = home_of(land.case, row)
    at = _project_middle(land, frame, row, pools, spots) if kind == "Project" else _middle(land, kind, row)
    if at is None:
        return None
    villages, projects = _members(land, frame, kind, row)
    stakes, holds = frame.stakes, _holds(land, frame, kind, row, villages)
    if kind == "Project":
        holds = projects[stakes.project]
        villages[stakes.holder[holds & (stakes.kind == VILLAGE)]] = True
    projects[stakes.project[holds]] = True
    return Focus(villages, projects, holds, at)


def _middle(land: Land, kind: str, row: int) -> tuple[int, int] | None:
    """Where a county, town, village or holder lies, units; None for what is not in the picture."""
    places = land.places
    known = {
        "Village": places.villages,
        "Town": places.towns,
        "County": land.centres,
        HOUSEHOLDS: places.households,
        "Outside": places.outside,
    }
    points = known.get(kind, np.empty((0, 2)))
    return (int(points[row][0]), int(points[row][1])) if row < len(points) else None


def _project_middle(land: Land, frame: Frame, row: int, pools: Array, spots: Array) -> tuple[int, int] | None:
    """Where a project lies, units: a village's own buildings at the village, what others own in the zone."""
    drawn = np.flatnonzero(pools == row)
    if len(drawn):
        x, y = spots[drawn[0]].tolist()
        return x, y
    village, mechanism, county = (frame.column("Project", name) for name in ("village", "mechanism", "county"))
    if row < len(village) and village[row] >= 0:
        return _middle(land, "Village", int(village[row]))
    if row < len(village) and mechanism[row] < 0:
        x, y = land.places.zones[county[row]].tolist()
        return x, y
    return None


def _members(land: Land, frame: Frame, kind: str, row: int) -> tuple[Array, Array]:
    """Villages that a thing is or has, and the project that it is: bool, shapes (villages,) and (projects,)."""
    own, project = frame.column("Project", "village"), np.zeros(len(frame.column("Project", "village")), dtype=bool)
    villages = np.zeros(len(land.town), dtype=bool)
    if kind == "Village":
        villages[row] = True
    elif kind == "Town":
        villages = land.town == row
    elif kind == "County":
        villages = land.village_county == row
    elif kind == "Project":
        project[row] = True
        villages[own[row]] |= own[row] >= 0
    return villages, project


def _holds(land: Land, frame: Frame, kind: str, row: int, villages: Array) -> Array:
    """Stakes that a thing holds, or that its villages do. Returns bool, shape (stakes,)."""
    stakes = frame.stakes
    mine = np.zeros(len(stakes.kind), dtype=bool)
    ours = stakes.kind == VILLAGE
    mine[ours] = villages[stakes.holder[ours]]
    kinds = {"County": ("County", "Household"), HOUSEHOLDS: ("Household",), "Outside": ("Outside",)}
    for one in kinds.get(kind, ()):
        mine |= (stakes.kind == HOLDERS.index(one)) & (stakes.holder == row)
    return mine
