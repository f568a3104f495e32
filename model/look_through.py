"""Projects looked through: to whom what they earn, own and pay belongs.

For a project write b, b' for its opening and closing book value, d for wear less the rise of its price, I for
construction, m, m' for its opening and closing cash, Y for what it earned in the year and L for land less what was
given to it. A holder's share is w of the opening capital, k of the capital that came in this year, w" of both
together, w' after stakes were handed over, and f of what the project pays in the year. The holder paid in P of all
money paid in, Q, and was paid D. Running flows are attributed by f, construction, land and gifts by k, wear by w. The
change of the holder's cash and property is

    D - P + w' (b' + m') - w (b + m) = f Y - k L - w d                           what is attributed, and
        + [w" b' - w (b - d) - k I]                 bought in at cost, which is not book value: old holders gain or lose
        + [k Q - P]                                 paid for the stakes of others: zero where each pays for its own
        + [D + w' m' - w m - f Y - k (Q - L - I)]   not paid out by shares: zero where all is
        + (w' - w") b'                              handed over, against the cash that was paid for it.

Each bracket sums to zero over the holders, since b' = b - d + I and m' = m + Q + Y - L - I - sum of D. In their sum the
losers give to the winners of the same project in proportion. Property that nobody holds is Outside's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array, total_by
from model.entries import Account, Entry, counties_of
from model.flows import FINANCE, GIVEN_SHARES, INVESTMENT, LAND, PUBLIC_SHARES, STAKE_GIFT, ZONE_LAND
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
AT_ENTRY = frozenset(one.name for one in (ZONE_LAND, PUBLIC_SHARES, GIVEN_SHARES, STAKE_GIFT))  # k, not f, decides
ROUNDING = 1e-12  # of the sums involved: what lies below comes of rounding
Flows = dict[tuple[str, str], Array]  # (reason, unit): what each sector gave each, shape (sectors, sectors)


class Position(NamedTuple):
    """What the sectors have at the end of a year.

    money: cash less debt, projects' cash aside, yuan, shape (sectors,); capital: paid in, yuan, (sectors, projects);
    book, cash: of projects, yuan, (projects,).
    """

    money: Array
    capital: Array
    book: Array
    cash: Array

    def widened(self, projects: int) -> Position:
        """The same with room for projects that came later."""
        more = projects - len(self.book)
        book, cash = (np.pad(values, (0, more)) for values in (self.book, self.cash))
        return Position(self.money, np.pad(self.capital, ((0, 0), (0, more))), book, cash)


class Holdings(NamedTuple):
    """Shares of the sectors in each project, w, k, w", w' and f of the text above. Shapes (sectors, projects)."""

    opening: Array
    entered: Array
    joined: Array
    closing: Array
    running: Array


class Through(NamedTuple):
    """What went through projects in a year: yuan. paid_in, paid_out: (sectors, projects); the others: (projects,).

    invested: construction; earned: running flows, net; spent: land less gifts.
    """

    paid_in: Array
    paid_out: Array
    invested: Array
    earned: Array
    spent: Array


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
        mine = kind == number
        found[mine] = KINDS.index(name) * len(model.counties) + county[holder[mine]]
    return found


def table_of(model: EconomyModel, group: Array, project: Array, values: Array) -> Array:
    """Sums of values by sector and project, shape (sectors, projects)."""
    shape = sector_count(model), len(model.projects)
    return np.bincount(group * shape[1] + project, weights=values, minlength=shape[0] * shape[1]).reshape(shape)


def position(model: EconomyModel) -> Position:
    """What the sectors have now."""
    counties, stakes, projects = len(model.counties), model.partnerships, model.projects
    money: list[Array] = []
    for table in (model.villages, model.households, model.enterprises, model.counties, model.landlords):
        owned = table.cash - table.debt if "debt" in table.columns else table.cash
        money.append(total_by(counties_of(Account(table, "cash")), owned, counties))
    outside = model.outside.cash - model.outside.debt
    holders = sector_of_holder(model, stakes.holder_kind, stakes.holder)
    capital = table_of(model, holders, stakes.project, stakes.capital)
    return Position(np.concatenate([*money, outside]), capital, projects.book.copy(), projects.cash.copy())


def handed_over(model: EconomyModel, value: Array) -> tuple[Array, Array]:
    """This year's handovers: capital taken less given, and what giver gave taker at a value of each yuan of capital.

    value: yuan, shape (projects,). Returns yuan, shapes (sectors, projects) and (sectors, sectors).
    """
    count = sector_count(model)
    moved, worth = np.zeros((count, len(model.projects))), np.zeros(count * count)
    for one in model.partnerships.handovers:
        if one.year == model.year:
            giver = sector_of_holder(model, one.giver_kind, one.giver)
            taker = sector_of_holder(model, one.taker_kind, one.taker)
            moved += table_of(model, taker, one.project, one.capital) - table_of(model, giver, one.project, one.capital)
            worth += np.bincount(giver * count + taker, one.capital * value[one.project], count * count)
    return moved, worth.reshape(count, count)


def holdings_of(model: EconomyModel, before: Position, after: Position, moved: Array) -> Holdings:
    """The shares in the course of the year. moved: capital taken over less handed over, (sectors, projects)."""
    stakes, total = model.partnerships, after.capital.sum(axis=0)
    holders = sector_of_holder(model, stakes.holder_kind, stakes.holder)
    shares = table_of(model, holders, stakes.project, stakes.shares(len(total), model.year))
    closing = _shares(after.capital)
    came = np.maximum(after.capital - moved - before.capital, 0.0)
    came[:, came.sum(axis=0) <= ROUNDING * total] = 0.0
    return Holdings(
        opening=_shares(before.capital, closing),
        entered=_shares(came, closing),
        joined=_shares(after.capital - moved, closing),
        closing=closing,
        running=_shares(shares, closing),
    )


def _shares(values: Array, otherwise: Array | None = None) -> Array:
    """Each sector's part of a project; where there is nothing to divide another division holds, or Outside has all."""
    total = values.sum(axis=0)
    if otherwise is None:
        otherwise = np.zeros_like(values)
        otherwise[-1] = 1.0
    return np.where(total > 0.0, values / np.where(total > 0.0, total, 1.0), otherwise)


def look_through(model: EconomyModel, holdings: Holdings) -> tuple[Flows, Through]:
    """The year's postings with projects: flows between sectors and holders, and what went through the projects."""
    count, projects = sector_count(model), len(model.projects)
    flows: Flows = {}
    through = Through(*(np.zeros((count, projects)) for _ in range(2)), *(np.zeros(projects) for _ in range(3)))
    for entry in model.ledger.entries:
        gives, takes = (side.table is model.projects for side in (entry.giver, entry.taker))
        if entry.reason.nature == LAND or not (gives or takes):
            continue
        moved = _by_sector_and_project(model, entry)
        _note(through, entry.reason.name, entry.reason.nature, moved if takes else -moved)
        if entry.reason.nature != FINANCE:
            shares = holdings.entered if _at_entry(entry) else holdings.running
            matrix = shares @ moved.T if gives else moved @ shares.T
            key = (entry.reason.name, entry.unit)
            flows[key] = flows.get(key, np.zeros((count, count))) + matrix
    return flows, through


def _at_entry(entry: Entry) -> bool:
    return entry.reason.nature == INVESTMENT or entry.reason.name in AT_ENTRY


def _note(through: Through, reason: str, nature: str, received: Array) -> None:
    """Add what projects received (below zero: gave) for a reason. Shape (sectors, projects)."""
    if nature == FINANCE:
        side = through.paid_in if received.sum() > 0.0 else through.paid_out
        side += np.abs(received)
    elif nature == INVESTMENT:
        through.invested[:] -= received.sum(axis=0)
    elif reason in AT_ENTRY:
        through.spent[:] -= received.sum(axis=0)
    else:
        through.earned[:] += received.sum(axis=0)


def _by_sector_and_project(model: EconomyModel, entry: Entry) -> Array:
    """What moved between each sector and each project, shape (sectors, projects)."""
    ours, other = entry.giver, entry.taker
    gave, got = entry.given, entry.received
    if other.table is model.projects:
        ours, other, gave, got = other, ours, got, gave
    rows = np.arange(len(model.projects)) if ours.rows is None else np.asarray(ours.rows)
    group = sector_of(model, other)
    if entry.given is entry.received:
        return table_of(model, np.broadcast_to(group, gave.shape), np.broadcast_to(rows, gave.shape), gave)
    by_project = np.bincount(rows, weights=gave, minlength=len(model.projects))
    by_sector = np.bincount(group, weights=got, minlength=sector_count(model))
    return np.outer(by_sector, by_project / by_project.sum())


def between_holders(before: Position, after: Position, worn: Array, holdings: Holdings, through: Through) -> Array:
    """What holders of the same project gave each other without a posting: yuan, giver by taker, (sectors, sectors).

    worn: wear of each project's buildings less the rise of their price, yuan, shape (projects,).
    """
    w, k, joined, closing, running = holdings
    paid_in, paid_out, invested, earned, spent = through
    all_in = paid_in.sum(axis=0)
    change = joined * after.book - w * (before.book - worn) - k * invested
    change += k * all_in - paid_in
    change += paid_out + closing * after.cash - w * before.cash - running * earned - k * (all_in - spent - invested)
    scale = before.book + after.book + all_in + np.abs(earned) + paid_out.sum(axis=0)
    change[np.abs(change) <= ROUNDING * scale] = 0.0
    won, lost = np.maximum(change, 0.0), np.maximum(-change, 0.0)
    total = won.sum(axis=0)
    given: Array = lost @ np.divide(won, total, out=np.zeros_like(won), where=total > 0.0).T
    return given
