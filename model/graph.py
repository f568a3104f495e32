"""The whole partnership graph as networkx: administration, pairs, stakes, tenancy and guarantees, and its measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from agents.enterprise import Enterprise
from agents.table import Array
from model.indicator import shared
from model.partnerships import HOLDERS, HOUSEHOLD, VILLAGE

if TYPE_CHECKING:
    from model.economy import EconomyModel


def partnership_graph(model: EconomyModel) -> nx.MultiDiGraph:
    """The partnership graph: who administers whom, which counties are paired, who holds, rents and guarantees what.

    Nodes are pairs (kind, row); edges carry ``tie`` and, for stakes, capital (yuan) and quota (mu). Households are
    nodes only where they hold a stake. Where ``choice.ties`` is 1, an edge ``hears`` leads from a village to each that
    it hears from.
    """
    graph = nx.MultiDiGraph()
    for table in (model.counties, model.towns, model.villages, model.projects, model.outside):
        graph.add_nodes_from((table.name, row) for row in range(len(table)))
    _tie(graph, "County", model.towns.county, "Town", "administers")
    _tie(graph, "Town", model.villages.town, "Village", "administers")
    for kind, host, partner in model.pairs():
        graph.add_edge(("County", host), ("County", partner), tie="paired", kind=kind)
    for who, whom in zip(*(rows.tolist() for rows in model.neighbours.pairs()), strict=True):
        graph.add_edge(("Village", who), ("Village", whom), tie="hears")
    _add_stakes(graph, model)
    for row, number in enumerate(model.projects.mechanism.tolist()):
        if number >= 0 and model.guarantees(model.mechanisms[number]):
            graph.add_edge(("County", int(model.projects.county[row])), ("Project", row), tie="guarantees")
    _add_tenants(graph, model)
    return graph


def _tie(graph: nx.MultiDiGraph, above: str, links: Array, below: str, tie: str) -> None:
    graph.add_edges_from(((above, up), (below, row), {"tie": tie}) for row, up in enumerate(links.tolist()))


def _add_stakes(graph: nx.MultiDiGraph, model: EconomyModel) -> None:
    """One edge a holder and project: what it put in over the years."""
    stakes = model.partnerships
    held = np.flatnonzero(stakes.capital > 0.0)
    ties: dict[tuple[int, int, int], list[float]] = {}
    columns = (stakes.holder_kind, stakes.holder, stakes.project, stakes.capital, stakes.quota)
    for kind, holder, project, capital, quota in zip(*(column[held].tolist() for column in columns), strict=True):
        tie = ties.setdefault((kind, holder, project), [0.0, 0.0])
        tie[0] += capital
        tie[1] += quota
    for (kind, holder, project), (capital, quota) in ties.items():
        graph.add_edge((HOLDERS[kind], holder), ("Project", project), tie="stake", capital=capital, quota=quota)


def _add_tenants(graph: nx.MultiDiGraph, model: EconomyModel) -> None:
    firms = model.enterprises
    for row in np.flatnonzero(firms.site >= 0).tolist():
        floor = float(firms.floor[row])
        graph.add_edge((Enterprise.__name__, row), ("Project", int(firms.site[row])), tie="rents", floor=floor)


def graphml(model: EconomyModel) -> str:
    """The partnership graph as GraphML; nodes are named like ``Village 3``, with kind and row as data."""
    graph = partnership_graph(model)
    graph.graph |= {"case": model.case.name, "seed": model.draws.seed, "year": model.year}
    names = {"County": [one.name for one in model.case.counties], "Town": [one.name for one in model.case.towns]}
    numbers = model.projects.mechanism.tolist()
    names["Project"] = [model.mechanisms[one].name if one >= 0 else "there before" for one in numbers]
    for kind, row in graph.nodes:
        name = names[kind][row] if kind in names else f"{kind} {row}"
        graph.nodes[kind, row].update({"kind": kind, "row": row, "name": name})
    named = nx.relabel_nodes(graph, {node: f"{node[0]} {node[1]}" for node in graph.nodes})
    return "\n".join(nx.generate_graphml(named)) + "\n"


def stake_rows(model: EconomyModel) -> list[tuple[int, str, int, int, str, int, float]]:
    """The stakes in pooled projects as they stand, one row a holder and project.

    Year, kind and row of the holder (of households the row of their county, all of them together), row of the project,
    its mechanism, row of its county, capital in yuan.
    """
    stakes, projects = model.partnerships, model.projects
    held = (projects.village < 0)[stakes.project] & (projects.mechanism >= 0)[stakes.project] & (stakes.capital > 0.0)
    kind, holder, project = (column[held] for column in (stakes.holder_kind, stakes.holder, stakes.project))
    ours = kind == HOUSEHOLD
    holder[ours] = model.households.county[holder[ours]]
    keys, place = np.unique(np.stack([project, kind, holder]), axis=1, return_inverse=True)
    capital = np.bincount(place.ravel(), weights=stakes.capital[held], minlength=keys.shape[1])
    names = [one.name for one in model.mechanisms]
    return [
        (model.year, HOLDERS[kind], holder, project, names[projects.mechanism[project]], int(county), amount)
        for project, kind, holder, county, amount in zip(
            *keys.tolist(), projects.county[keys[0]].tolist(), capital.tolist(), strict=True
        )
    ]


def stake_concentration(model: EconomyModel) -> float:
    """Herfindahl index of the villages' stakes in pools: the sum of their squared shares of it all, 0 to 1."""
    capital = pooled_capital(model)
    total = float(capital.sum())
    return float(((capital / total) ** 2).sum()) if total > 0.0 else 0.0


def pooled_capital(model: EconomyModel) -> Array:
    """Capital that each village has in pools, yuan, shape (villages,)."""
    stakes = model.partnerships
    in_pools = (model.projects.village < 0)[stakes.project]
    return stakes.by_holder(VILLAGE, stakes.capital * in_pools, len(model.villages))


def village_degrees(model: EconomyModel) -> Array:
    """In how many pooled projects each village has a stake, shape (villages,)."""
    return np.bincount(_ties(model)[0], minlength=len(model.villages))


def components(model: EconomyModel) -> int:
    """Connected components that villages and the pooled projects they hold stakes in form; isolated villages count."""
    village, project = _ties(model)
    count = len(model.villages) + len(model.projects)
    ones = np.ones(len(village))
    nodes = csr_array((ones, (village, project + len(model.villages))), shape=(count, count))
    _, label = connected_components(nodes, directed=False)
    return len(np.unique(label[: len(model.villages)]))


@shared
def _ties(model: EconomyModel) -> tuple[Array, Array]:
    """Which village holds a stake in which pooled project: rows of both, each pair once, in the order of villages."""
    stakes, projects = model.partnerships, len(model.projects)
    mine = stakes.held_by(VILLAGE) & (model.projects.village < 0)[stakes.project]
    pairs = np.unique(stakes.holder[mine] * projects + stakes.project[mine])
    return pairs // projects, pairs % projects
