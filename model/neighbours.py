"""Whom a village hears from: the villages of its town, or those it is tied to in a small world over its county."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import networkx as nx
import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array

from agents.table import Array, total_by
from model.draws import key_of

if TYPE_CHECKING:
    from model.economy import EconomyModel


class Neighbours(Protocol):
    """Whom each village hears from; it always hears of itself."""

    def total(self, village: Array, values: Array) -> Array:
        """Sum of values over all that each village hears of.

        village: row of the village to which each value belongs; values: any unit; both of shape (n,). Returns shape
        (villages,), unit of values.
        """

    def pairs(self) -> tuple[Array, Array]:
        """The ties beyond those of administration: rows of who hears and of whom, each of shape (ties,)."""


class OfTown:
    """All villages of a town hear from each other, and from nobody else."""

    def __init__(self, town: Array, towns: int) -> None:
        """Take the row of each village's town, shape (villages,), and how many towns there are."""
        self._town, self._towns = town, towns

    def total(self, village: Array, values: Array) -> Array:
        """See ``Neighbours``."""
        sums: Array = total_by(self._town[village], values, self._towns)[self._town]
        return sums

    def pairs(self) -> tuple[Array, Array]:
        """See ``Neighbours``: none, a town's villages are tied by their town."""
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)


class OfNetwork:
    """Villages hear from those they are tied to; ties hold both ways."""

    def __init__(self, one: Array, other: Array, villages: int) -> None:
        """Take the rows of the two villages of each tie, shape (ties,), and how many villages there are."""
        ties = coo_array((np.ones(len(one)), (one, other)), shape=(villages, villages))
        self._ties = csr_array(ties + ties.T)
        self._heard = csr_array(self._ties + eye_array(villages))

    def total(self, village: Array, values: Array) -> Array:
        """See ``Neighbours``."""
        sums: Array = self._heard @ total_by(village, values, self._heard.shape[0])
        return sums

    def pairs(self) -> tuple[Array, Array]:
        """See ``Neighbours``."""
        who, whom = self._ties.nonzero()
        return who, whom


def small_world(count: int, *, degree: int, rewired: float, seed: int) -> nx.Graph:
    """A ring in which each knows its nearest, half of them on each side, and some ties are rewired at random.

    count: nodes; degree: ties a node before rewiring, of which an odd number counts as the next lower even one; from
    count - 1 on all are tied to all; rewired: chance of each tie; seed: of the rewiring. Source: Watts and Strogatz
    (1998).
    """
    if degree >= count - 1:
        return nx.complete_graph(count)
    return nx.watts_strogatz_graph(count, degree, rewired, seed=seed)


def find_neighbours(model: EconomyModel) -> Neighbours:
    """Whom the villages hear from by ``choice.ties``, for the whole run: the same with one seed in every arm."""
    villages, p = model.villages, model.parameters
    if p["choice.ties"] == 0.0:
        return OfTown(villages.town, len(model.towns))
    ties = [np.empty((0, 2), dtype=np.int64)]
    for row, county in enumerate(model.case.counties):
        there = np.flatnonzero(villages.county == row)
        luck = model.draws.keyed_uniform("village: ties", 0, np.array([key_of(county.name)], dtype=np.uint64))
        ring = {"degree": int(p["choice.ties_degree"]), "seed": int(luck[0] * 2.0**53)}
        graph = small_world(len(there), rewired=p["choice.ties_rewired"], **ring)
        ties.append(there[np.array(graph.edges, dtype=np.int64).reshape(-1, 2)])
    one, other = np.concatenate(ties).T
    return OfNetwork(one, other, len(villages))
