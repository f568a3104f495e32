"""The household year: one small economy that every framework of the comparison runs, stated once.

Households of villages earn with luck that lasts in part, get dividends, are reviewed for the list of low-income
households, and crowdfund with what they saved; villages trade land quota at one price. Needs numpy alone, so that each
framework's own environment can import it: figures (``RULES``), the opening (``opening``), and the year in plain loops
(``PlainYear``), against which every other program's totals are checked with the luck switched off.

The figures are assumed: they only have to keep all rules busy at every size. Money is in yuan, land in mu.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """Figures of the household year, all assumed."""

    households_a_village: int = 250
    mean_earnings: float = 30_000.0  # yuan a household and year, before growth
    growth: float = 0.05  # a year, of earnings, rents and the two lines
    spread: float = 0.7  # standard deviation of logs of earnings
    persistence: float = 0.9  # of the log deviation from one year to the next
    saving: float = 0.2  # share of a household's income
    payout: float = 0.3  # share of a village's income paid out, each household the same
    coupon: float = 0.08  # yuan a year on each yuan of a household's stake, as far as the village has cash
    entry_line: float = 0.5  # of mean earnings: last year's income below it puts a household on the list
    exit_line: float = 0.6  # of mean earnings: up to it, it stays
    village_rent: float = 400_000.0  # yuan a village and year
    project: float = 0.1  # yuan a village wants to raise, for each yuan of its income of the year
    buffer: float = 2_000.0  # yuan that a household keeps back
    share_of_cash: float = 0.1  # of what it has above, that a household offers
    listed_offer: float = 500.0  # yuan, the most that a listed household offers


RULES = Rules()


class Opening(NamedTuple):
    """The economy before its first year; households stand village by village."""

    village: Rows  # of each household
    deviation: Floats  # log points, of each household
    cash: Floats  # yuan, of each household
    income: Floats  # yuan in the year before, of each household
    size: Rows  # households of each village
    village_cash: Floats  # yuan
    rent: Floats  # yuan/year of each village
    quota: Floats  # mu that each village sells or, below zero, wants to buy every year
    limit: Floats  # yuan/mu that a seller asks for or a buyer pays at most


class Totals(NamedTuple):
    """What a year is told by; all programs must agree on these."""

    mean_income: float  # yuan a household
    median_income: float
    gini: float
    poor: float  # share of households below the entry line
    listed: float  # households
    cash: float  # yuan, of all households
    stakes: float  # yuan, of all households
    village_cash: float  # yuan, of all villages
    price: float  # yuan/mu
    traded: float  # mu
    village_gini: float  # of mean household incomes of villages


def opening(households: int, *, rules: Rules = RULES, seed: int = 1) -> Opening:
    """The same opening for every program. households: at least one village's."""
    rng = np.random.Generator(np.random.Philox(seed))
    villages = max(4, households // rules.households_a_village)
    weight = rng.uniform(0.5, 1.5, villages)
    size = np.maximum(1, np.floor(households * weight / weight.sum())).astype(np.int64)
    size[-1] += households - int(size.sum())
    deviation = rules.spread * rng.standard_normal(households)
    income = rules.mean_earnings * np.exp(deviation - 0.5 * rules.spread**2)
    side = np.where(np.arange(villages) % 2 == 0, 1.0, -1.0)
    return Opening(
        village=np.repeat(np.arange(villages), size),
        deviation=deviation,
        cash=rules.saving * income,
        income=income,
        size=size,
        village_cash=np.full(villages, rules.village_rent),
        rent=rules.village_rent * rng.uniform(0.5, 1.5, villages),
        quota=side * rng.uniform(0.1, 1.0, villages),
        limit=100_000.0 * rng.uniform(0.5, 1.5, villages),
    )


def clear(quota: Floats, limit: Floats, purse: Floats) -> tuple[float, Floats]:
    """Call auction at one price among villages: (price in yuan/mu, mu bought by each, below zero where sold).

    quota: mu for sale, below zero where wanted; limit: yuan/mu; purse: yuan, which a buyer's demand can't exceed; all
    of shape (villages,). Cheap sellers and eager buyers come first; the price lies half-way between the last of both.
    Villages are few, so that every program may call this one.
    """
    sellers = np.flatnonzero(quota > 0.0)
    buyers = np.flatnonzero(quota < 0.0)
    sellers = sellers[np.argsort(limit[sellers], kind="stable")]
    buyers = buyers[np.argsort(-limit[buyers], kind="stable")]
    supply = np.cumsum(quota[sellers])
    wanted = np.minimum(-quota[buyers], np.maximum(purse[buyers], 0.0) / limit[buyers])
    demand = np.cumsum(wanted)
    traded, price = 0.0, 0.0
    asks, bids, sold, taken = (column.tolist() for column in (limit[sellers], limit[buyers], supply, demand))
    i = j = 0
    while i < len(asks) and j < len(bids) and asks[i] <= bids[j]:
        traded, price = min(sold[i], taken[j]), 0.5 * (asks[i] + bids[j])
        if sold[i] <= taken[j]:
            i += 1
        else:
            j += 1
    bought = np.zeros(len(quota))
    bought[sellers] = -np.clip(traded - (supply - quota[sellers]), 0.0, quota[sellers])
    bought[buyers] = np.clip(traded - (demand - wanted), 0.0, wanted)
    return float(price), bought


def gini(values: list[float]) -> float:
    """Gini coefficient, from the sorted values."""
    ordered = sorted(values)
    total, count = math.fsum(ordered), len(ordered)
    return math.fsum((2 * rank - count - 1) * value for rank, value in enumerate(ordered, 1)) / (count * total)


class PlainYear:
    """The household year in plain loops: slow, and short enough to check by eye. Luck is given from outside."""

    def __init__(self, start: Opening, *, rules: Rules = RULES) -> None:
        self.rules, self.start, self.year = rules, start, 0
        self.village = start.village.tolist()
        self.deviation, self.cash, self.income = (list(map(float, one)) for one in start[1:4])
        self.stake = [0.0] * len(self.village)
        self.listed = [False] * len(self.village)
        self.purse = list(map(float, start.village_cash))

    def step(self, luck: list[float]) -> Totals:
        """One year. luck: a standard normal number of each household, or zeros."""
        self.year += 1
        index = (1.0 + self.rules.growth) ** self.year
        self._review(index)
        earned = self._earn(luck, index)
        price, traded, income = self._villages(index)
        self._dividends(earned, income)
        self._crowdfund(income)
        return self._totals(index, price, traded)

    def _review(self, index: float) -> None:
        """The list is reviewed by last year's income."""
        mean = self.rules.mean_earnings * index / (1.0 + self.rules.growth)
        for row, income in enumerate(self.income):
            below, still = income < self.rules.entry_line * mean, income < self.rules.exit_line * mean
            self.listed[row] = below or (self.listed[row] and still)

    def _earn(self, luck: list[float], index: float) -> list[float]:
        """Deviations follow an AR(1) of lasting spread; earnings are lognormal around a growing mean."""
        r, earned = self.rules, []
        for row, shock in enumerate(luck):
            self.deviation[row] = (
                r.persistence * self.deviation[row] + r.spread * math.sqrt(1.0 - r.persistence**2) * shock
            )
            earned.append(r.mean_earnings * index * math.exp(self.deviation[row] - 0.5 * r.spread**2))
        return earned

    def _villages(self, index: float) -> tuple[float, float, list[float]]:
        """Quota is sold at one price; income is rent and what was sold. Returns price, mu traded, and income."""
        price, bought = clear(self.start.quota, self.start.limit * index, np.array(self.purse))
        income = []
        for row, mu in enumerate(bought.tolist()):
            income.append(float(self.start.rent[row]) * index + max(-mu, 0.0) * price)
            self.purse[row] += income[row] - max(mu, 0.0) * price
        return price, float(bought[bought > 0.0].sum()), income

    def _dividends(self, earned: list[float], income: list[float]) -> None:
        """Villages pay out a share of their income, then coupons on stakes as far as cash goes; households consume."""
        r, villages = self.rules, len(self.purse)
        due = [0.0] * villages
        for row, village in enumerate(self.village):
            due[village] += r.coupon * self.stake[row]
        each, part = [], []
        for village in range(villages):
            payout = min(r.payout * income[village], self.purse[village])
            left = self.purse[village] - payout
            part.append(min(1.0, left / due[village]) if due[village] > 0.0 else 0.0)
            each.append(payout / int(self.start.size[village]))
            self.purse[village] -= payout + part[village] * due[village]
        for row, village in enumerate(self.village):
            self.income[row] = earned[row] + each[village] + part[village] * r.coupon * self.stake[row]
            self.cash[row] += r.saving * self.income[row]

    def _crowdfund(self, income: list[float]) -> None:
        """Households offer a part of what they saved; a village takes as much as it wants, from each the same part."""
        r, offers, offered = self.rules, [], [0.0] * len(self.purse)
        for row, village in enumerate(self.village):
            offer = r.share_of_cash * max(self.cash[row] - r.buffer, 0.0)
            offers.append(min(offer, r.listed_offer) if self.listed[row] else offer)
            offered[village] += offers[row]
        part = [
            min(1.0, r.project * income[village] / offered[village]) if offered[village] > 0.0 else 0.0
            for village in range(len(self.purse))
        ]
        for row, village in enumerate(self.village):
            paid = part[village] * offers[row]
            self.cash[row] -= paid
            self.stake[row] += paid
        for village, total in enumerate(offered):
            self.purse[village] += part[village] * total

    def _totals(self, index: float, price: float, traded: float) -> Totals:
        means = [0.0] * len(self.purse)
        for row, village in enumerate(self.village):
            means[village] += self.income[row] / int(self.start.size[village])
        line = self.rules.entry_line * self.rules.mean_earnings * index
        return Totals(
            mean_income=math.fsum(self.income) / len(self.income),
            median_income=float(np.median(self.income)),
            gini=gini(self.income),
            poor=sum(income < line for income in self.income) / len(self.income),
            listed=float(sum(self.listed)),
            cash=math.fsum(self.cash),
            stakes=math.fsum(self.stake),
            village_cash=math.fsum(self.purse),
            price=price,
            traded=traded,
            village_gini=gini(means),
        )
