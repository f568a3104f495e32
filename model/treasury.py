"""The counties' own budgets: revenue, ordinary spending and debt; who is paid first; and the proof of the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.county import affordable_share
from agents.table import Array, total_by
from model.accounts import tell_gains
from model.entries import Account
from model.flows import (
    ARREARS,
    INTEREST,
    LOAN,
    LOAN_REPAID,
    LOCAL_TAX,
    ORDINARY_REVENUE,
    ORDINARY_SPENDING,
    PROPERTY_TAX,
    TREASURY_INTEREST,
)
from model.outlays import note_outlays

if TYPE_CHECKING:
    from model.economy import EconomyModel


def open_year(model: EconomyModel) -> None:
    """Finished buildings come to the market, and counties get their ordinary revenue and spend most of it."""
    p, projects = model.parameters, model.projects
    floor = projects.floor + projects.under_construction
    projects.write(floor=floor, under_construction=0.0, payroll=0.0)
    _revalue(model)
    revenue = model.figures("revenue")
    treasury, outside = Account(model.counties, "cash"), Account(model.outside, "cash")
    model.ledger.move(outside, treasury, p["prices.deposit_rate"] * model.counties.cash, TREASURY_INTEREST)
    model.ledger.move(outside, treasury, revenue, ORDINARY_REVENUE)
    # Taxes are spent like all other revenue; what land brings stays with the programmes.
    taxes, counties = (LOCAL_TAX.name, PROPERTY_TAX.name), len(revenue)
    taxed = model.ledger.by_taker_county(model.year - 1, *taxes, unit="yuan", counties=counties)
    free = model.figures("programme_share") * (revenue + taxed)
    planned = revenue + taxed - free
    # What no programme has used for years is spent on the rest: money that lies idle would serve nobody.
    kept = p["treasury.reserve"] * free
    spending = np.clip(model.counties.cash - kept, np.minimum(planned, model.counties.cash), None)
    model.counties.write(programme=free, spending_cut=np.maximum(planned - spending, 0.0))
    model.ledger.move(treasury, outside, spending, ORDINARY_SPENDING)


def _revalue(model: EconomyModel) -> None:
    """Buildings are told at what they would cost now less wear, as in national accounts (SNA 2008, current cost)."""
    p, projects = model.parameters, model.projects
    replacement = projects.replacement * (1.0 + p["prices.inflation"])
    appreciated = projects.book * p["prices.inflation"]
    worn = np.minimum(replacement / p["build.life"], projects.book + appreciated)
    book = projects.book + appreciated - worn
    projects.write(replacement=replacement, book=book, worn=worn, appreciated=appreciated)


def affordable(model: EconomyModel, county: Array, wanted: Array) -> Array:
    """The part of what each claim wants that its county can pay now, the same for all claims of a county.

    county: rows; wanted: yuan; both of shape (claims,). Returns 0 to 1, shape (claims,).
    """
    bills = total_by(county, wanted, len(model.counties))
    part = [affordable_share(float(cash), float(bill)) for cash, bill in zip(model.counties.cash, bills, strict=True)]
    return np.array(part)[county]


def lend_to_counties(model: EconomyModel, needed: Array) -> None:
    """Outside lends to counties what they lack of an amount needed. needed: yuan, shape (counties,)."""
    lacking = np.maximum(needed - model.counties.cash, 0.0)
    for stock in ("cash", "debt"):
        model.ledger.move(Account(model.outside, stock), Account(model.counties, stock), lacking, LOAN)


def serve_county_debt(model: EconomyModel) -> None:
    """Counties that owe pay interest, and pay back what they can; interest that they can't pay adds to the debt."""
    counties, outside, ledger = model.counties, model.outside, model.ledger
    interest = model.parameters["prices.loan_rate"] * counties.debt
    paid = np.minimum(interest, counties.cash)
    ledger.move(Account(counties, "cash"), Account(outside, "cash"), paid, INTEREST)
    ledger.move(Account(outside, "debt"), Account(counties, "debt"), interest - paid, ARREARS)
    repaid = np.minimum(counties.debt, counties.cash)
    ledger.move(Account(counties, "cash"), Account(outside, "cash"), repaid, LOAN_REPAID)
    ledger.move(Account(counties, "debt"), Account(outside, "debt"), repaid, LOAN_REPAID)


def close_books(model: EconomyModel) -> None:
    """The ledger proves that nothing was created or lost, and the year's gains are told by sector."""
    model.ledger.prove()
    tell_gains(model)
    note_outlays(model)
