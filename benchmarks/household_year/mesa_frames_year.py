"""The household year in mesa-frames: one agent set of polars for households, one for villages, a method each phase.

Columns are written by expressions on the whole frame (``self.agents = self.agents.with_columns(...)``), the fastest
way there: ``self["cash"] = ...`` joins the set with itself at each write. Households stand sorted by village, which
the frame is told, so that totals of villages are runs and not a hash table. Incomes are measured as arrays, which sort
faster than polars does.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF
from polars import col

from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Opening, Rules, Totals, clear


class Villages(AgentSetPolars):
    """Trade quota, pay their households, and take their money. The id of a village is its row."""

    def __init__(self, model: Economy, start: Opening) -> None:
        super().__init__(model)
        self += pl.DataFrame(
            {
                "unique_id": np.arange(len(start.size)),
                "size": start.size,
                "cash": start.village_cash,
                "rent": start.rent,
                "quota": start.quota,
                "limit": start.limit,
            }
        )

    def step(self) -> None:
        """Rent, and quota bought (below zero: sold) at the price of the year."""
        limit = (self.limit * self.model.index).to_numpy()
        self.price, bought = clear(self.quota.to_numpy(), limit, self.cash.to_numpy())
        mu = pl.Series(bought)
        self.traded = mu.filter(mu > 0.0).sum()
        income = col("rent") * self.model.index + (-mu).clip(0.0) * self.price
        self.agents = self.agents.with_columns(income=income, cash=col("cash") + income - mu.clip(0.0) * self.price)

    def pay(self, due: pl.Series) -> None:
        """The payout to each household, and the part of coupons due that cash allows. due: yuan, (villages,)."""
        payout = pl.min_horizontal(self.model.rules.payout * col("income"), col("cash"))
        left = col("cash") - payout
        part = pl.when(due > 0.0).then((left / due).clip(upper_bound=1.0)).otherwise(0.0)
        self.agents = self.agents.with_columns(each=payout / col("size"), part=part, cash=left - part * due)

    def take(self, offered: pl.Series) -> None:
        """The part of its households' offers that each wants. offered: yuan, (villages,)."""
        wanted = self.model.rules.project * col("income")
        part = pl.when(offered > 0.0).then((wanted / offered).clip(upper_bound=1.0)).otherwise(0.0)
        self.agents = self.agents.with_columns(part=part, cash=col("cash") + part * offered)


class Households(AgentSetPolars):
    """Earn, save, and offer money to their villages."""

    def __init__(self, model: Economy, start: Opening) -> None:
        super().__init__(model)
        self += pl.DataFrame(
            {
                "unique_id": np.arange(len(start.village)) + len(start.size),
                "village": start.village,
                "deviation": start.deviation,
                "cash": start.cash,
                "income": start.income,
                "stake": np.zeros(len(start.village)),
                "listed": np.zeros(len(start.village), dtype=bool),
            }
        )
        self.agents = self.agents.with_columns(col("village").set_sorted())

    def total(self, value: pl.Expr) -> pl.Series:
        """Totals by village."""
        return self.agents.group_by("village", maintain_order=True).agg(value.sum().alias("total"))["total"]

    def of_village(self, name: str) -> pl.Series:
        """A column of villages, at each household."""
        return self.model.villages[name].gather(self.village)

    def step(self) -> None:
        """The review by last year's income, and this year's earnings."""
        r, size = self.model.rules, len(self)
        mean = r.mean_earnings * self.model.index
        before = mean / (1.0 + r.growth)
        shock = pl.Series(self.random.standard_normal(size) if self.model.luck else np.zeros(size))
        deviation = r.persistence * col("deviation") + r.spread * math.sqrt(1.0 - r.persistence**2) * shock
        below, still = col("income") < r.entry_line * before, col("income") < r.exit_line * before
        self.agents = self.agents.with_columns(
            listed=below | (col("listed") & still), deviation=deviation, coupon=r.coupon * col("stake")
        ).with_columns(earned=mean * (col("deviation") - 0.5 * r.spread**2).exp())

    def receive(self) -> None:
        """Income of the year; a part is saved, and a part of savings is offered."""
        r = self.model.rules
        income = col("earned") + self.of_village("each") + self.of_village("part") * col("coupon")
        offer = r.share_of_cash * (col("cash") - r.buffer).clip(0.0)
        self.agents = (
            self.agents.with_columns(income=income)
            .with_columns(cash=col("cash") + r.saving * col("income"))
            .with_columns(offer=pl.when("listed").then(offer.clip(upper_bound=r.listed_offer)).otherwise(offer))
        )

    def invest(self) -> None:
        """What the village takes of the offer becomes a stake."""
        paid = self.of_village("part") * col("offer")
        self.agents = self.agents.with_columns(cash=col("cash") - paid, stake=col("stake") + paid)


class Economy(ModelDF):
    """Households and villages; a step is one year."""

    def __init__(self, start: Opening, *, rules: Rules, luck: bool, seed: int) -> None:
        super().__init__(seed)
        self.rules, self.luck, self.year = rules, luck, 0
        self.villages, self.households = Villages(self, start), Households(self, start)
        self.agents += [self.villages, self.households]

    def step(self) -> None:
        """One year."""
        self.year += 1
        self.index = (1.0 + self.rules.growth) ** self.year
        villages, households = self.villages, self.households
        self.agents.step()  # villages trade, households earn
        villages.do("pay", households.total(col("coupon")))
        households.do("receive")
        villages.do("take", households.total(col("offer")))
        households.do("invest")

    def totals(self) -> Totals:
        """Totals of the year."""
        rules, villages, households = self.rules, self.villages, self.households
        line = rules.entry_line * rules.mean_earnings * self.index
        return Totals(
            **measures(households.income.to_numpy(), line=line),
            listed=float(households.listed.sum()),
            cash=households.cash.sum(),
            stakes=households.stake.sum(),
            village_cash=villages.cash.sum(),
            price=villages.price,
            traded=villages.traded,
            village_gini=gini((households.total(col("income")) / villages["size"]).to_numpy()),
        )


class MesaFramesYear:
    """Steps the economy, and tells the totals of each year: a step of mesa-frames itself returns nothing."""

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        self.model = Economy(start, rules=rules, luck=luck, seed=seed)

    def step(self) -> Totals:
        """One year."""
        self.model.step()
        return self.model.totals()


PROGRAMS = {
    "mesa-frames": Program(MesaFramesYear, "mesa-frames", "all at once", ("mesa-frames", "polars", "numpy")),
}
