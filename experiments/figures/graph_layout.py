"""Where the partnership graph is drawn: towns and villages by the case (``ground``), projects among their holders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.effects import Floats
from experiments.ground import Ground, Proportions, ground_of
from model.opening import GOLDEN_ANGLE

if TYPE_CHECKING:
    from model.cases import Case

PAGE = Proportions(partner=0.7, without_villages=0.1, space=0.4)
BESIDE = 0.08
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
    ground = ground_of(case, PAGE)
    holders = _holders(ground)
    projects = _projects(stakes, ground.villages, ground.county[ground.town], ground.centres)
    return Layout(holders | projects, ground.towns, ground.villages, ground.town)


def _holders(ground: Ground) -> dict[Node, tuple[float, float]]:
    """Where those who may hold stakes lie: a county's treasury north of it, its households, as one, south of it."""
    villages = enumerate(ground.villages.tolist())
    found: dict[Node, tuple[float, float]] = {("Village", row): (x, y) for row, (x, y) in villages}
    for row, ((x, y), size) in enumerate(zip(ground.centres.tolist(), ground.sizes.tolist(), strict=True)):
        found |= {("County", row): (x, y + size + BESIDE), ("Household", row): (x, y - size - BESIDE)}
    found["Outside", 0] = (1.0 + PAGE.space, -1.0)
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
