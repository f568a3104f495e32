"""Double entry for money, land and debt: the only code that changes a stock.

Every movement names a giver, a taker and a reason. The ledger refuses overdrafts, keeps the flow table and proves
each year that nothing was created or lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.table import STOCK, Table

TOLERANCE = 1e-9  # relative; rounding of sums of 1e5 numbers of double precision stays far below


class LedgerError(ValueError):
    """A movement that would break the accounts."""


class Account(NamedTuple):
    """Rows of one stock: ``Account(villages, "cash", rows)``; rows None stands for all rows."""

    table: Table
    stock: str
    rows: NDArray[Any] | None = None


@dataclass(frozen=True)
class Entry:
    """One posting of this year: who gave what to whom, row by row."""

    unit: str
    reason: str
    giver: Account
    taker: Account
    amounts: NDArray[np.float64]


class Ledger:
    """The accounts of a model. ``may_owe`` names the kinds whose accounts may fall below zero."""

    def __init__(self, tables: list[Table], *, may_owe: frozenset[str] = frozenset({"Outside"})) -> None:
        self._stocks = [(table, name) for table in tables for name, c in table.columns.items() if c.kind == STOCK]
        self._may_owe = may_owe
        self._flows: dict[tuple[int, str, str, str, str], float] = {}
        self._net: dict[tuple[str, str], float] = {}
        self.year = 0
        self.entries: list[Entry] = []

    def open_year(self, year: int) -> None:
        """Start the books of a year."""
        self.year, self.entries = year, []

    def move(self, giver: Account, taker: Account, amount: ArrayLike, reason: str) -> None:
        """Move amounts from giver to taker, row by row; a single row on one side serves all rows of the other.

        amount: in the unit of the stock, at least zero, a scalar or one a row. Raises LedgerError on a negative
        or non-finite amount, on different units, and when a giver that may not owe has less than it gives.
        """
        unit = _unit(giver, reason)
        if unit != _unit(taker, reason):
            raise LedgerError(f"{reason}: {_name(giver)} is in {unit}, {_name(taker)} is not; post in one unit.")
        if np.size(amount) == 0 or 0 in (_size(giver), _size(taker)):
            return
        amounts = np.broadcast_to(
            np.array(amount, dtype=float), (max(_size(giver), _size(taker), np.size(amount)),)
        )  # a copy: the amount may be the very column that is about to change
        if not (np.isfinite(amounts).all() and amounts.min() >= 0.0):
            raise LedgerError(f"{reason}: amounts must be finite and at least zero, not {amounts.min()} {unit}.")
        if not amounts.any():
            return
        self._apply(giver, taker, amounts, reason)
        total = float(amounts.sum())
        flow = (self.year, unit, giver.table.name, taker.table.name, reason)
        self._flows[flow] = self._flows.get(flow, 0.0) + total
        self._book(giver, -total)
        self._book(taker, total)
        self.entries.append(Entry(unit, reason, giver, taker, amounts))

    def _apply(self, giver: Account, taker: Account, amounts: NDArray[np.float64], reason: str) -> None:
        """Change both sides, or neither when one of them may not."""
        less = self._after(giver, giver.table.column(giver.stock), -amounts, reason)
        same = giver.table is taker.table and giver.stock == taker.stock
        more = self._after(taker, less if same else taker.table.column(taker.stock), amounts, reason)
        giver.table.replace_stock(giver.stock, less)
        taker.table.replace_stock(taker.stock, more)

    def _after(
        self, account: Account, values: NDArray[np.float64], change: NDArray[np.float64], reason: str
    ) -> NDArray[np.float64]:
        """What the account's whole column would hold after a change. Raises LedgerError where it may not."""
        size = _size(account)
        if size == 1 and change.size > 1:
            change = np.array([change.sum()])
        elif size != change.size:
            raise LedgerError(f"{reason}: {size} rows of {_name(account)} against {change.size} amounts.")
        after: NDArray[np.float64] = values.copy()
        if account.rows is None:
            after += change
        else:
            np.add.at(after, _rows(account, reason), change)
        if account.table.name not in self._may_owe and change.min() < 0:
            self._refuse_overdraft(account, values, after, reason)
            np.maximum(after, 0.0, out=after)  # what rounding left below zero, within the tolerance
        return after

    @staticmethod
    def _refuse_overdraft(account: Account, before: Any, after: NDArray[np.float64], reason: str) -> None:
        short = (after < before) & (after < -TOLERANCE * np.maximum(1.0, np.abs(before)))
        if short.any():
            row = int(np.flatnonzero(short)[0])
            raise LedgerError(
                f"{reason}: {_name(account)} of row {row} has {before[row]:,.2f} "
                f"and would fall to {after[row]:,.2f}; give no more than there is."
            )

    def _book(self, account: Account, change: float) -> None:
        key = (account.table.name, account.stock)
        self._net[key] = self._net.get(key, 0.0) + change

    def flow_table(self) -> list[tuple[int, str, str, str, str, float]]:
        """All flows so far, summed by year: (year, unit, giver, taker, reason, amount)."""
        return [(*key, amount) for key, amount in self._flows.items()]

    def to_date(self, *reasons: str, unit: str) -> float:
        """What moved so far in a unit for some reasons."""
        return sum(amount for key, amount in self._flows.items() if key[1] == unit and key[4] in reasons)

    def of_year(self, year: int, *reasons: str, unit: str) -> float:
        """What moved in one year in a unit for some reasons."""
        return sum(moved for key, moved in self._flows.items() if key[:2] == (year, unit) and key[4] in reasons)

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


def _unit(account: Account, reason: str) -> str:
    column = account.table.columns.get(account.stock)
    if column is None or column.kind != STOCK:
        raise LedgerError(f"{reason}: {_name(account)} is no stock; only stocks move.")
    return column.unit


def _rows(account: Account, reason: str) -> NDArray[Any]:
    rows = np.asarray(account.rows)
    if rows.dtype.kind not in "iu" or rows.min() < 0 or rows.max() >= len(account.table):
        raise LedgerError(
            f"{reason}: rows of {_name(account)} must be numbers from 0 to {len(account.table) - 1}, not {rows}."
        )
    return rows


def _size(account: Account) -> int:
    return len(account.table) if account.rows is None else int(np.size(account.rows))


def _name(account: Account) -> str:
    return f"{account.table.name}.{account.stock}"
