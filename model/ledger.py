"""Double entry for money, land and debt: the only code that changes a stock.

Every movement names a giver, a taker and a reason. The ledger refuses overdrafts, keeps the flow table and proves
each year that nothing was created or lost.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from agents.table import STOCK, Table, not_of_a_column
from model.entries import Account, Amounts, Entry, between_counties, by_county, size_of, times_by_county
from model.flows import Reason

TOLERANCE = 1e-9  # relative; rounding of sums of 1e5 numbers of double precision stays far below


class LedgerError(ValueError):
    """A movement that would break the accounts."""


class Flow(NamedTuple):
    """What moved in a year for a reason. County rows are -1 for Outside, which lies in no county."""

    year: int
    unit: str
    giver: str
    giver_county: int
    taker: str
    taker_county: int
    reason: str


class Ledger:
    """The accounts of a model.

    may_owe: kinds whose accounts may fall below zero; in_total: kinds of so many rows that what all of them together
    get from those, or pay to them, is told by the flow table alone and not kept row by row in ``entries``.
    """

    def __init__(
        self,
        tables: list[Table],
        *,
        may_owe: frozenset[str] = frozenset({"Outside"}),
        in_total: frozenset[str] = frozenset(),
    ) -> None:
        self._stocks = [(table, name) for table in tables for name, c in table.columns.items() if c.kind == STOCK]
        self._may_owe, self._in_total = may_owe, in_total
        self._flows: dict[int, dict[Flow, float]] = {}
        self._by_reason: dict[tuple[str, str], dict[int, list[Flow]]] = {}
        self._net: dict[tuple[str, str], float] = {}
        self.year = 0
        self.entries: list[Entry] = []

    def open_year(self, year: int) -> None:
        """Start the books of a year."""
        self.year, self.entries = year, []

    def move(self, giver: Account, taker: Account, amount: ArrayLike, reason: Reason) -> None:
        """Move amounts from giver to taker, row by row; a single row on one side serves all rows of the other.

        amount: in the unit of the stock, at least zero, a scalar or one a row. Raises LedgerError on a negative
        or non-finite amount, on different units, and when a giver that may not owe has less than it gives.
        """
        if np.size(amount) == 0 or 0 in (size_of(giver), size_of(taker)):
            return
        rows = max(size_of(giver), size_of(taker), np.size(amount))
        amounts = _amounts(amount, rows, copy=self._keeps(giver, taker, reason))
        self._post(giver, taker, amounts, amounts, reason)

    def _keeps(self, giver: Account, taker: Account, reason: Reason) -> bool:
        """Whether ``entries`` has what moves between two accounts: see ``in_total``. Outlays are looked at by row."""
        return bool(reason.outlay) or not any(
            other.table.name in self._may_owe and many.rows is None and many.table.name in self._in_total
            for many, other in ((giver, taker), (taker, giver))
        )

    def settle(
        self,
        giver: Account,
        taker: Account,
        given: ArrayLike,
        received: ArrayLike,
        reason: Reason,
        *,
        within_counties: bool = False,
    ) -> None:
        """Many givers pay many takers together: amounts of each giver and of each taker, with the same sum.

        Between counties such a flow is told in proportion, or not at all where all pay within their own county, whose
        sums must then be the same. Raises LedgerError as ``move`` does, and when the sums differ.
        """
        if 0 in (size_of(giver), size_of(taker)):
            return
        gave, got = _amounts(given, size_of(giver)), _amounts(received, size_of(taker), copy=False)
        if within_counties:
            total, other = _by_county(giver, gave, taker, got)
        else:
            total, other = np.array([gave.sum()]), np.array([got.sum()])
        differs = np.flatnonzero(~(np.abs(total - other) <= TOLERANCE * np.maximum(1.0, np.abs(total))))
        if len(differs):
            first = int(differs[0])
            raise LedgerError(
                f"{reason.name}: {total[first]:,.2f} is given and {other[first]:,.2f} received"
                f"{f' in county {first - 1}' if within_counties else ''}; both must be the same."
            )
        exact = np.divide(total, other, out=np.ones(len(total)), where=other > 0.0)
        received = times_by_county(taker, got, exact) if within_counties else got * exact
        self._post(giver, taker, gave, received, reason, within_counties=within_counties)

    def _post(
        self,
        giver: Account,
        taker: Account,
        given: Amounts,
        received: Amounts,
        reason: Reason,
        *,
        within_counties: bool = False,
    ) -> None:
        unit = _unit(giver, reason.name)
        if unit != _unit(taker, reason.name):
            raise LedgerError(f"{reason.name}: {_name(giver)} is in {unit}, {_name(taker)} is not; post in one unit.")
        gave = _sum(given, reason, unit)
        got = gave if received is given else _sum(received, reason, unit)
        if gave == 0.0 or got == 0.0:
            return
        self._apply(giver, taker, given, received, reason.name)
        entry = Entry(unit, reason, giver, taker, given, received, within_counties)
        self._tell(entry)
        self._book(giver, -gave)
        self._book(taker, got)
        if self._keeps(giver, taker, reason):
            self.entries.append(entry)

    def _tell(self, entry: Entry) -> None:
        """Add an entry to the flow table, by the counties of giver and taker."""
        year, unit, reason = self.year, entry.unit, entry.reason.name
        givers, takers, flows = entry.giver.table.name, entry.taker.table.name, self._flows.setdefault(year, {})
        known = self._by_reason.setdefault((reason, unit), {}).setdefault(year, [])
        for giver, taker, amount in between_counties(entry):
            flow = Flow(year, unit, givers, giver, takers, taker, reason)
            if flow not in flows:
                known.append(flow)
            flows[flow] = flows.get(flow, 0.0) + amount

    def _apply(self, giver: Account, taker: Account, given: Amounts, received: Amounts, reason: str) -> None:
        """Change both sides, or neither when one of them may not."""
        less, more = _fitting(giver, given, reason), _fitting(taker, received, reason)
        self._take(giver, less, reason)
        taker.table.add_to_stock(taker.stock, taker.rows, more)

    def _take(self, giver: Account, given: Amounts, reason: str) -> None:
        """Take from the givers. Raises LedgerError, and takes nothing, where one has too little and may not owe."""
        table, stock, some = giver
        rows: Any = slice(None) if some is None else some
        before = table.column(stock)[rows]
        if some is None:
            after = before - given
        else:
            table.add_to_stock(stock, some, -given)  # a row may be named more than once
            after = table.column(stock)[rows]
            table.replace_stock(stock, before, rows)
        if table.name not in self._may_owe and np.minimum.reduce(after) < 0.0:
            _refuse_overdraft(giver, before, after, reason)
            np.maximum(after, 0.0, out=after)  # what rounding left below zero, within the tolerance
        table.replace_stock(stock, after, rows)

    def _book(self, account: Account, change: float) -> None:
        key = (account.table.name, account.stock)
        self._net[key] = self._net.get(key, 0.0) + change

    def flow_table(self, year: int | None = None) -> list[tuple[Flow, float]]:
        """All flows so far, summed by year, or those of one year."""
        if year is not None:
            return list(self._flows.get(year, {}).items())
        return [row for flows in self._flows.values() for row in flows.items()]

    def to_date(
        self, *reasons: str, unit: str, giver_county: int | None = None, taker_county: int | None = None
    ) -> float:
        """What moved so far in a unit for some reasons, between all counties or those given."""
        return sum(
            self._flows[year][flow]
            for reason in reasons
            for year, flows in self._by_reason.get((reason, unit), {}).items()
            for flow in flows
            if giver_county in (None, flow.giver_county) and taker_county in (None, flow.taker_county)
        )

    def by_taker_county(self, year: int, *reasons: str, unit: str, counties: int) -> Amounts:
        """What each county's agents got in one year in a unit for some reasons, shape (counties,)."""
        found = np.zeros(counties)
        for reason in reasons:
            for flow in self._by_reason.get((reason, unit), {}).get(year, ()):
                if flow.taker_county >= 0:
                    found[flow.taker_county] += self._flows[year][flow]
        return found

    def imbalance(self) -> dict[str, float]:
        """By unit, how far the accounts are from balance, relative to the sum of all absolute holdings.

        Two proofs: all accounts of a unit together hold zero, and each account holds what the flows brought it.
        """
        sums: dict[str, list[float]] = {}
        for table, name in self._stocks:
            values = table.column(name)
            held = float(values.sum())
            missing = abs(held - self._net.get((table.name, name), 0.0))
            row = sums.setdefault(table.columns[name].unit, [0.0, 0.0, 0.0])
            row[0] += held
            row[1] += float(np.abs(values).sum())
            row[2] = max(row[2], missing)
        return {unit: max(abs(net), gap) / max(1.0, gross) for unit, (net, gross, gap) in sums.items()}

    def prove(self) -> None:
        """Raise LedgerError unless the accounts balance to 1e-9 of what they hold."""
        for unit, gap in self.imbalance().items():
            if not gap <= TOLERANCE:  # not-a-number is out of balance too
                raise LedgerError(f"The accounts in {unit} are out of balance by {gap:.2e} in {self.year}.")


def _by_county(giver: Account, gave: Amounts, taker: Account, got: Amounts) -> tuple[Amounts, Amounts]:
    """What was given and received in Outside and each county, shapes (counties + 1,), up to the last one on a side."""
    given, received = by_county(giver, gave), by_county(taker, got)
    size = max(len(given), len(received))
    return np.pad(given, (0, size - len(given))), np.pad(received, (0, size - len(received)))


def _amounts(amount: ArrayLike, rows: int, *, copy: bool = True) -> Amounts:
    """Amounts, one a row: a copy where they are kept, or may be the very column (read-only) that is about to change."""
    amounts = np.array(amount, dtype=float) if copy else not_of_a_column(np.asarray(amount), float)
    return amounts if amounts.shape == (rows,) else np.broadcast_to(amounts, (rows,))


def _sum(amounts: Amounts, reason: Reason, unit: str) -> float:
    """The sum of amounts. Raises LedgerError unless all are finite and at least zero."""
    total, least = float(np.add.reduce(amounts)), float(np.minimum.reduce(amounts))
    if not (least >= 0.0 and total < np.inf):
        raise LedgerError(f"{reason.name}: amounts must be finite and at least zero, not {least} {unit}.")
    return total


def _fitting(account: Account, amounts: Amounts, reason: str) -> Amounts:
    """Amounts of each row of an account, of their sum where it has one row alone. Raises LedgerError."""
    size = size_of(account)
    if account.rows is not None:
        _check_rows(account, reason)
    if size == 1 and amounts.size > 1:
        return np.array([amounts.sum()])
    if size != amounts.size:
        raise LedgerError(f"{reason}: {size} rows of {_name(account)} against {amounts.size} amounts.")
    return amounts


def _refuse_overdraft(account: Account, before: Amounts, after: Amounts, reason: str) -> None:
    short = (after < before) & (after < -TOLERANCE * np.maximum(1.0, np.abs(before)))
    if short.any():
        place = int(np.flatnonzero(short)[0])
        row = place if account.rows is None else int(account.rows[place])
        raise LedgerError(
            f"{reason}: {_name(account)} of row {row} has {before[place]:,.2f} "
            f"and would fall to {after[place]:,.2f}; give no more than there is."
        )


def _unit(account: Account, reason: str) -> str:
    column = account.table.columns.get(account.stock)
    if column is None or column.kind != STOCK:
        raise LedgerError(f"{reason}: {_name(account)} is no stock; only stocks move.")
    return column.unit


def _check_rows(account: Account, reason: str) -> None:
    rows = np.asarray(account.rows)
    if rows.ndim != 1:
        raise LedgerError(f"{reason}: rows of {_name(account)} must be an array of one axis, not {account.rows!r}.")
    # As numbers without a sign, those below zero are the largest of all.
    if rows.dtype.kind not in "iu" or np.maximum.reduce(rows.view(f"u{rows.itemsize}")) >= len(account.table):
        raise LedgerError(
            f"{reason}: rows of {_name(account)} must be numbers from 0 to {len(account.table) - 1}, not {rows}."
        )


def _name(account: Account) -> str:
    return f"{account.table.name}.{account.stock}"
