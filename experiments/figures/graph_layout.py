"""Where the partnership graph is drawn: towns and villages by the case, projects among their holders.

All places are in radii of the host county, east and north. Counties lie beside each other, each to a scale of its own:
how far apart they really are plays no part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.effects import Floats
from model.opening import GOLDEN_ANGLE, village_positions

if TYPE_CHECKING:
    from model.cases import Case

PARTNER, WITHOUT_VILLAGES, SPACE, BESIDE = 0.7, 0.1, 0.4, 0.08
SEED, SPRING, START = (
    1,
    0.12,
    0.08,
)  # of the layout of projects: its luck, how far they push others away, and start apart
Node = tuple[str, int]  # kind and row, "Project" among the kinds


class Layout(NamedTuple):
    """Where everything is drawn. towns, villages: shape (rows, 2); town: of each village."""

    nodes: dict[Node, tuple[float, float]]
    towns: Floats
    villages: Floats
    town: Any

    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The ends of the axes, so that all is inside in every year."""
        points = np.concatenate([np.array(list(self.nodes.values())), self.towns])
        low, high = points.min(axis=0) - 0.1, points.max(axis=0) + np.array([0.1, 0.25])
        return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def layout_of(case: Case, stakes: pd.DataFrame) -> Layout:
    """The layout of a case and of the projects in a table of stakes (see ``figures.graph``), of all its years."""
    towns = np.array([(one.east, one.north) for one in case.towns])
    county = np.array([case.county_row(one.county) for one in case.towns])
    town = np.concatenate([np.full(len(one.households), row) for row, one in enumerate(case.towns)])
    index = np.concatenate([np.arange(len(one.households)) for one in case.towns])
    around = village_positions(town, index, ring=case.parameters["place.village_ring"])
    villages = towns[town] + np.stack(around, axis=1)
    sizes, centres = _counties(county[town], len(case.counties))
    for row in np.unique(county).tolist():
        mine, theirs = county == row, county[town] == row
        points = villages[theirs] if theirs.any() else towns[mine]
        middle = 0.5 * (points.min(axis=0) + points.max(axis=0))
        scale = sizes[row] / np.hypot(*(points - middle).T).max(initial=1e-9)
        towns[mine] = (towns[mine] - middle) * scale + centres[row]
        villages[theirs] = (villages[theirs] - middle) * scale + centres[row]
    holders = _holders(villages, centres, sizes)
    projects = _projects(stakes, villages, county[town], centres)
    return Layout(holders | projects, towns, villages, town)


def _counties(county: Any, counties: int) -> tuple[Floats, Floats]:
    """How large the counties are drawn, and where: the host to the left, the others in a column to its right.

    county: of each village. Returns radii, shape (counties,), and centres, shape (counties, 2).
    """
    with_villages = np.bincount(county, minlength=counties) > 0
    sizes = np.where(with_villages, PARTNER, WITHOUT_VILLAGES)
    sizes[0] = 1.0
    others = sizes[1:]
    ends = np.cumsum(2.0 * others + SPACE) - SPACE
    north = 0.5 * ends.max(initial=0.0) - (ends - others)
    east = np.full(len(others), 1.0 + 1.5 * SPACE + others.max(initial=0.0))
    return sizes, np.concatenate([np.zeros((1, 2)), np.stack([east, north], axis=1)])


def _holders(villages: Floats, centres: Floats, sizes: Floats) -> dict[Node, tuple[float, float]]:
    """Where those who may hold stakes lie: a county's treasury north of it, its households, as one, south of it."""
    found: dict[Node, tuple[float, float]] = {("Village", row): (x, y) for row, (x, y) in enumerate(villages.tolist())}
    for row, ((x, y), size) in enumerate(zip(centres.tolist(), sizes.tolist(), strict=True)):
        found |= {("County", row): (x, y + size + BESIDE), ("Household", row): (x, y - size - BESIDE)}
    found["Outside", 0] = (1.0 + SPACE, -1.0)
    return found


def _projects(stakes: pd.DataFrame, villages: Floats, county: Any, centres: Floats) -> dict[Node, tuple[float, float]]:
    """Projects in the county where they stand: near the villages there that hold them, or near its middle; and apart.

    An enclave is known by this: its holders lie elsewhere. Springs (Fruchterman and Reingold) pull projects, all else
    stays where it is.
    """
    import networkx as nx

    graph, start = nx.Graph(), dict[Node, Floats]()
    fixed: dict[Node, Floats] = {("Village", row): at for row, at in enumerate(villages)}
    fixed |= {("Middle", row): at for row, at in enumerate(centres)}
    for number, (_, rows) in enumerate(stakes.groupby("project")):
        where = int(rows["county"].iloc[0])
        holders = rows.loc[rows["holder_kind"] == "Village", "holder"].unique()
        near: list[Node] = [("Village", int(one)) for one in holders if county[one] == where]
        node = ("Project", int(rows["project"].iloc[0]))
        graph.add_edges_from((node, one) for one in near or [("Middle", where)])
        # Springs tell nothing apart that starts in one point.
        turn = number * GOLDEN_ANGLE
        start[node] = np.mean([fixed[one] for one in graph[node]], axis=0) + START * np.array(
            [np.cos(turn), np.sin(turn)]
        )
    held = {node: fixed[node] for node in graph if node in fixed}
    placed = nx.spring_layout(graph, k=SPRING, pos=held | start, fixed=list(held), seed=SEED)
    return {node: (float(placed[node][0]), float(placed[node][1])) for node in start}
