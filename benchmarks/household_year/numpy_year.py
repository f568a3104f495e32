"""The household year in plain numpy: columns and bincount, as a competent user writes them without tricks."""

from __future__ import annotations

import numpy as np

from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Floats, Opening, Rules, Totals, clear


class NumpyYear:
    """One array a column; totals of villages by bincount, figures of villages at households by an index."""

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        self.rules, self.luck, self.year, self.start = rules, luck, 0, start
        self.rng = np.random.default_rng(seed)
        self.village, self.villages = start.village, len(start.size)
        self.deviation, self.cash, self.income = start.deviation.copy(), start.cash.copy(), start.income.copy()
        self.stake = np.zeros(len(start.village))
        self.listed = np.zeros(len(start.village), dtype=bool)
        self.village_cash = start.village_cash.copy()

    def step(self) -> Totals:
        """One year."""
        r, self.year = self.rules, self.year + 1
        index = (1.0 + r.growth) ** self.year
        mean = r.mean_earnings * index / (1.0 + r.growth)
        self.listed = (self.income < r.entry_line * mean) | (self.listed & (self.income < r.exit_line * mean))
        earned = self.earn(index)
        price, bought = clear(self.start.quota, self.start.limit * index, self.village_cash)
        village_income = self.start.rent * index + np.maximum(-bought, 0.0) * price
        self.village_cash = self.village_cash + village_income - np.maximum(bought, 0.0) * price
        self.pay_dividends(earned, village_income)
        self.crowdfund(village_income)
        return self.totals(index, price, float(bought[bought > 0.0].sum()))

    def earn(self, index: float) -> Floats:
        """Earnings of the year, yuan."""
        r, households = self.rules, len(self.deviation)
        shock = self.rng.standard_normal(households) if self.luck else np.zeros(households)
        self.deviation = r.persistence * self.deviation + r.spread * np.sqrt(1.0 - r.persistence**2) * shock
        return r.mean_earnings * index * np.exp(self.deviation - 0.5 * r.spread**2)

    def total(self, values: Floats) -> Floats:
        """Totals by village."""
        return np.bincount(self.village, weights=values, minlength=self.villages)

    def pay_dividends(self, earned: Floats, village_income: Floats) -> None:
        """Payouts and coupons make incomes; households save a part."""
        r = self.rules
        coupon = r.coupon * self.stake
        due = self.total(coupon)
        payout = np.minimum(r.payout * village_income, self.village_cash)
        part = np.minimum(1.0, np.divide(self.village_cash - payout, due, out=np.zeros_like(due), where=due > 0.0))
        self.village_cash = self.village_cash - payout - part * due
        self.income = earned + (payout / self.start.size)[self.village] + part[self.village] * coupon
        self.cash = self.cash + r.saving * self.income

    def crowdfund(self, village_income: Floats) -> None:
        """Offers, and what villages take of them."""
        r = self.rules
        offer = r.share_of_cash * np.maximum(self.cash - r.buffer, 0.0)
        offer = np.where(self.listed, np.minimum(offer, r.listed_offer), offer)
        offered = self.total(offer)
        wanted = r.project * village_income
        part = np.minimum(1.0, np.divide(wanted, offered, out=np.zeros_like(offered), where=offered > 0.0))
        paid = part[self.village] * offer
        self.cash = self.cash - paid
        self.stake = self.stake + paid
        self.village_cash = self.village_cash + part * offered

    def totals(self, index: float, price: float, traded: float) -> Totals:
        """Totals of the year."""
        return Totals(
            **measures(self.income, line=self.rules.entry_line * self.rules.mean_earnings * index),
            listed=float(self.listed.sum()),
            cash=float(self.cash.sum()),
            stakes=float(self.stake.sum()),
            village_cash=float(self.village_cash.sum()),
            price=price,
            traded=traded,
            village_gini=gini(self.total(self.income) / self.start.size),
        )


PROGRAMS = {"numpy": Program(NumpyYear, "plain numpy", "all at once", ("numpy",))}
