"""Rotating membership: villages that have passed an income line hand their stakes on to weaker ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array, total_by
from model.borrowing import borrow
from model.entries import Account
from model.flows import STAKE_SOLD
from model.outlook import means
from model.partnerships import COUNTY, VILLAGE
from model.treasury import affordable

if TYPE_CHECKING:
    from model.economy import EconomyModel


def review_members(model: EconomyModel) -> None:
    """Where membership rotates and a review is due, members above the line sell out and villages below it buy in.

    Reviews are due every so many years, by the years in force, counted from the mechanism's first one. They go on when
    it has ended: that stakes pass on is a term of the pools that stand.
    """
    for number, one in enumerate(model.mechanisms):
        if one.membership is None or model.year == one.since or not one.begun(model.year):
            continue
        if (model.year - one.since) % int(model.parameters[one.membership.years]) == 0:
            line = model.parameters[one.membership.line]
            mine = model.projects.mechanism == number
            _sell_out(model, mine, line)
            _buy_in(model, mine, one.who_may_join(model), line)


def _sell_out(model: EconomyModel, mine: Array, line: float) -> None:
    """The county of the place buys the stakes of members above the line at cost, as far as its money goes."""
    stakes, villages = model.partnerships, model.villages
    held = np.flatnonzero(stakes.held_by(VILLAGE) & mine[stakes.project])
    rows = held[villages.recurrent_income[stakes.holder[held]] > line]
    county, members = model.projects.county[stakes.project[rows]], stakes.holder[rows]
    part = affordable(model, county, stakes.capital[rows])
    paid = part * stakes.capital[rows]
    treasury, purse = Account(model.counties, "cash", county), Account(villages, "cash", members)
    model.ledger.move(treasury, purse, paid, STAKE_SOLD)
    stakes.hand_over(rows, COUNTY, county, year=model.year, since=model.year, part=part)


def _buy_in(model: EconomyModel, mine: Array, may_join: Array, line: float) -> None:
    """Villages below the line without a stake buy what the county took over, in equal parts as far as they can."""
    stakes, villages = model.partnerships, model.villages
    members = np.unique(stakes.holder[stakes.held_by(VILLAGE) & mine[stakes.project]])
    weak = np.flatnonzero(may_join & (villages.recurrent_income < line))
    entrants = np.setdiff1d(weak, members)
    offered = np.flatnonzero(stakes.held_by(COUNTY) & mine[stakes.project])
    if len(entrants) == 0 or len(offered) == 0:
        return
    cash, credit = (values[entrants] for values in means(model))
    on_offer = float(stakes.capital[offered].sum())
    paid = np.minimum(cash + credit, on_offer / len(entrants))
    borrowed = np.zeros(len(villages))
    borrowed[entrants] = np.maximum(paid - cash, 0.0)
    borrow(model, borrowed)
    county = stakes.holder[offered]
    received = total_by(county, stakes.capital[offered], len(model.counties)) * (paid.sum() / on_offer)
    model.ledger.settle(
        Account(villages, "cash", entrants), Account(model.counties, "cash"), paid, received, STAKE_SOLD
    )
    # Every entrant gets its part of every stake on offer; each takes from what those before it left.
    part = paid / on_offer
    of_rest = np.minimum(part / np.maximum(1.0 - (np.cumsum(part) - part), 1e-12), 1.0)
    for village, share in zip(entrants.tolist(), of_rest.tolist(), strict=True):
        holder = np.full(len(offered), village)
        stakes.hand_over(offered, VILLAGE, holder, year=model.year, since=model.year, part=share)
