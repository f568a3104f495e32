"""Village budgets and household incomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.household import earnings_of, next_deviation, spread_of_gini
from agents.table import Array
from model.borrowing import pay_interest_subsidy, service_debt
from model.flows import (
    DEPOSIT_INTEREST,
    EARNINGS,
    HOUSEHOLD_CONSUMPTION,
    IDLE_RENT,
    OTHER_INCOME,
    PAYOUT,
    SERVICES,
)
from model.ledger import Account

if TYPE_CHECKING:
    from model.economy import EconomyModel


def run_villages(model: EconomyModel) -> None:
    """Villages get their other income and interest, pay out to members, run services, and serve their debt."""
    p, villages, outside = model.parameters, model.villages, Account(model.outside, "cash")
    purse = Account(villages, "cash")
    shock = model.draws.keyed_normal("village: other income", model.year, model.village_keys)
    usual = villages.own_income * p.at("village.other_growth", model.year)
    usual = usual + model.figures("common_income")[villages.county]
    other = usual * np.exp(p["village.other_shock"] * shock)
    idle = p["land.idle_rent"] * model.price_index * villages.idle_land
    deposits = np.maximum(villages.cash - villages.home_income - villages.pool_income, 0.0)
    interest = p["prices.deposit_rate"] * deposits
    for amount, reason in ((other, OTHER_INCOME), (idle, IDLE_RENT), (interest, DEPOSIT_INTEREST)):
        model.ledger.move(outside, purse, amount, reason)
    subsidy = pay_interest_subsidy(model)
    income = villages.home_income + villages.pool_income + other + idle + interest + subsidy
    villages.write(
        other_income=other,
        idle_income=idle,
        recurrent_income=income,
        support_income=villages.support_income + subsidy,
    )
    model.ledger.move(purse, outside, p["village.services"] * income, SERVICES)
    _pay_members(model)
    service_debt(model)


def _pay_members(model: EconomyModel) -> None:
    villages, households = model.villages, model.households
    payout = model.parameters["village.payout"] * villages.recurrent_income
    members = slice(0, int(villages.households.sum()))  # households of villages come before those of towns
    each = np.zeros(len(households))
    each[members] = np.repeat(payout / villages.households, villages.households)
    rows = np.arange(members.stop)
    takers = Account(households, "cash", rows)
    model.ledger.settle(Account(villages, "cash"), takers, payout, each[members], PAYOUT)
    households.write(payout=each)


def usual_earnings(model: EconomyModel) -> Array:
    """Usual earnings of the year by each household's luck: yuan/year, shape (households,)."""
    p, households = model.parameters, model.households
    county_mean = model.figures("income_per_head") * p["household.persons"]
    level = np.where(households.village >= 0, 1.0, model.figures("town_income")[households.county])
    mean = county_mean[households.county] * level
    return mean * earnings_of(households.deviation, mean=1.0, spread=spread_of_gini(p["household.gini"]))


def run_households(model: EconomyModel) -> None:
    """Households earn, with luck that lasts in part, and consume what they don't save."""
    p, households = model.parameters, model.households
    outside, purse = Account(model.outside, "cash"), Account(households, "cash")
    model.ledger.move(outside, purse, households.earnings - households.forgone, EARNINGS)
    income = households.earnings - households.forgone + households.wage + households.payout + households.dividends
    model.ledger.move(purse, outside, (1.0 - p["household.saving"]) * income, HOUSEHOLD_CONSUMPTION)


def draw_household_luck(model: EconomyModel) -> None:
    """Households meet the year's luck, which lasts in part, and their usual earnings follow."""
    p, households = model.parameters, model.households
    spread = spread_of_gini(p["household.gini"])
    shock = model.draws.grouped_normal(
        "household: earnings", model.year, model.household_groups, model.household_counts
    )
    deviation = next_deviation(households.deviation, shock, persistence=p["household.persistence"], spread=spread)
    households.write(deviation=deviation)
    households.write(earnings=usual_earnings(model))
