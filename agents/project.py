"""Projects: buildings with floor to let, owned by shares. A village's own sheds are a project with one member."""

from __future__ import annotations

import numpy as np

from agents.table import Array, RowAgent, link, state, stock, trait

M2_PER_MU = 2000.0 / 3.0  # definition of the mu
LEAST_CAPITAL = 1e-9  # yuan; less builds nothing
NEWTON_STEPS, NEWTON_CLOSE = 20, 1e-14  # at most, for every scale_cost up to 0.2; relative


class Project(RowAgent):
    """The company that holds a building: land, floor, tenants' rent and the contract with its members.

    It decides nothing: it collects rent and pays what its contract says.
    """

    cash = stock("yuan", "money of the project company")
    land = stock("mu", "land it is built on")
    key = trait("1", "identity in the random numbers: mechanism, place and cohort", np.uint64)
    mechanism = trait("1", "which mechanism of the scenario made it; -1: there before", np.int64)
    place = link("Place", "where it stands")
    village = link("Village", "the village on whose land it stands; -1 elsewhere")
    county = link("County", "the county in which it stands")
    partner = link("County", "the county paired with that one for whose sake it was founded; -1 for none")
    founded = trait("year", "year of its first building", np.int64)
    business = trait("1", "0: factory floor to let; 1: customers of its own (a wharf, a tourism park)", np.int64)
    floor = state("m2", "floor on the market")
    under_construction = state("m2", "floor that comes to the market next year")
    rent = state("yuan/m2/month", "asking rent, which all tenants pay")
    let = state("m2", "floor let")
    relieved = state("m2", "floor built by a mechanism whose property tax is relieved, under construction too")
    cost = state("yuan", "what its buildings have cost")
    replacement = state("yuan", "what its buildings would cost new, at the prices of the year")
    book = state("yuan", "that cost less straight-line depreciation and what was written off")
    worn = state("yuan/year", "what its buildings lost by wear in the year, at its prices")
    appreciated = state("yuan/year", "by how much its buildings became dearer in the year with all prices")
    failed = state("1", "whether its business has failed", bool, False)
    payroll = state("yuan/year", "wages that it pays itself, where it has customers of its own")
    builds = state("1", "building approvals since the first year", np.int64)
    local_tax = state("yuan/year", "local taxes that its tenants paid")
    managers = state("yuan/year", "what the paired county paid for the managers whom it seconds")
    demand = state("1", "log deviation of the demand for what it offers, where it has customers of its own")
    net_rent = state("yuan/year", "rent or fees less operating cost and tax, plus relief")
    relief = state("yuan/year", "property tax refunded")
    due = state("yuan/year", "what the contract promises the members")
    top_up = state("yuan/year", "what the guarantor added")
    surplus = state("yuan/year", "rent above the promise, kept by the lessee")
    unpaid = state("yuan/year", "what was promised and not paid")


def unit_cost(size: Array, *, base: float, best_size: float, scale_cost: float) -> Array:
    """Building cost per m2 of a project by its size.

    size: mu, any shape; base: yuan/m2 at the best size. Returns yuan/m2: base * (1 + scale_cost * ln(size / best)^2),
    an inverted U of gain against size. Source: optimum from Land 2022, 11:1743; the curvature is assumed.
    """
    distance = np.log(np.maximum(size, 1e-6) / best_size)
    return base * (1.0 + scale_cost * distance**2)


def size_for(
    capital: Array, *, land_price: Array | float, floor_per_mu: float, base: float, best_size: float, scale_cost: float
) -> Array:
    """Size of the project that a capital pays for, land included.

    capital: yuan, shape (n,); land_price: yuan/mu; floor_per_mu: m2/mu. Returns mu, shape (n,).
    The total cost rises with size for every scale_cost below 1, so there is one answer; Newton's steps from the size
    that the best unit cost would pay for find it.
    """
    capital = np.asarray(capital, dtype=float)
    size = capital / (land_price + floor_per_mu * base)
    for _ in range(NEWTON_STEPS):
        unit = land_price + floor_per_mu * unit_cost(size, base=base, best_size=best_size, scale_cost=scale_cost)
        slope = unit + floor_per_mu * base * 2.0 * scale_cost * np.log(np.maximum(size, 1e-6) / best_size)
        before, size = size, np.clip(size - (size * unit - capital) / slope, 0.1 * size, 10.0 * size)
        if (np.abs(size - before) <= NEWTON_CLOSE * before).all():
            break
    return np.where(capital > LEAST_CAPITAL, size, 0.0)
