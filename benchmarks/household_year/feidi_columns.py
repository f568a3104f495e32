"""The household year by this project's rules on bare columns, whole villages at a time, without tables or books.

What the households of a village do in a year needs nothing of other villages but the auction before it. So blocks of
whole villages go through all of the year while they are in a core's cache. The rules are the model's own where it has
them (luck, earnings, the list). ``feidi_year`` is the same on the project's own tables, with every yuan booked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.groups import blocks_of
from agents.household import earnings_of, next_deviation
from agents.low_income import status
from benchmarks.household_year.program import gini, measures
from benchmarks.household_year.spec import RULES, Floats, Opening, Rows, Rules, Totals, clear
from model.draws import Draws


class Block(NamedTuple):
    """Some villages, their households, the households of each, and where in the block these begin."""

    villages: slice
    households: slice
    size: Rows
    start: Rows


def blocks(size: Rows) -> list[Block]:
    """Whole villages in turn. size: households of each village, shape (villages,)."""
    return [
        Block(villages, rows, size[villages], np.cumsum(size[villages]) - size[villages])
        for villages, rows in blocks_of(size)
    ]


class FeidiColumns:
    """Columns of households village by village; sums by runs, figures of villages repeated."""

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        self.rules, self.luck, self.year, self.start = rules, luck, 0, start
        self.draws, self.blocks = Draws(seed), blocks(start.size)
        self.deviation, self.cash, self.income = start.deviation.copy(), start.cash.copy(), start.income.copy()
        self.stake = np.zeros(len(start.village))
        self.listed = np.zeros(len(start.village), dtype=bool)
        self.purse = start.village_cash.copy()

    def step(self) -> Totals:
        """One year: the auction, then block by block all that households do."""
        r, self.year = self.rules, self.year + 1
        index = (1.0 + r.growth) ** self.year
        price, bought = clear(self.start.quota, self.start.limit * index, self.purse)
        village_income = self.start.rent * index + np.maximum(-bought, 0.0) * price
        self.purse += village_income - np.maximum(bought, 0.0) * price
        luck = self.draws.generator("household: earnings", self.year)
        means = np.empty(len(self.purse))
        listed = cash = stakes = 0.0
        for block in self.blocks:
            rows = block.households
            self.review(rows, index / (1.0 + r.growth))
            shock = luck.standard_normal(rows.stop - rows.start) if self.luck else np.zeros(rows.stop - rows.start)
            means[block.villages] = self.pay(block, self.earn(rows, shock, index), village_income[block.villages])
            self.crowdfund(block, village_income[block.villages])
            listed += float(np.count_nonzero(self.listed[rows]))
            cash, stakes = cash + float(self.cash[rows].sum()), stakes + float(self.stake[rows].sum())
        return self.totals(index, price, float(bought[bought > 0.0].sum()), listed, cash, stakes, means)

    def review(self, rows: slice, index: float) -> None:
        """The list, by last year's income."""
        r = self.rules
        lines = {"entry_line": r.entry_line * r.mean_earnings, "exit_line": r.exit_line * r.mean_earnings}
        now = {name: line * index for name, line in lines.items()}
        self.listed[rows] = status(self.income[rows], self.listed[rows], **now)

    def earn(self, rows: slice, shock: Floats, index: float) -> Floats:
        """Earnings of the year, yuan."""
        r = self.rules
        after = next_deviation(self.deviation[rows], shock, persistence=r.persistence, spread=r.spread)
        self.deviation[rows] = after
        return earnings_of(after, mean=r.mean_earnings * index, spread=r.spread)

    def pay(self, block: Block, income: Floats, village_income: Floats) -> Floats:
        """Payouts and coupons come to earnings, a part is saved; returns the villages' mean incomes."""
        r, purse = self.rules, self.purse[block.villages]
        coupon = r.coupon * self.stake[block.households]
        due = np.add.reduceat(coupon, block.start)
        payout = np.minimum(r.payout * village_income, purse)
        part = np.minimum(1.0, np.divide(purse - payout, due, out=np.zeros(len(due)), where=due > 0.0))
        purse -= payout + part * due
        coupon *= np.repeat(part, block.size)
        income += np.repeat(payout / block.size, block.size)
        income += coupon
        self.income[block.households] = income
        means: Floats = np.add.reduceat(income, block.start) / block.size
        income *= r.saving
        self.cash[block.households] += income
        return means

    def crowdfund(self, block: Block, village_income: Floats) -> None:
        """Households offer a part of what they saved; a village takes of each the same part."""
        r, cash = self.rules, self.cash[block.households]
        offer = cash - r.buffer
        np.maximum(offer, 0.0, out=offer)
        offer *= r.share_of_cash
        offer = np.where(self.listed[block.households], np.minimum(offer, r.listed_offer), offer)
        offered = np.add.reduceat(offer, block.start)
        wanted = r.project * village_income
        part = np.minimum(1.0, np.divide(wanted, offered, out=np.zeros(len(wanted)), where=offered > 0.0))
        offer *= np.repeat(part, block.size)
        cash -= offer
        self.stake[block.households] += offer
        self.purse[block.villages] += part * offered

    def totals(
        self, index: float, price: float, traded: float, listed: float, cash: float, stakes: float, means: Floats
    ) -> Totals:
        """Totals of the year."""
        line = self.rules.entry_line * self.rules.mean_earnings * index
        return Totals(
            **measures(self.income, line=line),
            listed=listed,
            cash=cash,
            stakes=stakes,
            village_cash=float(self.purse.sum()),
            price=price,
            traded=traded,
            village_gini=gini(means),
        )
