"""Administrative villages (行政村): what a village collective holds, and how it weighs ways of investing."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, link, state, stock, trait


class Village(RowAgent):
    """A village collective (村集体): it owns land, cash and stakes, and decides by what it has seen."""

    town = link("Town", "the town that administers it")
    county = link("County", "the county it lies in")
    cash = stock("yuan", "collective funds")
    debt = stock("yuan owed", "what it owes to banks")
    idle_land = stock("mu", "idle construction land not yet reclaimed")
    quota = stock("mu", "certified construction-land quota not yet used")
    opening_idle = trait("mu", "idle construction land at the start")
    households = trait("households", "member households", np.int64)
    east = trait("km", "position east of the county seat")
    north = trait("km", "position north of the county seat")
    remoteness = trait("km", "road distance to the county seat")
    own_income = trait("yuan/year", "income other than rent in 2005")
    home_rent_seen = state(
        "yuan/m2/year", "net rent per m2 at home that it expects from what it and its neighbours saw"
    )
    home_rent_variance = state("(yuan/m2/year)^2", "how far home rents fell from what it expected")
    pool_yield_seen = state(
        "1/year", "what it expects a pool to bring at the rent that comes, from what members it knows got"
    )
    trust = state("1", "how likely it thinks it that a guarantee is kept")
    granted = state("1", "whether it has had the grant for weak villages", bool, False)
    other_income = state("yuan/year", "recurrent income other than rent and pools; the same in every arm")
    idle_income = state("yuan/year", "rent of idle land")
    home_income = state("yuan/year", "net rent of its own property")
    pool_income = state("yuan/year", "what pools paid it")
    support_income = state("yuan/year", "part of its income that is top-up, relief or subsidy, less surplus given up")
    aid = state("yuan/year", "cash aid of the year, which is no recurrent income")
    interest_paid = state("yuan/year", "interest that it paid on its debt, before the subsidy")
    recurrent_income = state("yuan/year", "recurrent income (经常性收入) of the year")


def investible(cash: Array, recurrent_income: Array, *, reserve: float) -> Array:
    """Money above the reserve. cash: yuan; recurrent_income: yuan/year; reserve: years of income. Returns yuan."""
    return np.maximum(cash - reserve * recurrent_income, 0.0)


def credit_room(debt: Array, recurrent_income: Array, *, limit: float) -> Array:
    """What banks would still lend. debt: yuan; limit: years of recurrent income. Returns yuan."""
    return np.maximum(limit * recurrent_income - debt, 0.0)


def present_years(rate: float, years: float) -> float:
    """What a yuan a year for some years is worth today, yuan: (1 - (1 + rate)^-years) / rate; years at a rate of 0."""
    return years if rate == 0.0 else (1.0 - (1.0 + rate) ** -years) / rate


def believe(belief: Array, seen: Array, *, memory: float) -> Array:
    """A belief after a year: a weighted mean of what was believed and what was seen. Any unit, same shapes."""
    return memory * belief + (1.0 - memory) * seen


def guarantee_prospect(trust: Array, *, coupon: float, market: Array) -> tuple[Array, Array]:
    """Mean and variance of the yield of a guaranteed stake, as a village sees it.

    With probability trust the coupon comes, otherwise what the market pays, but no more than the coupon, since the
    lessee keeps the rest. coupon, market: 1/year; trust, market: shape (villages,).
    """
    poor = np.minimum(market, coupon)
    return trust * coupon + (1.0 - trust) * poor, trust * (1.0 - trust) * (coupon - poor) ** 2


def utility(
    gain: Array, variance: Array, capital: Array, resources: Array, *, aversion: float, control: float
) -> Array:
    """What a way of investing is worth to a village, as a yearly yield on all that it could put in.

    gain: expected yearly gain over holding, yuan; variance of the yield on capital; capital: yuan put in;
    resources: yuan, cash, credit and quota at the market's price; control: 1/year lost with control over the
    building. Shapes (villages,). Returns 1/year.
    """
    at_stake = capital / np.maximum(resources, 1.0)
    return gain / np.maximum(resources, 1.0) - at_stake * (0.5 * aversion * variance + control)


def choose(utilities: Array, tastes: Array, readiness: Array) -> Array:
    """The way of investing that each village picks, or -1 to hold.

    utilities, tastes: 1/year, shape (ways, villages), -inf where a way is closed; readiness: 1/year, shape
    (villages,). Tastes tell ways apart; whether to invest at all turns on the chosen way's own utility and the
    village's readiness, so that one more way of the same worth does not make anybody invest more.
    """
    best = np.argmax(utilities + tastes, axis=0)
    worth = np.take_along_axis(utilities, best[None, :], axis=0)[0]
    return np.where(worth + readiness > 0.0, best, -1)


def imitate(seen: Array, own: Array, luck: Array, *, span: float) -> Array:
    """The way that each village takes over from those it hears from, or -1 to hold: proportional imitation.

    seen: mean yield of each way among those it hears from, 1/year, shape (ways, villages), -inf where nobody took it or
    it is closed; own: what its own capital earns, 1/year; luck: uniform in (0, 1); both of shape (villages,); span:
    1/year. The best way seen is taken with chance (best - own) / span, 0 where it is no better and at most 1. Returns
    shape (villages,). Source: Schlag (1998), here of the mean of all who are seen.
    """
    return np.where(luck * span < seen.max(axis=0) - own, np.argmax(seen, axis=0), -1)


def try_out(open_: Array, luck: Array, lots: Array, *, chance: float) -> Array:
    """The way that a village which innovates tries, each open one as likely, and -1 for all others.

    open_: bool, shape (ways, villages); luck: uniform in (0, 1), shape (villages,); lots: uniform in (0, 1), shape
    (ways, villages), of which the highest wins; chance: 1/year. Returns shape (villages,). Assumed.
    """
    tried = np.argmax(np.where(open_, lots, 0.0), axis=0)
    return np.where((luck < chance) & open_.any(axis=0), tried, -1)


def enrolled(open_: Array, since: Array, weak: Array, county: Array) -> Array:
    """The way into which its county enrols each weak village: its newest pool, -1 where there is none to take it.

    open_: bool, shape (ways, villages); since: first year of each way, -1 where it is no pool, shape (ways,); weak:
    bool; county: row of the county; both of shape (villages,). The newest pool of a county is the latest of those that
    are open to any of its villages, the first of equals. Returns shape (villages,). Assumed.
    """
    in_county = county[:, None] == county
    ready = (open_.astype(float) @ in_county > 0.0) & (since >= 0)[:, None]
    newest = np.argmax(np.where(ready, since[:, None], -1), axis=0)
    takes = ready.any(axis=0) & weak & open_[newest, np.arange(len(weak))]
    return np.where(takes, newest, -1)
