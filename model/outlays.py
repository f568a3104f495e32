"""What the public paid for village programmes in a run, by payer and beneficiary, year by year.

The same run of luck without the programmes can then be given the same money as cash: see ``model.aid``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.groups import rows_by_group
from agents.table import Array, total_by
from model.cells import matches, sums_at
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
    parks, entries = _served_parks(model), [entry for entry in model.ledger.entries if entry.reason.outlay]
    found = [payments for entry in entries for payments in _reached(model, entry, parks)]
    model.outlays.append(_placed(model, _gathered(found)))


def _paid(entry: Entry) -> tuple[Array, Array, Array]:
    """An entry by payer and taker: the county that paid, row of the taker, and yuan; of shape (rows,)."""
    payer, taker = counties_of(entry.giver), _rows(entry.taker)
    if entry.given is entry.received:
        some = np.flatnonzero(entry.given > 0.0)
        payer, taker = (np.broadcast_to(one, entry.given.shape)[some] for one in (payer, taker))
        return payer, taker, entry.given[some]
    # Many paid many together: each taker got of each payer in proportion.
    payers, place = np.unique(payer, return_inverse=True)
    part = total_by(place, entry.given, len(payers)) / entry.given.sum()
    amount = np.outer(part, entry.received).ravel()
    return np.repeat(payers, len(taker)), np.tile(taker, len(payers)), amount


def _rows(account: Account) -> Array:
    return np.arange(len(account.table)) if account.rows is None else np.asarray(account.rows)


def _reached(model: EconomyModel, entry: Entry, parks: tuple[Array, Array]) -> list[Payments]:
    """Whom the money reached that was booked to the takers of an entry. parks: see ``_served_parks``."""
    name = entry.taker.table.name
    payer, taker, amount = _paid(entry)
    if name in HOLDERS and name != HOLDERS[OUTSIDE]:
        return [_payments(payer, HOLDERS.index(name), taker, amount)]
    found = []
    if name == HOLDERS[OUTSIDE]:
        counts = np.bincount(parks[0], minlength=len(model.counties) + 1)  # the last one: of Outside, whose row is -1
        served = counts[payer] > 0
        found = [_payments(payer[~served], OUTSIDE, taker[~served], amount[~served])]
        given = total_by(payer[served], amount[served], len(counts)) / np.maximum(counts, 1)
        payer, taker = parks
        amount = given[payer]  # in equal parts
    people_only = entry.reason in (COUNTY_CAPITAL, COUNTY_LOSS)
    return found + _through_projects(model, payer, taker, amount, people_only=people_only)


def _served_parks(model: EconomyModel) -> tuple[Array, Array]:
    """Each county that is of a pair and, outside it, each common park of the pair, to which it sends managers.

    Returns rows of counties and of projects, shape (county and park,).
    """
    projects = model.projects
    parks = np.flatnonzero(projects.partner >= 0)
    pairs = [model.paired(model.mechanisms[number].pair) for number in projects.mechanism[parks].tolist()]
    payer, park = np.array(pairs, dtype=np.int64).ravel(), np.repeat(parks, 2)
    away = (payer >= 0) & (projects.county[park] != payer)
    return payer[away], park[away]


def _through_projects(
    model: EconomyModel, payer: Array, project: Array, amount: Array, *, people_only: bool
) -> list[Payments]:
    """What projects got of each payer, by holder. people_only: counties get nothing of it."""
    if not len(amount):
        return []
    stakes, counties, count = model.partnerships, len(model.counties) + 1, len(model.projects)
    keys, got = sums_at(project * counties + payer + 1, amount, count * counties)
    payer, project = keys % counties - 1, keys // counties
    held = stakes.accruing(model.year)
    some = np.flatnonzero(held > 0.0)
    stake, place = matches(stakes.project[some], project, count)
    stake = some[stake]
    kind, holder = stakes.holder_kind[stake], stakes.holder[stake]
    left_out = (kind == COUNTY) & (holder == payer[place])
    if people_only:
        left_out = (kind != VILLAGE) & (kind != HOUSEHOLD)
    held = np.where(left_out, 0.0, held[stake])
    base = total_by(place, held, len(keys))
    reached = held * np.divide(got, base, out=np.zeros(len(keys)), where=base > 0.0)[place]
    some = np.flatnonzero(reached > 0.0)
    found = [Payments(payer[place[some]], kind[some], holder[some], reached[some])]
    rest = np.flatnonzero(base <= 0.0)
    partner, county = model.projects.partner[project[rest]], model.projects.county[project[rest]]
    whose = _people(model, np.where(partner >= 0, partner, county))
    for row, (who, people) in zip(rest.tolist(), whose, strict=True):
        each = np.full(len(people), got[row] / len(people))
        found.append(_payments(np.full(len(people), payer[row]), who, people, each))
    return found


def _people(model: EconomyModel, counties: Array) -> list[tuple[int, Array]]:
    """Kind and rows of those for whom each county's programmes are: its villages, or its households if it has none.

    All villages where it has neither, and for Outside, which lies in no county.
    """
    tables = {VILLAGE: model.villages, HOUSEHOLD: model.households}

    @cache
    def by_county(kind: int) -> list[Array]:
        rows = rows_by_group(tables[kind].county, len(model.counties))
        return [*rows, np.arange(len(tables[kind]))]  # in the place of -1 those of all counties

    found = []
    for county in counties.tolist():
        kind = next((one for one in tables if len(by_county(one)[county])), None)
        found.append((VILLAGE, by_county(VILLAGE)[WORLD]) if kind is None else (kind, by_county(kind)[county]))
    return found


def _placed(model: EconomyModel, found: Payments) -> Payments:
    """The same payments, but those to Outside go to the villages of the payer's county as they got of all others."""
    outside = found.kind == OUTSIDE
    if not outside.any():
        return found
    placed = Payments(*(column[~outside] for column in found))
    parts = [placed]

    @cache
    def got(kind: int, *, to_date: bool) -> Array:
        table = model.villages if kind == VILLAGE else model.households
        return _got([placed, *model.outlays] if to_date else [placed], kind, len(table))

    whose = _people(model, found.payer[outside])
    for payer, amount, (kind, rows) in zip(
        found.payer[outside].tolist(), found.amount[outside].tolist(), whose, strict=True
    ):
        candidates = (got(kind, to_date=past)[rows] for past in (False, True))
        weights = next((one for one in candidates if one.any()), np.ones(len(rows)))
        parts.append(_payments(np.full(len(rows), payer), kind, rows, amount * weights / weights.sum()))
    return _gathered(parts)


def _got(years: Sequence[Payments], kind: int, count: int) -> Array:
    """What all of a kind got in some years, yuan, shape (count,)."""
    got = np.zeros(count)
    for one in years:
        mine = one.kind == kind
        got += total_by(one.row[mine], one.amount[mine], count)
    return got


def _payments(payer: Array, kind: int, row: Array, amount: Array) -> Payments:
    return Payments(payer, np.full(len(row), kind), row, amount)


def _gathered(parts: Sequence[Payments]) -> Payments:
    """All payments of a year, those of one payer to one beneficiary as one, in the order of payer, kind and row."""
    if not parts:
        nobody = np.empty(0, dtype=np.int64)
        return Payments(nobody, nobody, nobody, np.empty(0))
    payer, kind, row, amount = (np.concatenate([getattr(one, name) for one in parts]) for name in Payments._fields)
    size = int(row.max(initial=0)) + 1
    keys = ((payer + 1) * len(HOLDERS) + kind) * size + row
    found, sums = sums_at(keys, amount, int(keys.max(initial=0)) + 1)
    pair = found // size
    return Payments(pair // len(HOLDERS) - 1, pair % len(HOLDERS), found % size, sums)
