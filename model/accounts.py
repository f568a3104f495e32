"""What every sector gained in a year, where value was created, and who gave what to whom.

A sector is a kind of agent in a county, or Outside. Projects are looked through to those who hold them. In each year

    gain of s = consumption + net worth - (1 + r) * opening net worth = created by s + transfers to s - transfers by s

with r the discount rate. Net worth is cash less debt plus shares in the book value of projects: buildings at cost less
straight-line depreciation. The sheds of the opening have no book value, and neither has land: land counts when it is
used or sold, for whom it then brings something. What Outside buys is worth what it pays, and what it sells costs what
it gets, so that such flows give Outside no gain.

Created is what is sold as a product less resources used up, wear of buildings, and r on the book value of buildings.
Transfers are the postings that only change hands, and three kinds that no posting shows:

use of money: r is charged on cash less debt as on all net worth, but holding cash makes nothing. All sectors together
hold zero, so each pays its charge to Outside, which owes what the others have; an amount below zero goes the other way.

loans: cash and a debt of the same amount; zero, unless one moved without the other.

stakes: book value that changed hands without a price or at another one; derived in ``model.look_through``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array, total_by
from model.cells import Cells, Rows, side_by_side, tables_of
from model.flows import (
    CONSUMPTION,
    COST,
    FINANCE,
    INJECTION,
    INVESTMENT,
    OPENING,
    PRODUCT,
    REASONS,
    STAKE_SOLD,
    TRANSFER,
    Reason,
)
from model.holdings import Handed, Holdings, handed_over, holdings_of
from model.look_through import Flows, between_holders, look_through, posted_with_projects
from model.sectors import KINDS, Position, position, sector_count

if TYPE_CHECKING:
    from model.cases import Case
    from model.economy import EconomyModel

DEPRECIATION, CAPITAL_CHARGE = "depreciation of buildings", "capital charge on buildings"
APPRECIATION = "rise of the price of buildings"
USE_OF_MONEY, LOANS, STAKES = "use of money", "loans", "stakes"


@dataclass(frozen=True)
class YearAccounts:
    """The accounts of a year, yuan/year.

    gain: shape (sectors,); created: by item, (sectors,); transfers: by purpose, giver by taker, sectors by sectors;
    gross: all money that moved; position: at the end of the year.
    """

    year: int
    gain: Array
    created: dict[str, Array]
    transfers: dict[str, Cells]
    gross: float
    position: Position

    def all_created(self) -> Array:
        """Value created by each sector, shape (sectors,)."""
        created: Array = np.sum([np.zeros_like(self.gain), *self.created.values()], axis=0)
        return created

    def received(self) -> Array:
        """Transfers received less given by each sector, shape (sectors,)."""
        net = [given.by_column() - given.by_row() for given in self.transfers.values()]
        received: Array = np.sum([np.zeros_like(self.gain), *net], axis=0)
        return received

    def gap(self) -> float:
        """How far gains are from what was created and received, in any sector and in all, relative to all flows."""
        created = self.all_created()
        by_sector = np.abs(self.gain - created - self.received()).max()
        return max(float(by_sector), abs(float((self.gain - created).sum()))) / max(self.gross, 1.0)


class AccountRow(NamedTuple):
    """A line of the accounts. table: "gain", "created" (by item) or "transfer" (by purpose, to the other sector)."""

    year: int
    table: str
    item: str
    kind: str
    county: str
    other_kind: str
    other_county: str
    amount: float


def sectors(case: Case) -> list[tuple[str, str]]:
    """Kind of agent and name of the county of every sector of a case."""
    return [(kind, county.name) for kind in KINDS for county in case.counties] + [("Outside", "")]


def opening_accounts(model: EconomyModel) -> YearAccounts:
    """The accounts of the year before the first: what there is, and no gain."""
    return YearAccounts(model.year, np.zeros(sector_count(model)), {}, {}, 0.0, position(model))


def tell_gains(model: EconomyModel) -> None:
    """Work out what every sector gained this year, created, gave and got, and keep it in ``model.accounts``."""
    before, after = model.accounts[-1].position.widened(len(model.projects)), position(model)
    posted, handed = posted_with_projects(model), handed_over(model)
    paid_in, paid_out = (posted.rows(nature=FINANCE, to_projects=way) for way in (True, False))
    held = holdings_of(model, before, after, handed, paid_in=paid_in, paid_out=paid_out)
    flows, through = look_through(posted, held)
    flows = _with_others(model, flows)
    rate, worn, dearer = model.parameters["prices.discount_rate"], model.projects.worn, model.projects.appreciated
    owned, at = held.opening, held.project
    given, taken = _by_kind(flows, flows.giver, held.shape[1]), _by_kind(flows, flows.taker, held.shape[1])
    created = _created(flows.kinds, given, taken)
    created[DEPRECIATION] = -held.by_sector(owned * worn[at])
    created[APPRECIATION] = held.by_sector(owned * dearer[at])
    created[CAPITAL_CHARGE] = -rate * held.by_sector(owned * before.book[at])
    stakes = [_at_book(handed, after), between_holders(before, after, worn - dearer, held, through)]
    use_of_money = rate * (before.money + held.by_sector(owned * before.cash[at]))
    transfers = _transfers(flows, stakes, use_of_money)
    worth, opening_worth = _worth(after, held, held.closing), _worth(before, held, owned)
    gain = _enjoyed(flows.kinds, given, taken) + worth - (1.0 + rate) * opening_worth
    gross = float(sum(given[number].sum() for number, (_, unit) in enumerate(flows.kinds) if unit == "yuan"))
    model.accounts.append(YearAccounts(model.year, gain, created, transfers, gross, after))


def _worth(at: Position, held: Holdings, shares: Array) -> Array:
    """Net worth of each sector, yuan, shape (sectors,). shares: of each pair of ``held``."""
    worth: Array = at.money + held.by_sector(shares * (at.book + at.cash)[held.project])
    return worth


def _at_book(handed: Handed, after: Position) -> Rows:
    """What changed hands at its book value: giver, taker and yuan, row by row."""
    capital = after.capital.by_row()
    per_yuan = np.divide(after.book, capital, out=np.zeros(len(capital)), where=capital > 0.0)
    return handed.giver, handed.taker, handed.capital * per_yuan[handed.project]


def _with_others(model: EconomyModel, flows: Flows) -> Flows:
    """The same flows and those of the year without projects, which the flow table tells by kind and county."""
    counties = len(model.counties)
    first = {kind: place * counties for place, kind in enumerate(KINDS)}
    first["Outside"] = sector_count(model)  # its county is -1
    kinds = {key: number for number, key in enumerate(flows.kinds)}
    found: list[tuple[int, int, int]] = []
    amounts: list[float] = []
    for flow, amount in reversed(model.ledger.flow_table(model.year)):  # lines of the accounts tell the latest first
        _, unit, giver, giver_county, taker, taker_county, name = flow
        if unit != "mu" and "Project" not in (giver, taker):
            kind = kinds.setdefault((REASONS[name], unit), len(kinds))
            found.append((kind, first[giver] + giver_county, first[taker] + taker_county))
            amounts.append(amount)
    columns = np.array(found, dtype=np.int64).reshape(-1, 3).T
    added = zip(flows[1:], (*columns, np.array(amounts)), strict=True)
    return Flows(list(kinds), *(np.concatenate(both) for both in added))


def _by_kind(flows: Flows, side: Array, sectors: int) -> Array:
    """What each sector gave, or took, by kind of flow. side: givers or takers. Shape (kinds, sectors)."""
    shape = len(flows.kinds), sectors
    return total_by(flows.kind * sectors + side, flows.amount, shape[0] * sectors).reshape(shape)


def _created(kinds: list[tuple[Reason, str]], given: Array, taken: Array) -> dict[str, Array]:
    """Products sold and, below zero, resources used up by each sector: by reason, shape (sectors,)."""
    found: dict[str, Array] = {}
    for nature, amounts in ((PRODUCT, taken), (COST, -given)):
        found |= {reason.name: amounts[n].copy() for n, (reason, _) in enumerate(kinds) if reason.nature == nature}
    return found


def _transfers(flows: Flows, stakes: list[Rows], use_of_money: Array) -> dict[str, Cells]:
    """What changed hands by purpose, giver by taker. Who takes over a debt gives its amount.

    stakes: what changed hands of them without a posting, row by row; use_of_money: yuan, shape (sectors,).
    """
    count = len(use_of_money)
    purposes = {STAKES: 0, LOANS: 1}
    numbers = [purposes.setdefault(name, len(purposes)) if name else -1 for name in map(_purpose, flows.kinds)]
    number = np.array(numbers, dtype=np.int64)[flows.kind]
    owed = np.array([unit != "yuan" for _, unit in flows.kinds], dtype=bool)[flows.kind]
    giver, taker = np.where(owed, flows.taker, flows.giver), np.where(owed, flows.giver, flows.taker)
    some = np.flatnonzero(number >= 0)
    charged: Rows = np.arange(count), np.full(count, count - 1), use_of_money
    derived = [(STAKES, rows) for rows in stakes] + [(LOANS, _loans(flows, count)), (USE_OF_MONEY, charged)]
    parts = [(number[some], giver[some], taker[some], flows.amount[some])]
    parts += [(np.full(len(rows[0]), purposes.setdefault(name, len(purposes))), *rows) for name, rows in derived]
    table, giver, taker, amount = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    tables = tables_of(table, (giver, taker, amount), (count, count), len(purposes))
    return dict(zip(purposes, tables, strict=True))


def _purpose(kind: tuple[Reason, str]) -> str:
    """The heading under which a kind of flow is told as a transfer, empty where it is none."""
    reason, unit = kind
    if reason.nature == TRANSFER:
        return reason.purpose
    return STAKES if (reason, unit) == (STAKE_SOLD, "yuan") else ""


def _loans(flows: Flows, sectors: int) -> Rows:
    """Cash that moved without a debt of the same amount, or the other way: giver, taker and yuan, row by row."""
    loans = [reason for reason, _ in flows.kinds if reason.nature == FINANCE and reason != STAKE_SOLD]
    reasons = {reason: number for number, reason in enumerate(dict.fromkeys(loans))}
    number = np.array([reasons.get(reason, -1) for reason, _ in flows.kinds], dtype=np.int64)
    tables: list[Rows] = []
    for unit in ("yuan", "yuan owed"):
        chosen = np.array([one == unit for _, one in flows.kinds], dtype=bool) & (number >= 0)
        some = np.flatnonzero(chosen[flows.kind])
        tables.append((number[flows.kind[some]] * sectors + flows.giver[some], flows.taker[some], flows.amount[some]))
    giver, taker, (cash, debt) = side_by_side(tables, (len(reasons) * sectors, sectors))
    giver, more = giver % sectors, cash > debt
    return np.where(more, giver, taker), np.where(more, taker, giver), np.abs(cash - debt)


def _enjoyed(kinds: list[tuple[Reason, str]], given: Array, taken: Array) -> Array:
    """What each sector consumed less what it put in; Outside gains nothing by what it sells and buys. (sectors,)."""
    found: Array = np.zeros(given.shape[1])
    for (reason, _), gave, got in zip(kinds, given, taken, strict=True):
        nature = reason.nature
        if nature in (CONSUMPTION, OPENING):
            found += gave
        if nature in (INJECTION, OPENING):
            found -= got
        if nature in (PRODUCT, INJECTION):
            found[-1] += gave[-1]
        if nature in (COST, INVESTMENT, CONSUMPTION):
            found[-1] -= got[-1]
    return found


def accounts_gap(model: EconomyModel) -> float:
    """The largest gap of any year so far between gains and what was created and received, relative to all flows."""
    return max(year.gap() for year in model.accounts)


def account_rows(model: EconomyModel) -> list[AccountRow]:
    """All accounts so far, line by line, without lines of zero and without what stayed in a sector."""
    names, rows = sectors(model.case), list[AccountRow]()
    for one in model.accounts:
        tables = {("gain", ""): one.gain} | {("created", item): values for item, values in one.created.items()}
        for (table, item), values in tables.items():
            some = np.flatnonzero(values)
            for row, amount in zip(some.tolist(), values[some].tolist(), strict=True):
                rows.append(AccountRow(one.year, table, item, *names[row], "", "", amount))
        for purpose, given in one.transfers.items():
            cells: Iterator[tuple[int, int, float]]
            cells = zip(given.row.tolist(), given.column.tolist(), given.value.tolist(), strict=True)
            for giver, taker, amount in cells:
                if giver != taker:
                    rows.append(AccountRow(one.year, "transfer", purpose, *names[giver], *names[taker], amount))
    return rows
