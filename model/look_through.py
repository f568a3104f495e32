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
from model.cells import Rows, matches
from model.entries import Entry
from model.flows import FINANCE, GIVEN_SHARES, INVESTMENT, LAND, PUBLIC_SHARES, STAKE_GIFT, ZONE_LAND, Reason
from model.holdings import ROUNDING, Holdings
from model.sectors import Position, sector_of

if TYPE_CHECKING:
    from model.economy import EconomyModel

AT_ENTRY = frozenset((ZONE_LAND, PUBLIC_SHARES, GIVEN_SHARES, STAKE_GIFT))  # k, not f, decides


class Posted(NamedTuple):
    """What moved between projects and sectors in a year.

    kinds: reason, unit, and whether it went to projects; kind: number in kinds; project; sector; amount: above zero;
    the last four of shape (rows,).
    """

    kinds: list[tuple[Reason, str, bool]]
    kind: Array
    project: Array
    sector: Array
    amount: Array

    def places(self, chosen: list[bool]) -> Array:
        """The places of the rows of some kinds. chosen: of each kind whether it is one of them."""
        return np.flatnonzero(np.array(chosen, dtype=bool)[self.kind])

    def rows(self, *, nature: str, to_projects: bool) -> Rows:
        """Project, sector and amount of all that went one way for reasons of a nature."""
        some = self.places([(reason.nature, takes) == (nature, to_projects) for reason, _, takes in self.kinds])
        return self.project[some], self.sector[some], self.amount[some]


class Flows(NamedTuple):
    """What sectors gave each other in a year, projects looked through; a row adds to what others tell of its pair.

    kinds: reason and unit; kind: number in kinds; giver, taker: sectors; amount; the last four of shape (rows,).
    """

    kinds: list[tuple[Reason, str]]
    kind: Array
    giver: Array
    taker: Array
    amount: Array


class Through(NamedTuple):
    """What went through projects in a year besides what holders paid in and got, yuan, shape (projects,).

    invested: construction; earned: running flows, net; spent: land less gifts.
    """

    invested: Array
    earned: Array
    spent: Array


def posted_with_projects(model: EconomyModel) -> Posted:
    """The year's postings between projects and others, land aside."""
    kinds: dict[tuple[Reason, str, bool], int] = {}
    nobody = np.empty(0, dtype=np.int64)
    numbers, found = [0], [(nobody, nobody, np.empty(0))]
    for entry in model.ledger.entries:
        gives, takes = (side.table is model.projects for side in (entry.giver, entry.taker))
        if (gives or takes) and entry.reason.nature != LAND:
            numbers.append(kinds.setdefault((entry.reason, entry.unit, takes), len(kinds)))
            found.append(_by_project_and_sector(model, entry))
    project, sector, amount = (np.concatenate(parts) for parts in zip(*found, strict=True))
    kind, some = np.repeat(numbers, [len(rows[0]) for rows in found]), np.flatnonzero(amount > 0.0)
    return Posted(list(kinds), kind[some], project[some], sector[some], amount[some])


def _by_project_and_sector(model: EconomyModel, entry: Entry) -> Rows:
    """What an entry moved between projects and sectors: project, sector and amount, row by row."""
    ours, other = entry.giver, entry.taker
    gave, got = entry.given, entry.received
    if other.table is model.projects:
        ours, other, gave, got = other, ours, got, gave
    rows = np.arange(len(model.projects)) if ours.rows is None else np.asarray(ours.rows)
    group = sector_of(model, other)
    if entry.given is entry.received:
        return np.broadcast_to(rows, gave.shape), np.broadcast_to(group, gave.shape), gave
    by_project, by_sector = np.bincount(rows, weights=gave), np.bincount(group, weights=got)
    projects, sectors = np.flatnonzero(by_project), np.flatnonzero(by_sector)
    amounts = np.outer(by_project[projects] / by_project.sum(), by_sector[sectors])
    return np.repeat(projects, len(sectors)), np.tile(sectors, len(projects)), amounts.ravel()


def look_through(posted: Posted, held: Holdings) -> tuple[Flows, Through]:
    """Flows between those who dealt with projects and the holders, and what went through the projects."""
    parts = []
    for entering, share in ((True, held.entered), (False, held.running)):
        some = posted.places([r.nature != FINANCE and _at_entry(r) == entering for r, _, _ in posted.kinds])
        holders = np.flatnonzero(share)
        mine, theirs = matches(posted.project[some], held.project[holders], held.shape[0])
        mine, theirs = some[mine], holders[theirs]
        parts.append((posted.kind[mine], posted.sector[mine], held.sector[theirs], posted.amount[mine] * share[theirs]))
    kind, sector, holder, amount = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    flowing = [(reason, unit) for reason, unit, _ in posted.kinds if reason.nature != FINANCE]
    kinds = {one: number for number, one in enumerate(dict.fromkeys(flowing))}
    number = np.array([kinds.get(one[:2], -1) for one in posted.kinds], dtype=np.int64)[kind]
    takes = np.array([takes for _, _, takes in posted.kinds], dtype=bool)[kind]
    giver, taker = np.where(takes, sector, holder), np.where(takes, holder, sector)
    return Flows(list(kinds), number, giver, taker, amount), _through(posted, held.shape[0])


def _at_entry(reason: Reason) -> bool:
    return reason.nature == INVESTMENT or reason in AT_ENTRY


def _through(posted: Posted, projects: int) -> Through:
    """What went through projects."""
    got = np.where(np.array([takes for _, _, takes in posted.kinds], dtype=bool)[posted.kind], 1.0, -1.0)
    reasons = [reason for reason, _, _ in posted.kinds]
    invested = [reason.nature == INVESTMENT for reason in reasons]
    spent = [reason in AT_ENTRY for reason in reasons]
    earned = [reason.nature != FINANCE and not _at_entry(reason) for reason in reasons]
    received = []
    for chosen in (invested, earned, spent):
        some = posted.places(chosen)
        received.append(total_by(posted.project[some], got[some] * posted.amount[some], projects))
    return Through(-received[0], received[1], -received[2])


def between_holders(before: Position, after: Position, worn: Array, held: Holdings, through: Through) -> Rows:
    """What holders of the same project gave each other without a posting: giver, taker and yuan, row by row.

    worn: wear of each project's buildings less the rise of their price, yuan, shape (projects,).
    """
    (invested, earned, spent), all_in, at = through, held.by_project(held.paid_in), held.project
    w, k = held.opening, held.entered
    change = held.joined * after.book[at] - w * (before.book - worn)[at] - k * invested[at]
    change += k * all_in[at] - held.paid_in
    change += held.paid_out + held.closing * after.cash[at] - w * before.cash[at]
    change -= held.running * earned[at] + k * (all_in - spent - invested)[at]
    scale = before.book + after.book + all_in + np.abs(earned) + held.by_project(held.paid_out)
    change[np.abs(change) <= ROUNDING * scale[at]] = 0.0
    lost, won = np.flatnonzero(change < 0.0), np.flatnonzero(change > 0.0)
    total = held.by_project(np.maximum(change, 0.0))
    mine, theirs = matches(at[lost], at[won], held.shape[0])
    mine, theirs = lost[mine], won[theirs]
    return held.sector[mine], held.sector[theirs], -change[mine] * (change[theirs] / total[at[theirs]])
