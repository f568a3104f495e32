"""Who holds what of each project in the course of a year, by sector: see ``model.look_through``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array, total_by
from model.cells import Rows, side_by_side
from model.sectors import Position, sector_of_holder

if TYPE_CHECKING:
    from model.economy import EconomyModel

ROUNDING = 1e-12  # of the sums involved: what lies below comes of rounding


class Handed(NamedTuple):
    """Capital that changed hands in a year: project, sectors of giver and taker, and yuan; all of shape (rows,)."""

    project: Array
    giver: Array
    taker: Array
    capital: Array


class Holdings(NamedTuple):
    """Each sector in each project that it has to do with: w, k, w", w' and f of ``look_through``, and P and D in yuan.

    project, sector: of these pairs, by project and then by sector; shape: how many projects and sectors there are; all
    others of shape (pairs,).
    """

    project: Array
    sector: Array
    shape: tuple[int, int]
    opening: Array
    entered: Array
    joined: Array
    closing: Array
    running: Array
    paid_in: Array
    paid_out: Array

    def by_project(self, values: Array) -> Array:
        """Sums of values of pairs, shape (projects,)."""
        return total_by(self.project, values, self.shape[0])

    def by_sector(self, values: Array) -> Array:
        """Sums of values of pairs, shape (sectors,)."""
        return total_by(self.sector, values, self.shape[1])


def handed_over(model: EconomyModel) -> Handed:
    """The stakes that were handed over this year."""
    nobody = np.empty(0, dtype=np.int64)
    found = [(nobody, nobody, nobody, nobody, nobody, np.empty(0))]
    found += [one[1:] for one in model.partnerships.handovers if one.year == model.year]
    project, giver_kind, giver, taker_kind, taker, capital = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    givers, takers = sector_of_holder(model, giver_kind, giver), sector_of_holder(model, taker_kind, taker)
    return Handed(project, givers, takers, capital)


def holdings_of(
    model: EconomyModel, before: Position, after: Position, handed: Handed, *, paid_in: Rows, paid_out: Rows
) -> Holdings:
    """The shares in the course of the year. paid_in, paid_out: project, sector and yuan, row by row."""
    stakes, shape = model.partnerships, after.capital.shape
    total, outside = after.capital.by_row(), shape[1] - 1
    holders = sector_of_holder(model, stakes.holder_kind, stakes.holder)
    shares = (stakes.project, holders, stakes.shares(shape[0], model.year))
    taken, given = ((handed.project, side, handed.capital) for side in (handed.taker, handed.giver))
    unheld = np.flatnonzero(total <= 0.0)
    nothing = (unheld, np.full(len(unheld), outside), np.zeros(len(unheld)))
    tables = (before.capital[:3], after.capital[:3], shares, taken, given, paid_in, paid_out, nothing)
    project, sector, (old, capital, part, got, gave, money_in, money_out, _) = side_by_side(tables, shape)
    joined = capital - (got - gave)
    came = np.maximum(joined - old, 0.0)
    came[(total_by(project, came, shape[0]) <= ROUNDING * total)[project]] = 0.0
    closing = _shares(project, capital, np.where(sector == outside, 1.0, 0.0), shape[0])
    opening, entered, joined, running = (_shares(project, one, closing, shape[0]) for one in (old, came, joined, part))
    return Holdings(project, sector, shape, opening, entered, joined, closing, running, money_in, money_out)


def _shares(project: Array, values: Array, otherwise: Array, projects: int) -> Array:
    """Each pair's part of its project; where there is nothing to divide another division holds. Shape (pairs,)."""
    total = total_by(project, values, projects)[project]
    return np.where(total > 0.0, values / np.where(total > 0.0, total, 1.0), otherwise)
