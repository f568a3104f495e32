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

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array
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
)
from model.look_through import (
    KINDS,
    Flows,
    Position,
    between_holders,
    handed_over,
    holdings_of,
    look_through,
    position,
    sector_count,
)

if TYPE_CHECKING:
    from model.cases import Case
    from model.economy import EconomyModel

DEPRECIATION, CAPITAL_CHARGE = "depreciation of buildings", "capital charge on buildings"
APPRECIATION = "rise of the price of buildings"
USE_OF_MONEY, LOANS, STAKES = "use of money", "loans", "stakes"


@dataclass(frozen=True)
class YearAccounts:
    """The accounts of a year, yuan/year.

    gain: shape (sectors,); created: by item, (sectors,); transfers: by purpose, giver by taker, (sectors, sectors);
    gross: all money that moved; position: at the end of the year.
    """

    year: int
    gain: Array
    created: dict[str, Array]
    transfers: dict[str, Array]
    gross: float
    position: Position

    def all_created(self) -> Array:
        """Value created by each sector, shape (sectors,)."""
        created: Array = np.sum([np.zeros_like(self.gain), *self.created.values()], axis=0)
        return created

    def received(self) -> Array:
        """Transfers received less given by each sector, shape (sectors,)."""
        net = [matrix.sum(axis=0) - matrix.sum(axis=1) for matrix in self.transfers.values()]
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
    capital = after.capital.sum(axis=0)
    per_yuan = np.divide(after.book, capital, out=np.zeros(len(capital)), where=capital > 0.0)
    moved, worth_of_moved = handed_over(model, per_yuan)
    held = holdings_of(model, before, after, moved)
    flows, through = look_through(model, held)
    _add_other_flows(model, flows)
    rate, worn, dearer = model.parameters["prices.discount_rate"], model.projects.worn, model.projects.appreciated
    created = _created(flows)
    created[DEPRECIATION] = -(held.opening @ worn)
    created[APPRECIATION] = held.opening @ dearer
    created[CAPITAL_CHARGE] = -rate * (held.opening @ before.book)
    transfers = _transfers(flows)
    transfers[STAKES] = (
        transfers[STAKES] + worth_of_moved + between_holders(before, after, worn - dearer, held, through)
    )
    transfers[USE_OF_MONEY] = np.zeros_like(worth_of_moved)
    transfers[USE_OF_MONEY][:, -1] = rate * (before.money + held.opening @ before.cash)
    worth, opening_worth = _worth(after, held.closing), _worth(before, held.opening)
    gain = _enjoyed(flows) + worth - (1.0 + rate) * opening_worth
    gross = float(sum(np.abs(matrix).sum() for (_, unit), matrix in flows.items() if unit == "yuan"))
    model.accounts.append(YearAccounts(model.year, gain, created, transfers, gross, after))


def _worth(at: Position, shares: Array) -> Array:
    """Net worth of each sector, yuan, shape (sectors,)."""
    worth: Array = at.money + shares @ (at.book + at.cash)
    return worth


def _add_other_flows(model: EconomyModel, flows: Flows) -> None:
    """Add the year's flows without projects, which the flow table tells by kind and county."""
    count, counties = sector_count(model), len(model.counties)
    number = {kind: place * counties for place, kind in enumerate(KINDS)} | {"Outside": count}  # county of Outside: -1
    of_year = takewhile(lambda row: row[0].year == model.year, reversed(model.ledger.flow_table()))  # the last ones
    for flow, amount in of_year:
        if flow.unit != "mu" and "Project" not in (flow.giver, flow.taker):
            matrix = flows.setdefault((flow.reason, flow.unit), np.zeros((count, count)))
            matrix[number[flow.giver] + flow.giver_county, number[flow.taker] + flow.taker_county] += amount


def _natures(flows: Flows, *natures: str) -> list[tuple[str, str, Array]]:
    """Reason, unit and matrix of all flows of some natures."""
    return [(name, unit, matrix) for (name, unit), matrix in flows.items() if REASONS[name].nature in natures]


def _created(flows: Flows) -> dict[str, Array]:
    """Products sold and, below zero, resources used up by each sector: by reason, shape (sectors,)."""
    sold = {name: matrix.sum(axis=0) for name, _, matrix in _natures(flows, PRODUCT)}
    return sold | {name: -matrix.sum(axis=1) for name, _, matrix in _natures(flows, COST)}


def _transfers(flows: Flows) -> dict[str, Array]:
    """What changed hands by purpose, shape (sectors, sectors). Who takes over a debt gives its amount."""
    nothing = np.zeros_like(next(iter(flows.values())))
    found = {STAKES: flows.get((STAKE_SOLD.name, "yuan"), nothing), LOANS: nothing}
    for name, unit, matrix in _natures(flows, TRANSFER):
        purpose = REASONS[name].purpose
        found[purpose] = found.get(purpose, nothing) + (matrix if unit == "yuan" else matrix.T)
    for name in sorted({name for name, _, _ in _natures(flows, FINANCE)} - {STAKE_SOLD.name}):
        cash, debt = (flows.get((name, unit), nothing) for unit in ("yuan", "yuan owed"))
        found[LOANS] = found[LOANS] + np.maximum(cash - debt, 0.0) + np.maximum(debt - cash, 0.0).T
    return found


def _enjoyed(flows: Flows) -> Array:
    """What each sector consumed less what it put in; Outside gains nothing by what it sells and buys. (sectors,)."""
    found: Array = np.zeros(len(next(iter(flows.values()))))
    for name, _, matrix in _natures(flows, CONSUMPTION, INJECTION, PRODUCT, COST, INVESTMENT, OPENING):
        nature = REASONS[name].nature
        if nature in (CONSUMPTION, OPENING):
            found += matrix.sum(axis=1)
        if nature in (INJECTION, OPENING):
            found -= matrix.sum(axis=0)
        if nature in (PRODUCT, INJECTION):
            found[-1] += matrix[-1].sum()
        if nature in (COST, INVESTMENT, CONSUMPTION):
            found[-1] -= matrix[:, -1].sum()
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
            for row in np.flatnonzero(values).tolist():
                rows.append(AccountRow(one.year, table, item, *names[row], "", "", float(values[row])))
        for purpose, matrix in one.transfers.items():
            for giver, taker in np.argwhere(matrix).tolist():
                if giver != taker:
                    amount = float(matrix[giver, taker])
                    rows.append(AccountRow(one.year, "transfer", purpose, *names[giver], *names[taker], amount))
    return rows
