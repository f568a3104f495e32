"""Crowdfunding (7.0, 众筹): a village and those of its households that want to invest in a project by shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.investor import among_the_top, amount_invested, buy_in_for, willing_to_invest, would_help
from agents.table import Array
from model.borrowing import borrow
from model.capital import Crowdfunding
from model.entries import Account
from model.flows import CAPITAL_PAID_IN, STAKE_GIFT
from model.founding import construct, found
from model.outlook import means
from model.partnerships import HOUSEHOLD, VILLAGE

if TYPE_CHECKING:
    from model.economy import EconomyModel

YEAR_OF_SIZE = 2020  # of the case's wharf, in whose prices crowd.project_size is told
ROUNDS = 2  # assumed: households look at the list of those who joined once before it closes


class Round(NamedTuple):
    """Who is asked and what they would put in: rows of households of one village, yuan, and gifts (rows of pairs)."""

    rows: Array
    amount: Array
    helpers: Array
    helped: Array


def crowdfund(model: EconomyModel) -> None:
    """Villages that meet a project ask their households, add the rest, and build where the money suffices."""
    for number, one in enumerate(model.mechanisms):
        if not (isinstance(one.capital, Crowdfunding) and one.open_in(model.year)):
            continue
        luck = model.draws.keyed_uniform("crowdfunding: opportunity", model.year, model.village_keys)
        meets = one.who_may_join(model) & (luck < model.parameters["crowd.opportunity_rate"])
        meets &= model.villages.households > 0  # nobody can be asked where no household has a row
        for village in np.flatnonzero(meets).tolist():
            _raise_money(model, number, village)


def _raise_money(model: EconomyModel, number: int, village: int) -> None:
    """Households pay, in proportion where it is more than what the village leaves them; the village pays the rest."""
    p = model.parameters
    size = p["crowd.project_size"] * float(model.villages.households[village])
    size *= (1.0 + p["prices.inflation"]) ** (model.year - YEAR_OF_SIZE)
    asked = _ask_households(model, village)
    gifts = p["crowd.help_stake"] * len(asked.helped)
    offered = float(asked.amount.sum()) + gifts
    most = (1.0 - p["crowd.village_least"]) * size
    part = min(1.0, most / offered) if offered > 0.0 else 0.0
    lacking = size - part * offered
    cash, credit = (float(values[village]) for values in means(model))
    if lacking > cash + credit or not _worth_while(model):
        return
    project = found(model, number, village)
    _pay_in(model, asked, part, project)
    row = np.array([village])
    borrowed = np.zeros(len(model.villages))
    borrowed[village] = loan = max(lacking - cash, 0.0)
    borrow(model, borrowed)
    if lacking > 0.0:
        purse = Account(model.villages, "cash", row)
        model.ledger.move(purse, Account(model.projects, "cash", project), lacking, CAPITAL_PAID_IN)
        model.partnerships.add_stakes(VILLAGE, row, project[0], lacking, borrowed=loan, since=model.year)
    construct(model, model.mechanisms[number], project, np.zeros(1))


def _worth_while(model: EconomyModel) -> bool:
    """Whether a village expects more of such a project than of a deposit, after its risk."""
    p = model.parameters
    expected = p["crowd.gross_yield"] - p["crowd.running_cost"] - p["crowd.failure"]
    risk = 0.5 * p["choice.risk_aversion"] * (p["crowd.gross_yield"] * p["crowd.demand_spread"]) ** 2
    return expected - risk > p["prices.deposit_rate"]


def _ask_households(model: EconomyModel, village: int) -> Round:
    """Which households put in how much, and who buys in for whom."""
    p, households = model.parameters, model.households
    rows = np.flatnonzero(households.village == village)
    earnings, cash = households.earnings[rows], households.cash[rows]
    chance, mood, line = (
        model.draws.keyed_uniform(f"crowdfunding: {what}", model.year, model.household_keys[rows], mixed=True)
        for what in ("joins", "helps", "line")
    )
    joined = _who_joins(model, earnings, chance)
    bounds = {name: p[f"crowd.{name}"] for name in ("share_of_income", "least", "most")}
    amount = amount_invested(earnings, cash, **bounds)
    amount = np.where(joined, amount, 0.0)
    top = among_the_top(np.zeros(len(rows), dtype=np.int64), earnings, share=p["crowd.helper_share"])
    most = int(p["crowd.most_helped"])
    helper = would_help(
        top & joined, cash - amount, mood, chance=p["crowd.helper_chance"], cost=most * p["crowd.help_stake"]
    )
    low = households.low_income[rows] & ~joined
    same = np.zeros(len(rows), dtype=np.int64)
    givers, takers = buy_in_for(same, helper, low, np.argsort(line), most_helped=most)
    return Round(rows, amount, rows[givers], rows[takers])


def _who_joins(model: EconomyModel, earnings: Array, chance: Array) -> Array:
    """Which of a village's households join, in rounds: the later ones see who has joined. bool, shape (households,)."""
    p = model.parameters
    joined = np.zeros(len(earnings), dtype=bool)
    for _ in range(ROUNDS):
        joined |= willing_to_invest(
            np.log(earnings / earnings.mean()),
            p["crowd.trust"],
            float(joined.mean()),
            p["crowd.gross_yield"] * p["crowd.demand_spread"],
            chance,
            base=p["crowd.base"],
            income_effect=p["crowd.income_effect"],
            trust_effect=p["crowd.trust_effect"],
            neighbour_effect=p["crowd.neighbour_effect"],
            risk_effect=p["crowd.risk_effect"],
        )
    return joined


def _pay_in(model: EconomyModel, asked: Round, part: float, project: Array) -> None:
    """Households pay their stakes in; those for whom others buy get the money first."""
    households, company = model.households, Account(model.projects, "cash", project)
    gift = part * model.parameters["crowd.help_stake"]
    givers, takers = (Account(households, "cash", rows) for rows in (asked.helpers, asked.helped))
    model.ledger.move(givers, takers, gift, STAKE_GIFT)
    joined = asked.amount > 0.0
    rows = np.concatenate([asked.rows[joined], asked.helped])
    paid = np.concatenate([part * asked.amount[joined], np.full(len(asked.helped), gift)])
    model.ledger.move(Account(households, "cash", rows), company, paid, CAPITAL_PAID_IN)
    model.partnerships.add_stakes(HOUSEHOLD, rows, project[0], paid, since=model.year)
