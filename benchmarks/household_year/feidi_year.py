"""The household year on this project's own tables, draws, rules and ledger: every yuan that moves is booked twice.

No other program of the comparison keeps books, so that this one does more than was asked. ``feidi_columns`` runs the
same rules without them on bare columns, whole villages at a time: what the ledger and the tables cost.
"""

from __future__ import annotations

import numpy as np

from agents.groups import blocks_of
from agents.household import earnings_of, next_deviation
from agents.low_income import status
from agents.table import RowAgent, Table, link, state, stock, trait
from benchmarks.household_year.feidi_columns import FeidiColumns
from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Floats, Opening, Rules, Totals, clear
from model.draws import Draws
from model.entries import Account
from model.flows import (
    CAPITAL_PAID_IN,
    EARNINGS,
    HOUSEHOLD_CONSUMPTION,
    OPENING_BALANCE,
    OTHER_INCOME,
    PAYOUT,
    SERVICES,
)
from model.ledger import Ledger


class Outside(RowAgent):
    """Everybody else."""

    cash = stock("yuan", "money")


class Village(RowAgent):
    """A village of the comparison."""

    cash = stock("yuan", "money")
    rent = trait("yuan/year", "rent of the opening year")
    quota = trait("mu", "sold every year or, below zero, wanted")
    limit = trait("yuan/mu", "least or most price in the opening year")


class Household(RowAgent):
    """A household of the comparison."""

    village = link("Village", "its village")
    cash = stock("yuan", "savings")
    deviation = state("1", "log deviation of its earnings")
    income = state("yuan/year", "income of the year")
    stake = state("yuan", "what it has paid in")
    listed = state("1", "whether it is on the list", bool)


class FeidiYear:
    """Tables of villages and households, phases that post to the ledger."""

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        self.rules, self.luck, self.year, self.size = rules, luck, 0, start.size
        self.first = np.cumsum(start.size) - start.size
        self.draws = Draws(seed)
        self.outside, self.villages, self.households = (Table(kind) for kind in (Outside, Village, Household))
        self.outside.add(1)
        self.villages.add(len(start.size), rent=start.rent, quota=start.quota, limit=start.limit)
        self.households.add(len(start.village), village=start.village)
        self.households.write(deviation=start.deviation, income=start.income)
        tables = [self.outside, self.villages, self.households]
        self.ledger = Ledger(tables, in_total=frozenset({self.households.name}))  # as the model does
        self.world, self.purses, self.savings = (
            Account(table, "cash") for table in (self.outside, self.villages, self.households)
        )
        self.ledger.move(self.world, self.purses, start.village_cash, OPENING_BALANCE)
        self.ledger.move(self.world, self.savings, start.cash, OPENING_BALANCE)

    def step(self) -> Totals:
        """One year."""
        self.year += 1
        self.ledger.open_year(self.year)
        index = (1.0 + self.rules.growth) ** self.year
        self.review(index / (1.0 + self.rules.growth))
        earned = self.earn(index)
        price, traded, income = self.trade(index)
        self.pay(earned, income)
        self.crowdfund(income)
        return self.totals(index, price, traded)

    def review(self, index: float) -> None:
        """The list, by last year's income."""
        r, one = self.rules, self.households
        entry, leave = (line * r.mean_earnings * index for line in (r.entry_line, r.exit_line))
        one.write(listed=status(one.income, one.listed, entry_line=entry, exit_line=leave))

    def earn(self, index: float) -> Floats:
        """Households meet the year's luck. Returns earnings, yuan."""
        r, one, name = self.rules, self.households, "household: earnings"
        earned = np.empty(len(one))
        luck = self.draws.generator(name, self.year)
        for _, rows in blocks_of(self.size):
            count = rows.stop - rows.start
            shock = luck.standard_normal(count) if self.luck else np.zeros(count)
            after = next_deviation(one.deviation[rows], shock, persistence=r.persistence, spread=r.spread)
            one.write(rows=rows, deviation=after)
            earned[rows] = earnings_of(after, mean=r.mean_earnings * index, spread=r.spread)
        return earned

    def trade(self, index: float) -> tuple[float, float, Floats]:
        """The auction, and the villages' income: price, mu traded, yuan of each village."""
        one = self.villages
        price, bought = clear(one.quota, one.limit * index, one.cash)
        income = one.rent * index + np.maximum(-bought, 0.0) * price
        self.ledger.move(self.world, self.purses, income, OTHER_INCOME)
        self.ledger.move(self.purses, self.world, np.maximum(bought, 0.0) * price, SERVICES)
        return price, float(bought[bought > 0.0].sum()), income

    def pay(self, earned: Floats, income: Floats) -> None:
        """Households get earnings, payouts and coupons, and consume what they don't save."""
        r, cash = self.rules, self.villages.cash
        paid = r.coupon * self.households.stake
        due = np.add.reduceat(paid, self.first)
        payout = np.minimum(r.payout * income, cash)
        part = np.minimum(1.0, np.divide(cash - payout, due, out=np.zeros(len(due)), where=due > 0.0))
        paid *= np.repeat(part, self.size)
        paid += np.repeat(payout / self.size, self.size)
        self.ledger.move(self.world, self.savings, earned, EARNINGS)
        self.ledger.settle(self.purses, self.savings, payout + part * due, paid, PAYOUT)
        paid += earned
        self.households.write(income=paid)
        paid *= 1.0 - r.saving
        self.ledger.move(self.savings, self.world, paid, HOUSEHOLD_CONSUMPTION)

    def crowdfund(self, income: Floats) -> None:
        """Households offer a part of what they saved; a village takes of each the same part."""
        r, one = self.rules, self.households
        offer = one.cash - r.buffer
        np.maximum(offer, 0.0, out=offer)
        offer *= r.share_of_cash
        offer = np.where(one.listed, np.minimum(offer, r.listed_offer), offer)
        offered = np.add.reduceat(offer, self.first)
        part = np.divide(r.project * income, offered, out=np.zeros(len(offered)), where=offered > 0.0)
        part = np.minimum(part, 1.0)
        offer *= np.repeat(part, self.size)
        self.ledger.settle(self.savings, self.purses, offer, part * offered, CAPITAL_PAID_IN)
        one.write(stake=one.stake + offer)

    def totals(self, index: float, price: float, traded: float) -> Totals:
        """Totals of the year."""
        one = self.households
        return Totals(
            **measures(one.income, line=self.rules.entry_line * self.rules.mean_earnings * index),
            listed=float(np.count_nonzero(one.listed)),
            cash=float(one.cash.sum()),
            stakes=float(one.stake.sum()),
            village_cash=float(self.villages.cash.sum()),
            price=price,
            traded=traded,
            village_gini=gini(np.add.reduceat(one.income, self.first) / self.size),
        )


PROGRAMS = {
    "feidi": Program(FeidiYear, "Feidi", "tables and ledger", ("feidi", "numpy")),
    "feidi-columns": Program(FeidiColumns, "Feidi's rules", "bare columns, no books", ("feidi", "numpy")),
}
