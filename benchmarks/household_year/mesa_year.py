"""The household year in Mesa: one agent a household and a village, three activations of all households a year.

Households act in order (``do``) or in an order drawn anew at each activation (``shuffle_do``). Nothing depends on it:
each activation only adds to its village, and villages answer when all have acted.
"""

from __future__ import annotations

import itertools
import math
import weakref

import mesa
import numpy as np

from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Opening, Rules, Totals, clear


class Counters(weakref.WeakKeyDictionary):
    """Counts agents of each model without keeping the model alive, as Mesa 3.3.1's own dictionary does."""

    def __getitem__(self, model: mesa.Model) -> itertools.count[int]:
        return self.setdefault(model, itertools.count(1))


class Village(mesa.Agent):
    """Trades quota, pays its households, and takes their money."""

    _ids = Counters()  # Mesa 3.3.1 only; newer versions don't look at it

    def __init__(self, model: Economy, *, size: int, cash: float, rent: float, quota: float, limit: float) -> None:
        super().__init__(model)
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


class Household(mesa.Agent):
    """Earns, saves, and offers money to its village."""

    _ids = Counters()

    def __init__(self, model: Economy, village: Village, deviation: float, cash: float, income: float) -> None:
        super().__init__(model)
        self.village, self.deviation, self.cash, self.income = village, deviation, cash, income
        self.earned = self.coupon = self.stake = self.offer = 0.0
        self.listed = False

    def work(self) -> None:
        """The review by last year's income, this year's earnings, and the coupon that the village owes."""
        model, rules = self.model, self.model.rules
        self.listed = self.income < model.entry or (self.listed and self.income < model.exit)
        shock = self.random.gauss(0.0, 1.0) if model.luck else 0.0
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


class Economy(mesa.Model):
    """Households and villages; a step is one year."""

    def __init__(self, start: Opening, *, rules: Rules, luck: bool, shuffled: bool, seed: int) -> None:
        super().__init__(rng=seed)
        self.rules, self.luck, self.shuffled, self.year = rules, luck, shuffled, 0
        self.shock_size = rules.spread * math.sqrt(1.0 - rules.persistence**2)
        self.half_variance = 0.5 * rules.spread**2
        villages = [
            Village(self, size=size, cash=cash, rent=rent, quota=quota, limit=limit)
            for size, cash, rent, quota, limit in zip(*(column.tolist() for column in start[4:]), strict=True)
        ]
        for village, *traits in zip(*(column.tolist() for column in start[:4]), strict=True):
            Household(self, villages[village], *traits)

    def activate(self, method: str) -> None:
        """Every household does one thing."""
        households = self.agents_by_type[Household]
        if self.shuffled:
            households.shuffle_do(method)
        else:
            households.do(method)

    def step(self) -> None:
        """One year."""
        rules, villages = self.rules, self.agents_by_type[Village]
        self.year += 1
        self.index = (1.0 + rules.growth) ** self.year
        self.mean_earnings = rules.mean_earnings * self.index
        self.entry = rules.entry_line * self.mean_earnings / (1.0 + rules.growth)
        self.exit = rules.exit_line * self.mean_earnings / (1.0 + rules.growth)
        self.activate("work")
        quota, limit, cash = np.array(villages.get(["quota", "limit", "cash"])).T
        self.price, self.bought = clear(quota, limit * self.index, cash)
        for village, mu in zip(villages, self.bought.tolist(), strict=True):
            village.trade(mu, self.price)
        villages.do("pay")
        self.activate("receive")
        villages.do("take")
        self.activate("invest")

    def totals(self) -> Totals:
        """Totals of the year."""
        households, villages = self.agents_by_type[Household], self.agents_by_type[Village]
        means = [village.household_income / village.size for village in villages]
        return Totals(
            **measures(np.array(households.get("income")), line=self.rules.entry_line * self.mean_earnings),
            listed=float(households.agg("listed", sum)),
            cash=households.agg("cash", sum),
            stakes=households.agg("stake", sum),
            village_cash=villages.agg("cash", sum),
            price=self.price,
            traded=float(self.bought[self.bought > 0.0].sum()),
            village_gini=gini(np.array(means)),
        )


class MesaYear:
    """Steps the economy, and tells the totals of each year: a step of Mesa itself returns nothing."""

    shuffled = False

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        self.model = Economy(start, rules=rules, luck=luck, shuffled=self.shuffled, seed=seed)

    def step(self) -> Totals:
        """One year."""
        self.model.step()
        return self.model.totals()


class MesaShuffledYear(MesaYear):
    """The same, in an order drawn anew at each activation."""

    shuffled = True


PROGRAMS = {
    "mesa": Program(MesaYear, "Mesa", "in order (do)", ("mesa", "numpy")),
    "mesa-shuffled": Program(MesaShuffledYear, "Mesa", "shuffled at each activation (shuffle_do)", ("mesa", "numpy")),
}
