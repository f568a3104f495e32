"""Cash aid (输血): the money that a programme cost, given to those whom it reached, to do with as they like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array, Table, total_by
from model.entries import Account
from model.flows import AID, SERVICES
from model.living import pay_members
from model.outlays import WORLD, Payments
from model.partnerships import COUNTY, HOUSEHOLD, VILLAGE
from model.treasury import lend_to_counties

if TYPE_CHECKING:
    from model.economy import EconomyModel


ROUNDING = 1e-12  # far above that of a sum of all payments, far below a cent of them


def pay_aid(model: EconomyModel) -> None:
    """Where a run gets aid, counties and Outside pay the year's; what a county lacks for it, Outside lends.

    It adds up to the gross outlay of the run that it is taken from, payer by payer and year by year; what the
    programme of this run itself costs comes on top. Of a part of it villages pay members and services as they do of
    income (``village.aid_as_income``); the rest is theirs to save or to build with.
    """
    if model.aid is None:
        return
    due, p, villages = model.aid.of_year(model.year), model.parameters, model.villages
    for payer in np.unique(due.payer).tolist():
        mine = due.payer == payer
        _pay(model, payer, Payments(*(column[mine] for column in due)))
    aid = _received(due, VILLAGE, len(villages))
    shared = p["village.aid_as_income"] * aid
    purse = Account(villages, "cash")
    model.ledger.move(purse, Account(model.outside, "cash"), p["village.services"] * shared, SERVICES)
    passed_on = pay_members(model, p["village.payout"] * shared)
    villages.write(aid=aid)
    model.households.write(aid=_received(due, HOUSEHOLD, len(model.households)) + passed_on)


def _pay(model: EconomyModel, payer: int, due: Payments) -> None:
    """One payer pays all that it owes, with borrowed money where its own does not suffice."""
    giver = Account(model.outside, "cash")
    if payer != WORLD:
        needed = np.zeros(len(model.counties))
        # Paid kind by kind, what is left for the last one is short by the rounding of the sum.
        needed[payer] = due.amount.sum() * (1.0 + ROUNDING)
        lend_to_counties(model, needed)
        giver = Account(model.counties, "cash", np.array([payer]))
    takers: dict[int, Table] = {VILLAGE: model.villages, COUNTY: model.counties, HOUSEHOLD: model.households}
    for kind, table in takers.items():
        mine = due.kind == kind
        model.ledger.move(giver, Account(table, "cash", due.row[mine]), due.amount[mine], AID)


def _received(due: Payments, kind: int, count: int) -> Array:
    """What each of a kind gets, yuan, shape (count,)."""
    mine = due.kind == kind
    return total_by(due.row[mine], due.amount[mine], count)
