"""What the public paid for village programmes in a run, by payer and beneficiary, year by year.

The same run of luck without the programmes can then be given the same money as cash: see ``model.aid``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array, total_by
from model.entries import Account, Entry, counties_of
from model.flows import COUNTY_CAPITAL, COUNTY_LOSS, names_of
from model.partnerships import COUNTY, HOLDERS, HOUSEHOLD, OUTSIDE, VILLAGE

if TYPE_CHECKING:
    from model.economy import EconomyModel

WORLD = -1  # the payer where Outside pays, which lies in no county


class Payments(NamedTuple):
    """Who paid how much to whom in a year, all of shape (payments,).

    payer: row of the county, -1 for Outside; kind: of the beneficiary, number in ``HOLDERS``; row: of that kind;
    amount: yuan.
    """

    payer: Array
    kind: Array
    row: Array
    amount: Array


@dataclass(frozen=True)
class Outlays:
    """The gross public outlay of a run: payments a year, and what came back to the counties.

    returns: land sales, local taxes and surpluses, yuan, shape (years, counties).
    """

    first_year: int
    payments: tuple[Payments, ...]
    returns: Array

    @staticmethod
    def of(model: EconomyModel) -> Outlays:
        """What a model has paid so far."""
        returns = np.zeros((len(model.outlays), len(model.counties)))
        names = names_of(returns=True)
        for flow, amount in model.ledger.flow_table():
            if flow.reason in names and flow.taker == HOLDERS[COUNTY] and flow.year >= model.first_year:
                returns[flow.year - model.first_year, flow.taker_county] += amount
        return Outlays(model.first_year, tuple(model.outlays), returns)

    @property
    def last_year(self) -> int:
        """The last year with payments."""
        return self.first_year + len(self.payments) - 1

    def of_year(self, year: int) -> Payments:
        """The payments of one year."""
        return self.payments[year - self.first_year]

    def gross(self) -> Array:
        """What each county paid, yuan, shape (years, counties); Outside's part is not in it."""
        counties = self.returns.shape[1]
        rows = [total_by(one.payer + 1, one.amount, counties + 1)[1:] for one in self.payments]
        return np.array(rows).reshape(self.returns.shape)

    def net_of(self, control: Outlays) -> Outlays:
        """The same payments less what the run brought the paying county more than the control did."""
        gross = self.gross()
        paid = net_outlay(gross, self.returns - control.returns)
        kept = np.divide(paid, gross, out=np.zeros_like(gross), where=gross > 0.0)
        parts = np.column_stack([np.ones(len(gross)), kept])  # Outside pays in full
        years = zip(self.payments, parts, strict=True)
        less = [one._replace(amount=one.amount * part[one.payer + 1]) for one, part in years]
        return replace(self, payments=tuple(less))


def net_outlay(gross: Array, returned: Array) -> Array:
    """Outlay less what came back: never below zero, and to no year more in all than the gross outlay until then.

    What a year cannot take, or has no outlay for, is set against the later ones. gross, returned: yuan/year, shape
    (years, payers). Returns yuan/year, same shape.
    """
    paid, owed, room = np.zeros_like(gross), np.zeros(gross.shape[1]), np.zeros(gross.shape[1])
    for year, (outlay, back) in enumerate(zip(gross, returned, strict=True)):
        owed, room = owed + outlay - back, room + outlay
        paid[year] = np.clip(owed, 0.0, room) * (outlay > 0.0)
        owed, room = owed - paid[year], room - paid[year]
    return paid


def check_fits(outlays: Outlays, *, first_year: int, last_year: int, counties: int) -> None:
    """Raises ValueError where the outlays are those of other years or of another case than a run that gets them."""
    if outlays.first_year != first_year or outlays.last_year < last_year or outlays.returns.shape[1] != counties:
        raise ValueError(
            f"aid: the outlays are those of {outlays.first_year} to {outlays.last_year} in {outlays.returns.shape[1]} "
            f"counties, the run goes from {first_year} to {last_year} in {counties}: take those of a run of the same "
            "case and at least as many years."
        )


def note_outlays(model: EconomyModel) -> None:
    """Note in ``model.outlays`` what counties and Outside paid this year, and whom it reached.

    What a project got reached its other holders, by their shares of the year. What would come back to the payer, or
    went to managers, reached those whom the project is for; the part of holders outside is counted for the villages
    of the payer's county, in proportion to what they got.
    """
    found: list[Payments] = []
    for entry in model.ledger.entries:
        if entry.reason.outlay:
            for payer, taker, amount in _by_payer(entry):
                found += _reached(model, payer, entry, taker, amount)
    model.outlays.append(_placed(model, _gathered(found)))


def _by_payer(entry: Entry) -> list[tuple[int, Array, Array]]:
    """An entry by the county that paid: its row, rows of the takers, and yuan."""
    payers, takers = counties_of(entry.giver), _rows(entry.taker)
    found = []
    for payer in np.unique(payers).tolist():
        if entry.given is entry.received:
            mine = np.flatnonzero(np.broadcast_to(payers == payer, entry.given.shape) & (entry.given > 0.0))
            rows = np.broadcast_to(takers, entry.given.shape)[mine]
            found.append((payer, rows, entry.given[mine]))
        else:  # many paid many together: each taker got of each payer in proportion
            part = entry.given[np.broadcast_to(payers == payer, entry.given.shape)].sum() / entry.given.sum()
            mine = np.flatnonzero(entry.received > 0.0)
            found.append((payer, takers[mine], part * entry.received[mine]))
    return found


def _rows(account: Account) -> Array:
    return np.arange(len(account.table)) if account.rows is None else np.asarray(account.rows)


def _reached(model: EconomyModel, payer: int, entry: Entry, taker: Array, amount: Array) -> list[Payments]:
    """Whom a payer's money reached that was booked to some takers."""
    name = entry.taker.table.name
    if name == HOLDERS[OUTSIDE]:
        parks = _served_parks(model, payer)
        if len(parks) == 0:
            return [_payments(payer, OUTSIDE, np.zeros(len(amount), dtype=np.int64), amount)]
        name, taker, amount = "Project", parks, np.full(len(parks), amount.sum() / len(parks))
    if name in HOLDERS:
        return [_payments(payer, HOLDERS.index(name), taker, amount)]
    by_project = total_by(taker, amount, len(model.projects))
    return _through_projects(model, payer, by_project, people_only=entry.reason in (COUNTY_CAPITAL, COUNTY_LOSS))


def _served_parks(model: EconomyModel, payer: int) -> Array:
    """The common parks outside a county that its pair runs, to which it sends managers. Rows of projects."""
    projects = model.projects
    away = np.flatnonzero((projects.partner >= 0) & (projects.county != payer))
    pairs = [model.paired(model.mechanisms[number].pair) for number in projects.mechanism[away].tolist()]
    served: Array = away[np.array([payer in pair for pair in pairs], dtype=bool)]
    return served


def _through_projects(model: EconomyModel, payer: int, by_project: Array, *, people_only: bool) -> list[Payments]:
    """What projects got, by holder. by_project: yuan, shape (projects,); people_only: counties get nothing of it."""
    stakes, count = model.partnerships, len(by_project)
    kind, holder = stakes.holder_kind, stakes.holder
    left_out = (kind == COUNTY) & (holder == payer)
    if people_only:
        left_out = (kind != VILLAGE) & (kind != HOUSEHOLD)
    held = np.where(left_out, 0.0, stakes.accruing(model.year))
    base = total_by(stakes.project, held, count)
    of_base = np.divide(by_project, base, out=np.zeros(count), where=base > 0.0)
    amount = held * of_base[stakes.project]
    some = np.flatnonzero(amount > 0.0)
    found = [Payments(np.full(len(some), payer), kind[some], holder[some], amount[some])]
    for row in np.flatnonzero((base <= 0.0) & (by_project > 0.0)).tolist():
        partner, county = int(model.projects.partner[row]), int(model.projects.county[row])
        who, people = _people(model, partner if partner >= 0 else county)
        found.append(_payments(payer, who, people, np.full(len(people), by_project[row] / len(people))))
    return found


def _people(model: EconomyModel, county: int) -> tuple[int, Array]:
    """Kind and rows of those for whom a county's programmes are: its villages, or its households where it has none."""
    for kind, table in ((VILLAGE, model.villages), (HOUSEHOLD, model.households)):
        rows = np.flatnonzero((table.county == county) | (county == WORLD))
        if len(rows):
            return kind, rows
    return VILLAGE, np.arange(len(model.villages))


def _placed(model: EconomyModel, found: Payments) -> Payments:
    """The same payments, but those to Outside go to the villages of the payer's county as they got of all others."""
    outside = found.kind == OUTSIDE
    placed = Payments(*(column[~outside] for column in found))
    parts = [placed]
    for payer, amount in zip(found.payer[outside].tolist(), found.amount[outside].tolist(), strict=True):
        kind, rows = _people(model, payer)
        this_year, to_date = _got([placed], kind, rows), _got([placed, *model.outlays], kind, rows)
        weights = next((got for got in (this_year, to_date) if got.any()), np.ones(len(rows)))
        parts.append(_payments(payer, kind, rows, amount * weights / weights.sum()))
    return _gathered(parts)


def _got(years: Sequence[Payments], kind: int, rows: Array) -> Array:
    """What some of a kind got in some years, yuan, shape (rows,)."""
    got = np.zeros(int(rows.max()) + 1)
    for one in years:
        mine = (one.kind == kind) & (one.row < len(got))
        got += total_by(one.row[mine], one.amount[mine], len(got))
    found: Array = got[rows]
    return found


def _payments(payer: int, kind: int, row: Array, amount: Array) -> Payments:
    return Payments(np.full(len(row), payer), np.full(len(row), kind), row, amount)


def _gathered(parts: Sequence[Payments]) -> Payments:
    """All payments of a year, those of one payer to one beneficiary as one, in the order of payer, kind and row."""
    if not parts:
        nobody = np.empty(0, dtype=np.int64)
        return Payments(nobody, nobody, nobody, np.empty(0))
    payer, kind, row, amount = (np.concatenate([getattr(one, name) for one in parts]) for name in Payments._fields)
    size = int(row.max(initial=0)) + 1
    keys, place = np.unique(((payer + 1) * len(HOLDERS) + kind) * size + row, return_inverse=True)
    pair = keys // size
    return Payments(pair // len(HOLDERS) - 1, pair % len(HOLDERS), keys % size, total_by(place, amount, len(keys)))
