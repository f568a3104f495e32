"""Many seeds of 72 villages without households, in three ways: the village part of ``household_year.spec``.

Every year villages trade land quota by ``spec.clear``, earn rent and what they sold, and pay out a share of it, to
nobody in particular. What is told of a year: mean income, price, mu traded, and the Gini of villages' incomes.

``by_mesa``: a village is a ``mesa.Agent`` with attributes, its year a method; ``mesa.batch_run`` runs the seeds in this
process and hands back every year. ``one_by_one``: a village is a row of numpy columns, seeds run one after another, as
the project runs them. ``together``: the same columns with a leading axis of seeds; the auction is written anew for all
seeds at once (``clear_all``), which the others need not. The project has no such axis, since its households fill the
arrays of one run. ``check`` holds ``together`` to ``one_by_one`` bit for bit, and ``by_mesa`` to both within 1e-12.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from benchmarks.household_year.spec import RULES, Floats, clear, gini

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Mesa 3.3.1 warns of a hook of its own
    import mesa

VILLAGES, YEARS, SEEDS = 72, 16, 100  # of Pinghu, 2006 to 2021; how many seeds is assumed
TOLD = ("income", "price", "traded", "gini")  # yuan a village, yuan/mu, mu, 1


def start(seed: int) -> tuple[Floats, Floats, Floats]:
    """Rents (yuan/year), quota (mu, below zero where wanted) and limits (yuan/mu) of a seed's villages: as in spec."""
    rng = np.random.Generator(np.random.Philox(seed))
    side = np.where(np.arange(VILLAGES) % 2 == 0, 1.0, -1.0)
    rent = RULES.village_rent * rng.uniform(0.5, 1.5, VILLAGES)
    return rent, side * rng.uniform(0.1, 1.0, VILLAGES), 100_000.0 * rng.uniform(0.5, 1.5, VILLAGES)


def index_of(year: int) -> float:
    """Rents and limits of a year (from 1) against those of the opening."""
    return (1.0 + RULES.growth) ** year


class Village(mesa.Agent):
    """A village as an object."""

    def __init__(self, model: Villages, rent: float, quota: float, limit: float) -> None:
        super().__init__(model)
        self.rent, self.quota, self.limit, self.purse, self.income = rent, quota, limit, RULES.village_rent, 0.0

    def live(self, mu: float, price: float, index: float) -> None:
        """One year after the auction. mu: bought, below zero where sold."""
        self.income = self.rent * index + max(-mu, 0.0) * price
        self.purse += self.income - max(mu, 0.0) * price
        self.purse -= min(RULES.payout * self.income, self.purse)


class Villages(mesa.Model):
    """The villages of one seed, as a plain Mesa model. luck: the seed, as a parameter that batch_run varies."""

    def __init__(self, luck: int = 1) -> None:
        super().__init__(rng=luck)
        for rent, quota, limit in zip(*(column.tolist() for column in start(luck)), strict=True):
            Village(self, rent, quota, limit)
        self.income = self.price = self.traded = self.gini = 0.0
        self.datacollector = mesa.DataCollector(model_reporters={name: name for name in TOLD})

    def step(self) -> None:
        """One year."""
        villages = list(self.agents)
        index = index_of(int(self.steps))
        quota, limit, purse = (np.array([getattr(v, name) for v in villages]) for name in ("quota", "limit", "purse"))
        self.price, bought = clear(quota, limit * index, purse)
        for village, mu in zip(villages, bought.tolist(), strict=True):
            village.live(mu, self.price, index)
        incomes = [village.income for village in villages]
        self.income, self.gini = sum(incomes) / VILLAGES, gini(incomes)
        self.traded = float(bought[bought > 0.0].sum())
        self.datacollector.collect(self)
        self.running = self.steps < YEARS


def by_mesa(seeds: Sequence[int]) -> Floats:
    """What ``mesa.batch_run`` tells of Mesa's objects, shape (seeds, years, told)."""
    found = mesa.batch_run(
        Villages, {"luck": list(seeds)}, number_processes=1, data_collection_period=1, display_progress=False
    )
    rows = [[row[name] for name in TOLD] for row in found if "price" in row]
    return np.array(rows, dtype=float).reshape(len(seeds), -1, len(TOLD))[:, -YEARS:]


def live(rent: Floats, purse: Floats, bought: Floats, price: Floats, index: float) -> tuple[Floats, Floats]:
    """A year after the auction: incomes and purses, yuan, shape (..., villages). price: yuan/mu, shape (..., 1)."""
    income = rent * index + np.maximum(-bought, 0.0) * price
    purse = purse + (income - np.maximum(bought, 0.0) * price)
    return income, purse - np.minimum(RULES.payout * income, purse)


def gini_of(income: Floats) -> Floats:
    """Gini coefficients over the last axis."""
    count = income.shape[-1]
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0
    return (weights * np.sort(income, axis=-1)).sum(axis=-1) / (count * income.sum(axis=-1))


def tell(income: Floats, price: Floats, bought: Floats) -> Floats:
    """What a year is told by, shape (..., told). price: shape (...)."""
    traded = np.where(bought > 0.0, bought, 0.0).sum(axis=-1)
    return np.stack([income.mean(axis=-1), price, traded, gini_of(income)], axis=-1)


def one_by_one(seeds: Sequence[int]) -> Floats:
    """The columns of each seed by themselves, shape (seeds, years, told)."""
    found = np.empty((len(seeds), YEARS, len(TOLD)))
    for row, seed in enumerate(seeds):
        rent, quota, limit = start(seed)
        purse = np.full(VILLAGES, RULES.village_rent)
        for year in range(1, YEARS + 1):
            price, bought = clear(quota, limit * index_of(year), purse)
            income, purse = live(rent, purse, bought, np.array([price]), index_of(year))
            found[row, year - 1] = tell(income, np.array(price), bought)
    return found


def clear_all(quota: Floats, limit: Floats, purse: Floats) -> tuple[Floats, Floats]:
    """``spec.clear`` for many seeds at once: prices, shape (seeds,), and mu bought, shape (seeds, villages).

    Steps up in supply and in demand are put in one order; those before the limits cross are trades.
    """
    asks = np.argsort(np.where(quota > 0.0, limit, np.inf), axis=1, kind="stable")
    bids = np.argsort(np.where(quota < 0.0, -limit, np.inf), axis=1, kind="stable")
    offered = np.take_along_axis(np.maximum(quota, 0.0), asks, axis=1)
    wanted = np.take_along_axis(np.minimum(np.maximum(-quota, 0.0), np.maximum(purse, 0.0) / limit), bids, axis=1)
    supply, demand = np.cumsum(offered, axis=1), np.cumsum(wanted, axis=1)
    price, traded = _crossing(quota, limit, asks, bids, np.concatenate([supply, demand], axis=1))
    bought = np.zeros_like(quota)
    sold = np.clip(traded[:, None] - (supply - offered), 0.0, offered)
    got = np.clip(traded[:, None] - (demand - wanted), 0.0, wanted)
    np.put_along_axis(bought, asks, -sold, axis=1)
    kept = np.take_along_axis(bought, bids, axis=1)
    np.put_along_axis(bought, bids, np.where(wanted > 0.0, got, kept), axis=1)
    return price, bought


def _crossing(quota: Floats, limit: Floats, asks: Floats, bids: Floats, steps: Floats) -> tuple[Floats, Floats]:
    """Price (yuan/mu) and mu traded of each seed. steps: totals of supply, then of demand, in order, mu."""
    count = quota.shape[1]
    order = np.argsort(steps, axis=1, kind="stable")  # at a tie supply first
    sellers_before = np.cumsum(order < count, axis=1) - (order < count)
    buyers_before = np.arange(2 * count) - sellers_before
    ask, bid = np.where(quota > 0.0, limit, np.inf), np.where(quota < 0.0, limit, -np.inf)
    ask, bid = np.take_along_axis(ask, asks, axis=1), np.take_along_axis(bid, bids, axis=1)
    ask = np.take_along_axis(ask, np.minimum(sellers_before, count - 1), axis=1)
    bid = np.take_along_axis(bid, np.minimum(buyers_before, count - 1), axis=1)
    last = ((ask <= bid) & (sellers_before < count) & (buyers_before < count)).sum(axis=1, keepdims=True) - 1
    trades, at = last[:, 0] >= 0, np.maximum(last, 0)
    ask, bid, steps = (np.take_along_axis(x, at, axis=1)[:, 0] for x in (ask, bid, np.sort(steps, axis=1)))
    with np.errstate(invalid="ignore"):
        return np.where(trades, 0.5 * (ask + bid), 0.0), np.where(trades, steps, 0.0)


def together(seeds: Sequence[int]) -> Floats:
    """The columns of all seeds at once, shape (seeds, years, told)."""
    rent, quota, limit = (np.stack(columns) for columns in zip(*(start(seed) for seed in seeds), strict=True))
    purse = np.full(rent.shape, RULES.village_rent)
    found = np.empty((len(seeds), YEARS, len(TOLD)))
    for year in range(1, YEARS + 1):
        price, bought = clear_all(quota, limit * index_of(year), purse)
        income, purse = live(rent, purse, bought, price[:, None], index_of(year))
        found[:, year - 1] = tell(income, price, bought)
    return found


def check(seeds: Sequence[int] = range(1, 21)) -> None:
    """Hold the three ways to each other. Raises AssertionError."""
    alone = one_by_one(seeds)
    assert np.array_equal(together(seeds), alone), "seeds together give other bits than seeds alone"
    rng, columns = np.random.default_rng(1), [np.stack(each) for each in zip(*map(start, seeds), strict=True)]
    for scale in (0.0, 1e3, 1e5):  # yuan: purses from empty to full, some below nothing
        purse = scale * rng.standard_normal(columns[1].shape)
        price, bought = clear_all(columns[1], columns[2], purse)
        for row, one in enumerate(zip(columns[1], columns[2], purse, strict=True)):
            assert price[row] == clear(*one)[0], "the auction of all seeds gives another price"
            assert np.array_equal(bought[row], clear(*one)[1]), "the auction of all seeds gives other trades"
    np.testing.assert_allclose(by_mesa(seeds), alone, rtol=1e-12, err_msg="Mesa's objects give other totals")
