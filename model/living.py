"""Village budgets and household incomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.groups import blocks_of
from agents.household import earnings_of, next_deviation, spread_of_gini
from agents.table import Array
from model.borrowing import pay_interest_subsidy, service_debt
from model.entries import Account
from model.flows import (
    DEPOSIT_INTEREST,
    EARNINGS,
    HOUSEHOLD_CONSUMPTION,
    IDLE_RENT,
    OTHER_INCOME,
    PAYOUT,
    SERVICES,
)

if TYPE_CHECKING:
    from model.economy import EconomyModel


def run_villages(model: EconomyModel) -> None:
    """Villages get their other income and interest, pay out to members, run services, and serve their debt."""
    p, villages, outside = model.parameters, model.villages, Account(model.outside, "cash")
    purse = Account(villages, "cash")
    shock = model.draws.keyed_normal("village: other income", model.year, model.village_keys)
    other = usual_other_income(model) * np.exp(p["village.other_shock"] * shock)
    idle = p["land.idle_rent"] * model.price_index * villages.idle_land
    aid_kept = (1.0 - p["village.aid_as_income"] * (p["village.payout"] + p["village.services"])) * villages.aid
    deposits = np.maximum(villages.cash - villages.home_income - villages.pool_income - aid_kept, 0.0)
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
    model.households.write(payout=pay_members(model, p["village.payout"] * income))
    service_debt(model)


def usual_other_income(model: EconomyModel) -> Array:
    """Other income of a usual year, a village's own and what all have alike: yuan/year, shape (villages,)."""
    own = model.villages.own_income * model.grown_by("village.own_growth")
    trend = model.grown_by("village.other_trend") * model.grown_by("village.other_later")
    usual: Array = trend * (own + model.figures("common_income")[model.villages.county])
    return usual


def pay_members(model: EconomyModel, payout: Array) -> Array:
    """Villages pay money out to their households, each the same; where these have no rows, it leaves for Outside.

    payout: yuan a village. Returns yuan a household.
    """
    villages, households, count = model.villages, model.households, model.villages.households
    each = np.zeros(len(households))  # those of towns come last and get nothing
    each[: int(count.sum())] = np.repeat(np.divide(payout, count, out=np.zeros(len(payout)), where=count > 0), count)
    purses, members = Account(villages, "cash"), Account(households, "cash")
    model.ledger.settle(purses, members, np.where(count > 0, payout, 0.0), each, PAYOUT, within_counties=True)
    others = np.flatnonzero(count == 0)
    model.ledger.move(Account(villages, "cash", others), Account(model.outside, "cash"), payout[others], PAYOUT)
    return each


def mean_earnings(model: EconomyModel) -> Array:
    """Mean of usual earnings of the year in each village and town: yuan/year, shape (groups,)."""
    county = model.group_county
    mean = model.figures("income_per_head")[county] * model.parameters["household.persons"]
    in_town = np.arange(len(county)) >= len(model.villages)
    usual: Array = mean * np.where(in_town, model.figures("town_income")[county], 1.0)
    return usual


def set_usual_earnings(model: EconomyModel) -> None:
    """Households' usual earnings of the year by their luck."""
    spread, mean = spread_of_gini(model.parameters["household.gini"]), mean_earnings(model)
    for groups, rows in blocks_of(model.household_counts):
        earned = earnings_of(model.households.deviation[rows], mean=1.0, spread=spread)
        earned *= np.repeat(mean[groups], model.household_counts[groups])
        model.households.write(rows=rows, earnings=earned)


def run_households(model: EconomyModel) -> None:
    """Households earn, with luck that lasts in part, and consume what they don't save."""
    p, households = model.parameters, model.households
    outside, purse = Account(model.outside, "cash"), Account(households, "cash")
    income = households.earnings - households.forgone
    model.ledger.move(outside, purse, income, EARNINGS)
    income += households.wage
    income += households.payout + households.dividends + households.aid
    income *= 1.0 - p["household.saving"]
    model.ledger.move(purse, outside, income, HOUSEHOLD_CONSUMPTION)


def draw_household_luck(model: EconomyModel) -> None:
    """Households meet the year's luck, which lasts in part, and their usual earnings follow."""
    p, households = model.parameters, model.households
    spread = spread_of_gini(p["household.gini"])
    for _, rows in blocks_of(model.household_counts):
        shock = model.draws.keyed_normal("household: earnings", model.year, model.household_keys[rows], mixed=True)
        before = households.deviation[rows]
        after = next_deviation(before, shock, persistence=p["household.persistence"], spread=spread)
        households.write(rows=rows, deviation=after)
    set_usual_earnings(model)
