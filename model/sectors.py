"""Sectors: the kinds of agents in each county, and Outside; who is of which, and what each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array
from model.cells import Cells, cells_of
from model.entries import Account, by_county, counties_of
from model.partnerships import COUNTY, HOUSEHOLD, LANDLORD, VILLAGE

if TYPE_CHECKING:
    from model.economy import EconomyModel

KINDS = (
    "Village",
    "Household",
    "Enterprise",
    "County",
    "Landlord",
)  # in every county; Outside is the last sector


class Position(NamedTuple):
    """What the sectors have at the end of a year.

    money: cash less debt, projects' cash aside, yuan, shape (sectors,); capital: paid in, yuan, projects by sectors;
    book, cash: of projects, yuan, (projects,).
    """

    money: Array
    capital: Cells
    book: Array
    cash: Array

    def widened(self, projects: int) -> Position:
        """The same with room for projects that came later."""
        more = projects - len(self.book)
        book, cash = (np.pad(values, (0, more)) for values in (self.book, self.cash))
        capital = self.capital._replace(shape=(projects, self.capital.shape[1]))
        return Position(self.money, capital, book, cash)


def sector_count(model: EconomyModel) -> int:
    """How many sectors there are."""
    return len(KINDS) * len(model.counties) + 1


def sector_of(model: EconomyModel, account: Account) -> Array:
    """The sector of each row of an account that is no project's. Shape (rows,)."""
    name, counties = account.table.name, counties_of(account)
    if name == "Outside":
        return np.full(len(counties), sector_count(model) - 1)
    return KINDS.index(name) * len(model.counties) + counties


def sector_of_holder(model: EconomyModel, kind: Array, holder: Array) -> Array:
    """The sector of each holder: number of the kind in ``partnerships.HOLDERS`` and row. Shape as theirs."""
    found = np.full(len(holder), sector_count(model) - 1)
    in_county: list[tuple[int, str, Array]] = [
        (VILLAGE, "Village", model.villages.county),
        (HOUSEHOLD, "Household", model.households.county),
        (COUNTY, "County", np.arange(len(model.counties))),
        (LANDLORD, "Landlord", model.landlords.county),
    ]
    for number, name, county in in_county:
        mine = np.flatnonzero(kind == number)
        found[mine] = KINDS.index(name) * len(model.counties) + county[holder[mine]]
    return found


def position(model: EconomyModel) -> Position:
    """What the sectors have now."""
    counties, stakes, projects = len(model.counties), model.partnerships, model.projects
    money: list[Array] = []
    for table in (model.villages, model.households, model.enterprises, model.counties, model.landlords):
        owned = table.cash - table.debt if "debt" in table.columns else table.cash
        sums = by_county(Account(table, "cash"), owned)[1:]
        money.append(np.pad(sums, (0, counties - len(sums))))
    outside = model.outside.cash - model.outside.debt
    holders = sector_of_holder(model, stakes.holder_kind, stakes.holder)
    capital = cells_of((stakes.project, holders, stakes.capital), (len(projects), sector_count(model)))
    return Position(np.concatenate([*money, outside]), capital, projects.book.copy(), projects.cash.copy())
