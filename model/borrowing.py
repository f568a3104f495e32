"""Loans of villages: taken from banks outside, repaid over a term, with the programme's interest subsidy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.county import affordable_share
from agents.table import Array
from model.ledger import Account

if TYPE_CHECKING:
    from model.economy import EconomyModel


def borrow(model: EconomyModel, amount: Array) -> None:
    """Villages take loans. amount: yuan, shape (villages,)."""
    model.ledger.move(Account(model.outside, "cash"), Account(model.villages, "cash"), amount, "loan")
    model.ledger.move(Account(model.outside, "debt"), Account(model.villages, "debt"), amount, "loan")


def interest_subsidy(interest: Array, *, most: float) -> Array:
    """What the county pays of a village's interest. interest: yuan/year; most: yuan/village/year."""
    return np.minimum(interest, most)


def pay_interest_subsidy(model: EconomyModel) -> Array:
    """The county pays part of the interest of villages, where the programme says so and its treasury allows."""
    p, villages = model.parameters, model.villages
    entitled = np.zeros(len(villages), dtype=bool)
    for one in model.mechanisms:
        if one.interest_subsidy and one.since <= model.year:
            entitled |= one.who_may_join(model)
    subsidy = entitled * interest_subsidy(p["prices.loan_rate"] * villages.debt, most=p["pool.interest_subsidy"])
    subsidy = subsidy * affordable_share(float(model.counties.cash[0]), float(subsidy.sum()))
    model.ledger.move(Account(model.counties, "cash"), Account(villages, "cash"), subsidy, "interest subsidy")
    return subsidy


def service_debt(model: EconomyModel) -> None:
    """Villages pay interest and a part of their debt; interest that they can't pay is added to the debt."""
    p, villages, outside = model.parameters, model.villages, model.outside
    interest = p["prices.loan_rate"] * villages.debt
    paid = np.minimum(interest, villages.cash)
    model.ledger.move(Account(villages, "cash"), Account(outside, "cash"), paid, "interest")
    villages.write(interest_paid=paid)
    principal = np.minimum(villages.debt / p["credit.term"], villages.cash)
    model.ledger.move(Account(villages, "cash"), Account(outside, "cash"), principal, "loan repaid")
    model.ledger.move(Account(villages, "debt"), Account(outside, "debt"), principal, "loan repaid")
    model.ledger.move(Account(outside, "debt"), Account(villages, "debt"), interest - paid, "interest in arrears")
