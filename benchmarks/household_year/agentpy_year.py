"""The household year in AgentPy: one agent a household and a village, three calls of all households a year.

Households act in the order of their list, or the list is shuffled before each call (``AgentList.shuffle``).
"""

from __future__ import annotations

import math

import agentpy as ap
import numpy as np

from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Opening, Rules, Totals, clear


class Village(ap.Agent):
    """Trades quota, pays its households, and takes their money."""

    def setup(self, size: int, cash: float, rent: float, quota: float, limit: float) -> None:
        """A village before the first year: households; yuan; yuan/year; mu; yuan/mu."""
        self.size, self.cash, self.rent, self.quota, self.limit = size, cash, rent, quota, limit
        self.income = self.due = self.offered = self.each = self.part = self.household_income = 0.0

    def trade(self, mu: float, price: float) -> None:
        """Rent, and quota bought (below zero: sold). mu; price: yuan/mu."""
        self.income = self.rent * self.model.index + max(-mu, 0.0) * price
        self.cash += self.income - max(mu, 0.0) * price

    def pay(self) -> None:
        """The payout to each household, and the part of coupons that cash allows."""
        payout = min(self.model.rules.payout * self.income, self.cash)
        self.part = min(1.0, (self.cash - payout) / self.due) if self.due > 0.0 else 0.0
        self.each = payout / self.size
        self.cash -= payout + self.part * self.due
        self.due = self.offered = self.household_income = 0.0

    def take(self) -> None:
        """The part of its households' offers that it wants."""
        self.part = min(1.0, self.model.rules.project * self.income / self.offered) if self.offered > 0.0 else 0.0
        self.cash += self.part * self.offered


class Household(ap.Agent):
    """Earns, saves, and offers money to its village."""

    def setup(self, village: int, deviation: float, cash: float, income: float) -> None:
        """A household before the first year: row of its village; log points; yuan; yuan."""
        self.village = self.model.villages[village]
        self.deviation, self.cash, self.income = deviation, cash, income
        self.earned = self.coupon = self.stake = self.offer = 0.0
        self.listed = False

    def work(self) -> None:
        """The review by last year's income, this year's earnings, and the coupon that the village owes."""
        model, rules = self.model, self.model.rules
        self.listed = self.income < model.entry or (self.listed and self.income < model.exit)
        shock = model.random.gauss(0.0, 1.0) if model.luck else 0.0
        self.deviation = rules.persistence * self.deviation + model.shock_size * shock
        self.earned = model.mean_earnings * math.exp(self.deviation - model.half_variance)
        self.coupon = rules.coupon * self.stake
        self.village.due += self.coupon

    def receive(self) -> None:
        """Income of the year; a part is saved, and a part of savings is offered."""
        rules, village = self.model.rules, self.village
        self.income = self.earned + village.each + village.part * self.coupon
        self.cash += rules.saving * self.income
        offer = rules.share_of_cash * max(self.cash - rules.buffer, 0.0)
        self.offer = min(offer, rules.listed_offer) if self.listed else offer
        village.offered += self.offer
        village.household_income += self.income

    def invest(self) -> None:
        """What the village takes of the offer becomes a stake."""
        paid = self.village.part * self.offer
        self.cash -= paid
        self.stake += paid


class Economy(ap.Model):
    """Households and villages; ``sim_step`` is one year."""

    def setup(self) -> None:
        """Agents of the opening."""
        start, rules = self.p.start, self.p.rules
        self.rules, self.luck = rules, self.p.luck
        self.shock_size = rules.spread * math.sqrt(1.0 - rules.persistence**2)
        self.half_variance = 0.5 * rules.spread**2
        names = ("size", "cash", "rent", "quota", "limit")
        traits = {name: ap.AttrIter(column.tolist()) for name, column in zip(names, start[4:], strict=True)}
        self.villages = ap.AgentList(self, len(start.size), Village, **traits)
        names = ("village", "deviation", "cash", "income")
        traits = {name: ap.AttrIter(column.tolist()) for name, column in zip(names, start[:4], strict=True)}
        self.households = ap.AgentList(self, len(start.village), Household, **traits)

    def acting(self) -> ap.AgentList:
        """Households in the order in which they act next."""
        return self.households.shuffle() if self.p.shuffled else self.households

    def step(self) -> None:
        """One year; ``t`` counts them."""
        rules, villages = self.rules, self.villages
        self.index = (1.0 + rules.growth) ** self.t
        self.mean_earnings = rules.mean_earnings * self.index
        self.entry = rules.entry_line * self.mean_earnings / (1.0 + rules.growth)
        self.exit = rules.exit_line * self.mean_earnings / (1.0 + rules.growth)
        self.acting().work()
        quota, limit, cash = (np.array(list(column)) for column in (villages.quota, villages.limit, villages.cash))
        self.price, self.bought = clear(quota, limit * self.index, cash)
        for village, mu in zip(villages, self.bought.tolist(), strict=True):
            village.trade(mu, self.price)
        villages.pay()
        self.acting().receive()
        villages.take()
        self.acting().invest()

    def totals(self) -> Totals:
        """Totals of the year."""
        households, villages = self.households, self.villages
        means = [village.household_income / village.size for village in villages]
        return Totals(
            **measures(np.array(list(households.income)), line=self.rules.entry_line * self.mean_earnings),
            listed=float(sum(households.listed)),
            cash=sum(households.cash),
            stakes=sum(households.stake),
            village_cash=sum(villages.cash),
            price=self.price,
            traded=float(self.bought[self.bought > 0.0].sum()),
            village_gini=gini(np.array(means)),
        )


class AgentpyYear:
    """Steps the economy as AgentPy's own ``run`` does, and tells the totals of each year."""

    shuffled = False

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        parameters = {"start": start, "rules": rules, "luck": luck, "shuffled": self.shuffled, "seed": seed}
        self.model = Economy(parameters)
        self.model.sim_setup()

    def step(self) -> Totals:
        """One year."""
        self.model.sim_step()
        return self.model.totals()


class AgentpyShuffledYear(AgentpyYear):
    """The same, with the list shuffled before each call."""

    shuffled = True


PROGRAMS = {
    "agentpy": Program(AgentpyYear, "AgentPy", "in order of the list", ("agentpy", "numpy")),
    "agentpy-shuffled": Program(AgentpyShuffledYear, "AgentPy", "list shuffled before each call", ("agentpy", "numpy")),
}
