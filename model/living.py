"""Village budgets, household incomes, and the county's ordinary revenue and spending."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.household import earnings_of, next_deviation, spread_of_gini
from model.borrowing import pay_interest_subsidy, service_debt
from model.ledger import Account

if TYPE_CHECKING:
    from model.economy import EconomyModel


def open_year(model: EconomyModel) -> None:
    """Finished buildings come to the market; the county gets its ordinary revenue and spends most of it."""
    p, year, projects = model.parameters, model.year, model.projects
    floor = projects.floor + projects.under_construction
    floor[model.zone_project] = p.at("county.zone_floor", year)
    projects.write(floor=floor, under_construction=0.0)
    revenue = p.at("county.revenue", year)
    treasury, outside = Account(model.counties, "cash"), Account(model.outside, "cash")
    model.ledger.move(outside, treasury, revenue, "ordinary revenue")
    # Taxes are spent like all other revenue; what land brings stays with the programmes.
    taxes = model.ledger.of_year(year - 1, "local tax of firms", "property tax", unit="yuan")
    spending = (1.0 - p["county.programme_share"]) * (revenue + taxes)
    model.ledger.move(treasury, outside, np.minimum(spending, model.counties.cash), "ordinary spending")


def run_villages(model: EconomyModel) -> None:
    """Villages get their other income and interest, pay out to members, run services, and serve their debt."""
    p, villages, outside = model.parameters, model.villages, Account(model.outside, "cash")
    purse = Account(villages, "cash")
    shock = model.draws.keyed_normal("village: other income", model.year, model.village_keys)
    usual = villages.own_income * p.at("village.other_growth", model.year) + p.at("village.common_income", model.year)
    other = usual * np.exp(p["village.other_shock"] * shock)
    deposits = np.maximum(villages.cash - villages.home_income - villages.pool_income, 0.0)
    interest = p["prices.deposit_rate"] * deposits
    model.ledger.move(outside, purse, other, "other village income")
    model.ledger.move(outside, purse, interest, "interest on deposits")
    subsidy = pay_interest_subsidy(model)
    income = villages.home_income + villages.pool_income + other + interest + subsidy
    villages.write(other_income=other, recurrent_income=income, support_income=villages.support_income + subsidy)
    model.ledger.move(purse, outside, p["village.services"] * income, "village services")
    _pay_members(model)
    service_debt(model)


def _pay_members(model: EconomyModel) -> None:
    villages, households = model.villages, model.households
    payout = model.parameters["village.payout"] * villages.recurrent_income
    each = (payout / villages.households)[households.village]
    giver = Account(villages, "cash", households.village)
    model.ledger.move(giver, Account(households, "cash"), each, "payout to members")
    households.write(payout=each)


def run_households(model: EconomyModel) -> None:
    """Households earn, with luck that lasts in part, and consume what they don't save."""
    p, households = model.parameters, model.households
    spread = spread_of_gini(p["household.gini"])
    shock = model.draws.grouped_normal("household: earnings", model.year, model.village_keys, model.villages.households)
    deviation = next_deviation(households.deviation, shock, persistence=p["household.persistence"], spread=spread)
    mean = p.at("household.income_per_head", model.year) * p["household.persons"]
    earnings = earnings_of(deviation, mean=mean, spread=spread)
    households.write(deviation=deviation, earnings=earnings)
    outside, purse = Account(model.outside, "cash"), Account(households, "cash")
    model.ledger.move(outside, purse, earnings, "earnings")
    spent = (1.0 - p["household.saving"]) * (earnings + households.payout)
    model.ledger.move(purse, outside, spent, "consumption")


def close_books(model: EconomyModel) -> None:
    """The ledger proves that nothing was created or lost."""
    model.ledger.prove()
