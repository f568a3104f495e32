"""Who holds which part of which project: stakes as arrays, and whom a village hears from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from agents.low_income import accrued
from agents.table import Array, total_by

VILLAGE, COUNTY, HOUSEHOLD, OUTSIDE, LANDLORD = range(5)
HOLDERS = ("Village", "County", "Household", "Outside", "Landlord")  # kinds of agents that hold stakes, by number


class Handover(NamedTuple):
    """Stakes that changed hands in a year: the capital that moved from one kind of holder to another, by project."""

    year: int
    project: Array
    giver_kind: Array
    giver: Array
    taker_kind: Array
    taker: Array
    capital: Array


class Partnerships:
    """Stakes in projects, one row a contribution, kept for good; what is handed over leaves a stake of zero.

    holder_kind: number in ``HOLDERS``; holder: row of that kind; project: row; capital in yuan, quota in mu. Of the
    capital, public came from grants, compensation and gifts of public money, borrowed from loans; the rest is the
    holder's own. since: year and the part of it that had passed when the stake was taken.
    """

    def __init__(self) -> None:
        self.holder_kind = np.empty(0, dtype=np.int64)
        self.holder = np.empty(0, dtype=np.int64)
        self.project = np.empty(0, dtype=np.int64)
        self.capital = np.empty(0)
        self.quota = np.empty(0)
        self.public = np.empty(0)
        self.borrowed = np.empty(0)
        self.since = np.empty(0)
        self.handovers: list[Handover] = []

    def add_stakes(
        self,
        kind: int,
        holder: Array,
        project: ArrayLike,
        capital: ArrayLike,
        *,
        since: ArrayLike,
        quota: ArrayLike = 0.0,
        public: ArrayLike = 0.0,
        borrowed: ArrayLike = 0.0,
    ) -> None:
        """Record contributions of holders of one kind: rows, yuan and mu, each a scalar or of shape (stakes,).

        Who puts nothing in gets no stake.
        """
        some = np.broadcast_to(capital, np.shape(holder)) > 0.0
        new = {
            "holder_kind": kind,
            "holder": holder,
            "project": project,
            "capital": capital,
            "quota": quota,
            "public": public,
            "borrowed": borrowed,
            "since": since,
        }
        for name, values in new.items():
            old = getattr(self, name)
            added = np.broadcast_to(np.asarray(values, dtype=old.dtype), np.shape(holder))[some]
            setattr(self, name, np.concatenate([old, added]))

    def hand_over(self, rows: Array, kind: int, holder: Array, *, year: int, since: ArrayLike, part: ArrayLike) -> None:
        """Others take over parts of some stakes at cost: capital, and what it came from, moves in proportion.

        rows: stakes; holder: rows of the new holders of one kind; part: 0 to 1; all of shape (rows,).
        """
        given = {name: part * getattr(self, name)[rows] for name in ("capital", "quota", "public", "borrowed")}
        project = self.project[rows]
        self.handovers.append(
            Handover(
                year,
                project,
                self.holder_kind[rows],
                self.holder[rows],
                np.full(len(rows), kind),
                np.broadcast_to(holder, project.shape),
                given["capital"],
            )
        )
        for name, moved in given.items():
            left = getattr(self, name).copy()
            left[rows] = np.maximum(left[rows] - moved, 0.0)
            setattr(self, name, left)
        self.add_stakes(kind, np.broadcast_to(holder, project.shape), project, since=since, **given)

    def held_by(self, kind: int) -> Array:
        """Which stakes holders of a kind have. bool, shape (stakes,)."""
        held: Array = (self.holder_kind == kind) & (self.capital > 0.0)
        return held

    def paid_in(self, projects: int) -> Array:
        """Paid-in capital by project, yuan, shape (projects,)."""
        return total_by(self.project, self.capital, projects)

    def accruing(self, year: int) -> Array:
        """Capital times the part of the year for which it was held, yuan, shape (stakes,)."""
        held: Array = self.capital * accrued(self.since, year)
        return held

    def accruing_base(self, projects: int, year: int) -> Array:
        """Capital that accrues in a year, by project, yuan, shape (projects,)."""
        return total_by(self.project, self.accruing(year), projects)

    def shares(self, projects: int, year: int) -> Array:
        """Each stake's share of what its project pays in a year; accruing capital and nothing else decides.

        Shape (stakes,), sums to 1 a project.
        """
        base = self.accruing_base(projects, year)[self.project]
        return np.divide(self.accruing(year), base, out=np.zeros(len(base)), where=base > 0.0)

    def owned(self, projects: int) -> Array:
        """Each stake's share of its project's property, by capital. Shape (stakes,), sums to 1 a project."""
        total = self.paid_in(projects)[self.project]
        return np.divide(self.capital, total, out=np.zeros(len(total)), where=total > 0.0)

    def by_holder(self, kind: int, values: Array, count: int) -> Array:
        """Sum of values of stakes over the holders of a kind. Shape (count,)."""
        held = self.holder_kind == kind
        return total_by(self.holder[held], values[held], count)


def town_mean(town: Array, values: Array, weight: Array, towns: int) -> Array:
    """Mean of what the villages of each town report, each by its weight; 0 where nothing has any.

    town: row; values: any unit; weight: at least 0; shape (villages,). Returns shape (towns,), unit of values.
    """
    total = total_by(town, weight, towns)
    return np.divide(total_by(town, weight * values, towns), total, out=np.zeros(towns), where=total > 0.0)
