"""A year of a world as the page shows it: copies of all that it draws and tells, so that any lived year comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.share import SOURCE_COLUMNS, held_shares
from agents.table import Array, Table, total_by
from model.accounts import YearAccounts, accounts_gap
from model.entries import Account, Entry
from model.graph import stake_rows
from model.partnerships import HOLDERS

if TYPE_CHECKING:
    from model.economy import EconomyModel

KEPT = ("County", "Town", "Village", "Project", "Place")  # kinds whose columns are kept as they are
POINTS = 101  # of the curves over households: each percent of them
SPARSE = ("wage", "forgone", "dividends", "aid")


class Line(NamedTuple):
    """What one kind of agents got (above zero) or gave (below) for a reason in the year, row by row.

    kind, other: of those whose line it is and of the other side; rows: None for all rows; amounts: in the unit.
    """

    kind: str
    other: str
    reason: str
    unit: str
    rows: Array | None
    amounts: Array

    def of(self, row: int) -> float:
        """What one of them got."""
        if self.rows is None:
            return float(self.amounts[row])
        return float(self.amounts[self.rows == row].sum())


class Stakes(NamedTuple):
    """Stakes in pooled projects, all of shape (stakes,): kind of the holder and its row, project, capital in yuan.

    The households of a county are one holder, with its row.
    """

    kind: Array
    holder: Array
    project: Array
    capital: Array


class Firms(NamedTuple):
    """Enterprises: row of the project where each rents (below zero: nowhere), county it came from, m2 it rents."""

    site: Array
    county: Array
    floor: Array


@dataclass(frozen=True)
class Households:
    """Households of a year: earnings of all, the other sums where there are any, and curves over the host's rural ones.

    earnings: yuan/year, (households,); payout: yuan a household, (villages,); sparse: column, or source of a share of
    6.0 (``share_SOURCE``) -> rows and values; quantiles, lorenz: income a head at each percent of households,
    yuan/person/year, and the share of all income that the poorest so many percent have, (POINTS,); listed, low_income:
    bool, (households,).
    """

    earnings: Array
    payout: Array
    sparse: Mapping[str, tuple[Array, Array]]
    listed: Array
    low_income: Array
    quantiles: Array
    lorenz: Array

    def value(self, column: str, row: int) -> float:
        """A sum of one household, yuan or yuan/year."""
        rows, values = self.sparse[column]
        place = int(np.searchsorted(rows, row))
        return float(values[place]) if place < len(rows) and rows[place] == row else 0.0


@dataclass(frozen=True)
class Frame:
    """All that the page knows of one year of one world.

    outcomes: indicator -> value; tables: kind -> column -> values; accounts: gains, created and transfers by sector;
    gap: the largest imbalance of the books so far, relative.
    """

    year: int
    outcomes: Mapping[str, float]
    tables: Mapping[str, Mapping[str, Array]]
    stakes: Stakes
    firms: Firms
    households: Households
    accounts: YearAccounts
    lines: tuple[Line, ...]
    gap: float

    def column(self, kind: str, name: str) -> Array:
        """A column of a kind of agents, shape (rows,)."""
        return self.tables[kind][name]


def take_frame(model: EconomyModel, twin: Frame | None = None) -> Frame:
    """A copy of what a model holds at the end of its year; what is the same in the twin of the year is shared."""
    tables = (model.counties, model.towns, model.villages, model.projects, model.places)
    columns = {table.name: {name: table.column(name).copy() for name in table.columns} for table in tables}
    firms = model.enterprises
    outcomes = {name: float(values[-1]) for name, values in model.datacollector.model_vars.items()}
    return Frame(
        year=model.year,
        outcomes=outcomes,
        tables=columns,
        stakes=_stakes(model),
        firms=Firms(firms.site.astype(np.int32), firms.county.astype(np.int16), firms.floor.astype(np.float32)),
        households=_households(model, twin.households if twin else None),
        accounts=model.accounts[-1],
        lines=tuple(line for entry in model.ledger.entries for line in _lines(entry)),
        gap=max(accounts_gap(model), outcomes["books_gap"]),
    )


def _stakes(model: EconomyModel) -> Stakes:
    """The stakes in pools as they stand."""
    rows = stake_rows(model)
    kinds = np.array([HOLDERS.index(row[1]) for row in rows], dtype=np.int8)
    holders, projects = (np.array([row[place] for row in rows], dtype=np.int32) for place in (2, 3))
    return Stakes(kinds, holders, projects, np.array([row[6] for row in rows], dtype=float))


def _lines(entry: Entry) -> Iterator[Line]:
    """The two sides of a posting, of the kinds that are kept."""
    sides = ((entry.giver, entry.taker, -entry.given), (entry.taker, entry.giver, entry.received))
    for mine, other, amounts in sides:
        if mine.table.name in KEPT:
            rows, sums = _by_row(mine, amounts)
            yield Line(mine.table.name, other.table.name, entry.reason.name, entry.unit, rows, sums)


def _by_row(account: Account, amounts: Array) -> tuple[Array | None, Array]:
    """The rows of an account and what each got: one sum where a single row stands for all amounts."""
    size = len(account.table) if account.rows is None else len(account.rows)
    sums = amounts.sum(keepdims=True) if size == 1 else np.array(amounts)
    return (None if account.rows is None else np.array(account.rows, dtype=np.int32)), sums


def _households(model: EconomyModel, twin: Households | None) -> Households:
    """The households' year; arrays that the twin world has alike are taken from it."""
    from model.outcomes.households import household_incomes

    households, counts = model.households, model.villages.households
    incomes = np.sort(household_incomes(model)) / model.parameters["household.persons"]
    held = np.concatenate([[0.0], np.cumsum(incomes)])
    places = np.linspace(0.0, 1.0, POINTS)
    curve = np.interp(places * len(incomes), np.arange(len(held)), held)
    first, some = np.cumsum(counts) - counts, counts > 0  # households stand village by village
    payout = np.zeros(len(counts), dtype=np.float32)
    payout[some] = households.payout[first[some]]
    dense = {"earnings": households.earnings.astype(np.float32)}
    dense |= {name: np.array(households.column(name)) for name in ("listed", "low_income")}
    if twin is not None:
        same = {name: getattr(twin, name) for name in dense}
        dense = {name: same[name] if np.array_equal(same[name], values) else values for name, values in dense.items()}
    return Households(
        payout=payout,
        sparse={name: _sparse(households.column(name)) for name in SPARSE} | _shares(model.shares),
        quantiles=np.quantile(incomes, places) if len(incomes) else np.full(len(places), np.nan),
        lorenz=curve / held[-1] if held[-1] > 0.0 else places,
        **dense,
    )


def _shares(shares: Table) -> dict[str, tuple[Array, Array]]:
    """The shares of 6.0 that households hold, by source: ``share_SOURCE`` -> rows of households and yuan."""
    held, holder = held_shares(shares)
    rows = holder.astype(np.int32)
    return {f"share_{name}": (rows, shares.column(name)[held].astype(np.float32)) for name in SOURCE_COLUMNS}


def _sparse(values: Array) -> tuple[Array, Array]:
    """The rows with a value other than zero, and their values."""
    rows = np.flatnonzero(values)
    return rows.astype(np.int32), values[rows].astype(np.float32)


def arrivals(frame: Frame, before: Frame) -> Array:
    """Firms that moved into each project in the year, shape (projects,)."""
    old = np.full(len(frame.firms.site), -1, dtype=np.int32)
    old[: len(before.firms.site)] = before.firms.site
    came = (frame.firms.site >= 0) & (frame.firms.site != old)
    return total_by(frame.firms.site[came], np.ones(int(came.sum())), len(frame.column("Project", "floor")))


def tenants(frame: Frame) -> Array:
    """Firms that rent in each project, shape (projects,)."""
    there = frame.firms.site[frame.firms.site >= 0]
    return total_by(there, np.ones(len(there)), len(frame.column("Project", "floor")))
