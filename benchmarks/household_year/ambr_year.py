"""The household year in ambr: its vectorised lane on the CPU, with columns borrowed as arrays and committed back.

Households are ambr's agents, villages arrays of the model. ``agents.borrow`` and ``agents.commit`` are ambr's way for
steps that are sums over whole columns; the table itself stays a frame of polars.
"""

from __future__ import annotations

import ambr as am
import numpy as np

from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Floats, Opening, Rules, Totals, clear


class Economy(am.Model):
    """Households as agents, villages as arrays."""

    def __init__(self, start: Opening, *, rules: Rules, luck: bool, seed: int) -> None:
        super().__init__({"seed": seed, "mode": "vectorized"})
        self.start, self.rules, self.luck = start, rules, luck
        self.village_cash = start.village_cash.copy()
        self.add_agents(
            len(start.village),
            village=start.village,
            deviation=start.deviation,
            cash=start.cash,
            income=start.income,
            stake=0.0,
            listed=False,
        )

    def column(self, name: str) -> Floats:
        """A column of all households, read-only."""
        return self.agents.borrow(name)[0]

    def total(self, values: Floats) -> Floats:
        """Totals by village."""
        return np.bincount(self.column("village"), weights=values, minlength=len(self.start.size))

    def step_vectorized(self) -> None:
        """One year."""
        r, start = self.rules, self.start
        self.index = (1.0 + r.growth) ** (self.t + 1)
        mean, income = r.mean_earnings * self.index / (1.0 + r.growth), self.column("income")
        listed = (income < r.entry_line * mean) | (self.column("listed") & (income < r.exit_line * mean))
        self.agents.commit(listed=listed)
        earned = self.earn()
        self.price, bought = clear(start.quota, start.limit * self.index, self.village_cash)
        self.traded = float(bought[bought > 0.0].sum())
        village_income = start.rent * self.index + np.maximum(-bought, 0.0) * self.price
        self.village_cash = self.village_cash + village_income - np.maximum(bought, 0.0) * self.price
        self.pay_dividends(earned, village_income)
        self.crowdfund(village_income)

    def earn(self) -> Floats:
        """Earnings of the year, yuan."""
        r, before = self.rules, self.column("deviation")
        shock = self.rng.standard_normal(len(before)) if self.luck else np.zeros(len(before))
        deviation = r.persistence * before + r.spread * np.sqrt(1.0 - r.persistence**2) * shock
        self.agents.commit(deviation=deviation)
        return r.mean_earnings * self.index * np.exp(deviation - 0.5 * r.spread**2)

    def pay_dividends(self, earned: Floats, village_income: Floats) -> None:
        """Payouts and coupons make incomes; households save a part."""
        r, village = self.rules, self.column("village")
        coupon = r.coupon * self.column("stake")
        due = self.total(coupon)
        payout = np.minimum(r.payout * village_income, self.village_cash)
        part = np.minimum(1.0, np.divide(self.village_cash - payout, due, out=np.zeros_like(due), where=due > 0.0))
        self.village_cash = self.village_cash - payout - part * due
        income = earned + (payout / self.start.size)[village] + part[village] * coupon
        self.agents.commit(income=income, cash=self.column("cash") + r.saving * income)

    def crowdfund(self, village_income: Floats) -> None:
        """Offers, and what villages take of them."""
        r, cash = self.rules, self.column("cash")
        offer = r.share_of_cash * np.maximum(cash - r.buffer, 0.0)
        offer = np.where(self.column("listed"), np.minimum(offer, r.listed_offer), offer)
        offered = self.total(offer)
        wanted = r.project * village_income
        part = np.minimum(1.0, np.divide(wanted, offered, out=np.zeros_like(offered), where=offered > 0.0))
        paid = part[self.column("village")] * offer
        self.agents.commit(cash=cash - paid, stake=self.column("stake") + paid)
        self.village_cash = self.village_cash + part * offered

    def update(self) -> None:
        """Totals of the year; ambr calls it after each step."""
        agents, income = self.agents, self.column("income")
        self.totals = Totals(
            **measures(income, line=self.rules.entry_line * self.rules.mean_earnings * self.index),
            listed=float(agents.listed.sum()),
            cash=agents.cash.sum(),
            stakes=agents.stake.sum(),
            village_cash=float(self.village_cash.sum()),
            price=self.price,
            traded=self.traded,
            village_gini=gini(self.total(income) / self.start.size),
        )


class AmbrYear:
    """Steps a model of ambr, and tells the totals of each year."""

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        self.model = Economy(start, rules=rules, luck=luck, seed=seed)

    def step(self) -> Totals:
        """One year."""
        self.model.run_step()
        return self.model.totals


PROGRAMS = {"ambr": Program(AmbrYear, "ambr", "all at once", ("ambr", "polars", "numpy"))}
