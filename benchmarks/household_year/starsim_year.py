"""The household year in Starsim: households are its agents, their columns the states of one module, a year its step.

Villages are no agents (Starsim has one kind): the module holds arrays of them. Of the ways that Starsim offers, the
fastest in use is taken: 64-bit states (with 32 the totals would not agree), draws without common random numbers
(``crn=False``), states read by ``values`` and written whole, and no results about births and deaths, which don't
happen. Arithmetic on states themselves copies each state twice a sum, and draws matched to agents between scenarios
turn uniforms into normals, which takes longer than the rest of the year.
"""

from __future__ import annotations

import numpy as np
import starsim as ss

from benchmarks.household_year.program import Program, gini, measures
from benchmarks.household_year.spec import RULES, Floats, Opening, Rules, Totals, clear

LONGEST = 200  # years; Starsim makes room for results of all years beforehand


class Economy(ss.Module):
    """Households as states, villages as arrays."""

    def __init__(self, start: Opening, *, rules: Rules, luck: bool) -> None:
        super().__init__()
        self.start, self.rules = start, rules
        self.define_pars(luck=ss.normal(loc=0.0, scale=float(luck)))
        self.define_states(
            ss.FloatArr("deviation", default=lambda count: start.deviation[:count]),
            ss.FloatArr("cash", default=lambda count: start.cash[:count]),
            ss.FloatArr("income", default=lambda count: start.income[:count]),
            ss.FloatArr("stake", default=0.0),
            ss.BoolState("listed", default=False),
        )
        self.village_cash = start.village_cash.copy()

    def init_results(self) -> None:
        """The totals of a year are results of Starsim; how many are listed, it counts by itself."""
        super().init_results()
        self.define_results(*(ss.Result(name, dtype=float) for name in Totals._fields if name != "listed"))

    def total(self, values: Floats) -> Floats:
        """Totals by village."""
        return np.bincount(self.start.village, weights=values, minlength=len(self.start.size))

    def step(self) -> None:
        """One year."""
        r, start = self.rules, self.start
        self.index = (1.0 + r.growth) ** (self.ti + 1)
        mean, income = r.mean_earnings * self.index / (1.0 + r.growth), self.income.values
        self.listed[:] = (income < r.entry_line * mean) | (self.listed.values & (income < r.exit_line * mean))
        earned = self.earn()
        price, bought = clear(start.quota, start.limit * self.index, self.village_cash)
        village_income = start.rent * self.index + np.maximum(-bought, 0.0) * price
        self.village_cash = self.village_cash + village_income - np.maximum(bought, 0.0) * price
        self.pay_dividends(earned, village_income)
        self.crowdfund(village_income)
        self.price, self.traded = price, float(bought[bought > 0.0].sum())

    def earn(self) -> Floats:
        """Earnings of the year, yuan."""
        r, shock = self.rules, self.pars.luck.rvs(self.sim.people.auids)
        self.deviation[:] = r.persistence * self.deviation.values + r.spread * np.sqrt(1.0 - r.persistence**2) * shock
        return r.mean_earnings * self.index * np.exp(self.deviation.values - 0.5 * r.spread**2)

    def pay_dividends(self, earned: Floats, village_income: Floats) -> None:
        """Payouts and coupons make incomes; households save a part."""
        r, village = self.rules, self.start.village
        coupon = r.coupon * self.stake.values
        due = self.total(coupon)
        payout = np.minimum(r.payout * village_income, self.village_cash)
        part = np.minimum(1.0, np.divide(self.village_cash - payout, due, out=np.zeros_like(due), where=due > 0.0))
        self.village_cash = self.village_cash - payout - part * due
        self.income[:] = earned + (payout / self.start.size)[village] + part[village] * coupon
        self.cash[:] = self.cash.values + r.saving * self.income.values

    def crowdfund(self, village_income: Floats) -> None:
        """Offers, and what villages take of them."""
        r = self.rules
        offer = r.share_of_cash * np.maximum(self.cash.values - r.buffer, 0.0)
        offer = np.where(self.listed.values, np.minimum(offer, r.listed_offer), offer)
        offered = self.total(offer)
        wanted = r.project * village_income
        part = np.minimum(1.0, np.divide(wanted, offered, out=np.zeros_like(offered), where=offered > 0.0))
        paid = part[self.start.village] * offer
        self.cash[:] = self.cash.values - paid
        self.stake[:] = self.stake.values + paid
        self.village_cash = self.village_cash + part * offered

    def update_results(self) -> None:
        """Totals of the year."""
        super().update_results()
        income = self.income.values
        found = {
            **measures(income, line=self.rules.entry_line * self.rules.mean_earnings * self.index),
            "cash": self.cash.values.sum(),
            "stakes": self.stake.values.sum(),
            "village_cash": self.village_cash.sum(),
            "price": self.price,
            "traded": self.traded,
            "village_gini": gini(self.total(income) / self.start.size),
        }
        for name, value in found.items():
            self.results[name][self.ti] = value


class StarsimYear:
    """Steps a sim of Starsim, and tells the results of each year."""

    def __init__(self, start: Opening, *, rules: Rules = RULES, luck: bool = True, seed: int = 1) -> None:
        ss.options(precision=64, crn=False, verbose=0)
        self.economy, self.year = Economy(start, rules=rules, luck=luck), 0
        self.sim = ss.Sim(
            modules=self.economy,
            n_agents=len(start.village),
            dur=LONGEST,
            rand_seed=seed,
            people_results=False,
            copy_inputs=False,
        )
        self.sim.init()

    def step(self) -> Totals:
        """One year."""
        self.sim.run_one_step()
        results = self.economy.results
        names = ("n_listed" if name == "listed" else name for name in Totals._fields)
        self.year += 1
        return Totals(*(float(results[name][self.year - 1]) for name in names))


PROGRAMS = {"starsim": Program(StarsimYear, "Starsim", "all at once", ("starsim", "numpy", "numba"))}
