"""What every sector gained in a year, where value was created, and who gave what to whom.

A sector is a kind of agent in a county, or Outside. Projects are looked through to those who hold them. In each year

    gain of s = consumption + net worth - (1 + r) * opening net worth = created by s + transfers to s - transfers by s

with r the discount rate. Net worth is cash less debt plus shares in the book value of projects: buildings at cost less
straight-line depreciation. The sheds of the opening have no book value, and neither has land: land is worth something
in the year in which it is used or sold, and to whom it then brings something. What Outside buys is worth what it pays,
and what it sells costs what it gets, so such flows give Outside no gain.

Created is what is sold as a product less resources used up, wear of buildings and r on the book value of buildings.
Transfers are the flows that only change hands, and three that no posting shows:

use of money. r is charged on cash less debt as on all net worth, but nothing is made by holding cash. All sectors
together hold zero, so each pays its charge to Outside, which owes what the others have.

loans. Cash comes with a debt of the same amount: zero, unless one came without the other.

stakes. For project p write b, b' for its opening and closing book value, d for wear, I for construction, m, m' for
its opening and closing cash, Y for what it earned and D for what it paid out. A holder's share is w of the opening
capital, k of the capital paid in this year, w" of both together, w' after stakes were handed over, and f of what the
project pays in the year. It paid in P of all money paid in, Q. Running flows are attributed by f, land and what is
given to a project by k, wear by w. What these leave of the change of the holder's cash and book value is

    buying in at cost:   w" b' - w (b - d) - k I     cost is not book value, so that old holders gain or lose
    paid for others:     k Q - P                     zero where each pays for its own stake
    kept by the project: D_s + w' m' - w m - f Y - k (Q - land - I)    zero where all is paid out by shares
    handed over:         (w' - w") b'                against the cash that was paid for it

Each sums to zero over the holders of a project; the losers of the first three give to its winners in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array
from model.flows import (
    COST,
    FINANCE,
    INJECTION,
    INVESTMENT,
    PRODUCT,
    REASONS,
    STAKE_SOLD,
    TRANSFER,
    ZONE_LAND,
    Reason,
)
from model.flows import CONSUMPTION as CONSUMED
from model.flows import OPENING as OPENED
from model.ledger import Account, Entry, counties_of
from model.partnerships import HOLDERS

if TYPE_CHECKING:
    from model.economy import EconomyModel

KINDS = ("Village", "Household", "Enterprise", "County")  # each in every county; Outside comes last
DEPRECIATION, CAPITAL_CHARGE = "depreciation of buildings", "capital charge on buildings"
USE_OF_MONEY, LOANS, STAKES = "use of money", "loans", "stakes"
GIVEN_TO_PROJECTS = "share capital given"  # purpose of gifts that become stakes
ROUNDING = 1e-12  # of the sums involved: below it a difference is one of rounding
Flows = dict[tuple[str, str], Array]  # (reason, unit) -> what each sector gave each, shape (sectors, sectors)


class Position(NamedTuple):
    """What the sectors have at the end of a year.

    money: cash less debt without projects, yuan, shape (sectors,); capital: paid in, yuan, (sectors, projects);
    book, cash: of projects, yuan, (projects,).
    """

    money: Array
    capital: Array
    book: Array
    cash: Array


class Holdings(NamedTuple):
    """Shares of the sectors in each project, all of shape (sectors, projects): see the text of the module."""

    opening: Array
    entered: Array
    joined: Array
    closing: Array
    running: Array


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

    def gap(self) -> float:
        """How far gains are from what was created and transferred, in any sector and in all, relative to all flows."""
        sums = np.sum([*self.created.values(), np.zeros_like(self.gain)], axis=0)
        in_all = abs(float(self.gain.sum() - sums.sum()))
        for matrix in self.transfers.values():
            sums = sums + matrix.sum(axis=0) - matrix.sum(axis=1)
        return max(float(np.abs(self.gain - sums).max()), in_all) / max(self.gross, 1.0)


class AccountRow(NamedTuple):
    """A line of the accounts: table "gain", "created" (by item) or "transfer" (purpose; to the other sector)."""

    year: int
    table: str
    item: str
    kind: str
    county: str
    other_kind: str
    other_county: str
    amount: float


def sectors(model: EconomyModel) -> list[tuple[str, str]]:
    """Kind and name of the county of every sector."""
    return [(kind, county.name) for kind in KINDS for county in model.case.counties] + [("Outside", "")]


def open_accounts(model: EconomyModel) -> YearAccounts:
    """The accounts of the year before the first: nothing gained yet."""
    return YearAccounts(model.year, np.zeros(len(sectors(model))), {}, {}, 0.0, _position(model))


def tell_gains(model: EconomyModel) -> None:
    """Work out what every sector gained this year, created, gave and got, and keep it in ``model.accounts``."""
    before, after = _widened(model.accounts[-1].position, len(model.projects)), _position(model)
    handed = _handed_over(model)
    holdings = _holdings(model, before, after, handed.sum(axis=0) - handed.sum(axis=1))
    flows, paid_in, paid_out = _flows_of_year(model, holdings)
    rate, book = model.parameters["prices.discount_rate"], before.book
    created = _created(flows)
    created[DEPRECIATION] = -holdings.opening @ model.projects.worn
    created[CAPITAL_CHARGE] = -rate * (holdings.opening @ book)
    value = np.divide(after.book, after.capital.sum(axis=0), out=np.zeros(len(book)), where=after.book > 0.0)
    stakes = _between_holders(_dilution(model, before, after, holdings, paid_in, paid_out, flows), after, paid_in)
    transfers = _transfers(flows)
    transfers[STAKES] = transfers.get(STAKES, 0.0) + stakes + handed @ value
    transfers[USE_OF_MONEY] = np.zeros_like(stakes)
    transfers[USE_OF_MONEY][:, -1] = rate * (before.money + holdings.opening @ before.cash)
    gain = _gain(flows, _worth(after, holdings.closing) - (1.0 + rate) * _worth(before, holdings.opening))
    gross = sum(float(matrix.sum()) for (_, unit), matrix in flows.items() if unit == "yuan")
    model.accounts.append(YearAccounts(model.year, gain, created, transfers, gross, after))


def accounts_gap(model: EconomyModel) -> float:
    """The largest gap of any year so far between gains and what was created and transferred, relative to all flows."""
    return max(year.gap() for year in model.accounts)


def account_rows(model: EconomyModel) -> list[AccountRow]:
    """All accounts so far, line by line; lines of zero and what a sector gave itself are left out."""
    names, rows = sectors(model), []
    for one in model.accounts[1:]:
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
