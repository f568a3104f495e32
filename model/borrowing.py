"""Loans of villages: taken from banks outside, repaid over a term, with the programme's interest subsidy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array
from model.entries import Account
from model.flows import ARREARS, INTEREST, INTEREST_SUBSIDY, LOAN, LOAN_REPAID
from model.treasury import affordable

if TYPE_CHECKING:
    from model.economy import EconomyModel


def borrow(model: EconomyModel, amount: Array) -> None:
    """Villages take loans. amount: yuan, shape (villages,)."""
    model.ledger.move(Account(model.outside, "cash"), Account(model.villages, "cash"), amount, LOAN)
    model.ledger.move(Account(model.outside, "debt"), Account(model.villages, "debt"), amount, LOAN)


def interest_subsidy(interest: Array, *, most: Array | float) -> Array:
    """What the county pays of a village's interest. interest: yuan/year; most: yuan/village/year."""
    return np.minimum(interest, most)


def pay_interest_subsidy(model: EconomyModel) -> Array:
    """The county pays part of the interest of villages, where the programme says so and its treasury allows."""
    p, villages = model.parameters, model.villages
    interest, subsidy = p["prices.loan_rate"] * villages.debt, np.zeros(len(villages))
    for one in model.mechanisms:
        if one.interest_subsidy and one.open_in(model.year):
            most = one.who_may_join(model) * p[one.interest_subsidy]
            subsidy = np.maximum(subsidy, interest_subsidy(interest, most=most))
    subsidy = subsidy * affordable(model, villages.county, subsidy)
    payers = Account(model.counties, "cash", villages.county)
    model.ledger.move(payers, Account(villages, "cash"), subsidy, INTEREST_SUBSIDY)
    return subsidy


def service_debt(model: EconomyModel) -> None:
    """Villages pay interest and a part of their debt; interest that they can't pay is added to the debt."""
    p, villages, outside = model.parameters, model.villages, model.outside
    interest = p["prices.loan_rate"] * villages.debt
    paid = np.minimum(interest, villages.cash)
    model.ledger.move(Account(villages, "cash"), Account(outside, "cash"), paid, INTEREST)
    villages.write(interest_paid=paid)
    principal = np.minimum(villages.debt / p["credit.term"], villages.cash)
    model.ledger.move(Account(villages, "cash"), Account(outside, "cash"), principal, LOAN_REPAID)
    model.ledger.move(Account(villages, "debt"), Account(outside, "debt"), principal, LOAN_REPAID)
    model.ledger.move(Account(outside, "debt"), Account(villages, "debt"), interest - paid, ARREARS)
