"""Postings: accounts, entries between them, and what an entry moved between counties."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.table import Table
from model.cells import sums_at
from model.flows import Reason

Amounts = NDArray[np.float64]

MANY = 10_000  # rows from which sums by runs are faster


class Account(NamedTuple):
    """Rows of one stock: ``Account(villages, "cash", rows)``; rows None stands for all rows."""

    table: Table
    stock: str
    rows: NDArray[Any] | None = None


class Entry(NamedTuple):
    """One posting of this year: who gave how much and who got how much, row by row; both sum to the same."""

    unit: str
    reason: Reason
    giver: Account
    taker: Account
    given: Amounts
    received: Amounts
    within_counties: bool = False  # nothing of it crossed a county's border


def counties_of(account: Account) -> NDArray[Any]:
    """The county row of each row of an account, -1 for Outside. Shape (rows,)."""
    table = account.table
    if _is_nowhere(table):
        counties: NDArray[Any] = np.full(len(table), -1)
    elif table.name == "County":
        counties = np.arange(len(table))
    else:
        counties = table.column("county")
    return counties if account.rows is None else counties[account.rows]


def size_of(account: Account) -> int:
    """How many rows an account has."""
    return len(account.table) if account.rows is None else int(np.size(account.rows))


def between_counties(entry: Entry) -> list[tuple[int, int, float]]:
    """What an entry moved between counties: (county of the givers, county of the takers, amount)."""
    giver, taker = _only_county(entry.giver), _only_county(entry.taker)
    if giver is not None and taker is not None:
        return [(giver, taker, float(np.add.reduce(entry.received)))]
    if giver is not None:
        return [(giver, county, amount) for county, amount in _moved(entry.taker, entry.received)]
    if taker is not None:
        return [(county, taker, amount) for county, amount in _moved(entry.giver, entry.given)]
    if entry.within_counties:
        return [(county, county, amount) for county, amount in _moved(entry.taker, entry.received)]
    if entry.given is not entry.received:
        gave, got = by_county(entry.giver, entry.given), by_county(entry.taker, entry.received)
        givers, takers = np.flatnonzero(gave), np.flatnonzero(got)
        sums = np.outer(gave[givers], got[takers] / float(got.sum())).ravel()
        givers, takers = np.repeat(givers, len(takers)), np.tile(takers, len(givers))
    else:
        givers, takers = counties_of(entry.giver) + 1, counties_of(entry.taker) + 1
        most = int(max(givers.max(), takers.max())) + 1
        pairs, sums = sums_at(givers * most + takers, entry.given, most**2)
        givers, takers = pairs // most, pairs % most
    return list(zip((givers - 1).tolist(), (takers - 1).tolist(), sums.tolist(), strict=True))


def _moved(account: Account, amounts: Amounts) -> list[tuple[int, float]]:
    """What an account's rows moved by county, of those that moved anything."""
    sums = by_county(account, amounts)
    some = np.flatnonzero(sums)
    return list(zip((some - 1).tolist(), sums[some].tolist(), strict=True))


def _only_county(account: Account) -> int | None:
    """The county of all rows of an account, -1 for Outside; None where they lie in several."""
    if _is_whole(account):
        counties = account.table.runs("county")[1]
    elif _is_nowhere(account.table):
        return -1
    else:
        counties = counties_of(account)
    first = int(counties[0])
    return first if len(counties) == 1 or bool((counties == first).all()) else None


def by_county(account: Account, amounts: Amounts) -> Amounts:
    """Sums of the amounts of an account's rows: first of Outside, then of each county up to the last one there.

    Neighbouring rows mostly lie in one county, so that sums of runs come first: much faster for many rows.
    """
    counties = counties_of(account)
    if len(counties) == 1:
        amounts = np.array([amounts.sum()])
    elif len(counties) > MANY:
        if _is_whole(account):
            starts, counties = account.table.runs("county")
        else:
            starts = np.concatenate([[0], np.flatnonzero(counties[1:] != counties[:-1]) + 1])
            counties = counties[starts]
        amounts = np.add.reduceat(amounts, starts)
    sums: Amounts = np.bincount(counties + 1, weights=amounts).astype(np.float64)
    return sums


def times_by_county(account: Account, amounts: Amounts, factors: Amounts) -> Amounts:
    """An account's amounts, each times the factor of its county. factors: of Outside and of each county."""
    if _is_whole(account):
        starts, counties = account.table.runs("county")
        each = np.repeat(factors[counties + 1], np.diff(starts, append=len(amounts)))
    else:
        each = factors[counties_of(account) + 1]
    each *= amounts
    return np.asarray(each)


def _is_nowhere(table: Table) -> bool:
    """Whether a table's rows lie in no county: Outside."""
    return "county" not in table.columns and table.name != "County"


def _is_whole(account: Account) -> bool:
    """Whether an account is a whole table whose rows lie in counties."""
    return account.rows is None and "county" in account.table.columns
