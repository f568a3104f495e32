"""Who is tied to whom: stakes as arrays, and the whole partnership graph as networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from agents.enterprise import Enterprise
from agents.table import Array, total_by

if TYPE_CHECKING:
    from model.economy import EconomyModel


class Partnerships:
    """Stakes of villages (and of others) in projects, one row a contribution.

    ``village`` is -1 where the holder is Outside; capital in yuan, quota in mu. Of the capital, ``public`` came from
    grants and compensation and ``borrowed`` from loans; the rest is the holder's own.
    """

    def __init__(self) -> None:
        self.village = np.empty(0, dtype=np.int64)
        self.project = np.empty(0, dtype=np.int64)
        self.capital = np.empty(0)
        self.quota = np.empty(0)
        self.public = np.empty(0)
        self.borrowed = np.empty(0)

    def add_stakes(
        self, village: Array, project: Array, capital: Array, quota: Array, *, public: Array, borrowed: Array
    ) -> None:
        """Record contributions: rows of villages and projects, yuan and mu, all of shape (stakes,)."""
        self.village = np.concatenate([self.village, village])
        self.project = np.concatenate([self.project, project])
        self.capital = np.concatenate([self.capital, capital])
        self.quota = np.concatenate([self.quota, quota])
        self.public = np.concatenate([self.public, public])
        self.borrowed = np.concatenate([self.borrowed, borrowed])

    def paid_in(self, projects: int) -> Array:
        """Paid-in capital by project, yuan, shape (projects,)."""
        return total_by(self.project, self.capital, projects)

    def shares(self, projects: int) -> Array:
        """Each stake's share of its project; capital and nothing else decides. Shape (stakes,), sums to 1 a project."""
        return self.capital / self.paid_in(projects)[self.project]

    def graph(self, model: EconomyModel) -> nx.MultiDiGraph:
        """The partnership graph: who administers whom, who holds which stake, who rents where, who guarantees what.

        Nodes are pairs (kind, row); edges carry ``tie`` and, for stakes, capital (yuan) and quota (mu).
        """
        graph = nx.MultiDiGraph()
        for table in (model.counties, model.towns, model.villages, model.projects, model.outside):
            graph.add_nodes_from((table.name, row) for row in range(len(table)))
        _tie(graph, "County", model.towns.county, "Town", "administers")
        _tie(graph, "Town", model.villages.town, "Village", "administers")
        for village, project, capital, quota in zip(
            self.village.tolist(), self.project.tolist(), self.capital.tolist(), self.quota.tolist(), strict=True
        ):
            holder = ("Village", village) if village >= 0 else ("Outside", 0)
            graph.add_edge(holder, ("Project", project), tie="stake", capital=capital, quota=quota)
        for row, number in enumerate(model.projects.mechanism.tolist()):
            if number >= 0 and model.mechanisms[number].guaranteed:
                graph.add_edge(("County", int(model.projects.county[row])), ("Project", row), tie="guarantees")
        _add_tenants(graph, model)
        return graph


def neighbour_mean(town: Array, values: Array, towns: int) -> Array:
    """Mean of what the villages of one's town report, oneself among them. Shapes (villages,); unit of values."""
    return (total_by(town, values, towns) / np.maximum(np.bincount(town, minlength=towns), 1))[town]


def _tie(graph: nx.MultiDiGraph, above: str, links: Array, below: str, tie: str) -> None:
    graph.add_edges_from(((above, up), (below, row), {"tie": tie}) for row, up in enumerate(links.tolist()))


def _add_tenants(graph: nx.MultiDiGraph, model: EconomyModel) -> None:
    firms = model.enterprises
    for row in np.flatnonzero(firms.site >= 0).tolist():
        floor = float(firms.floor[row])
        graph.add_edge((Enterprise.__name__, row), ("Project", int(firms.site[row])), tie="rents", floor=floor)
