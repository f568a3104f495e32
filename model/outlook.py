"""What villages expect: of building at home, of a pool, and of the price of their quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.project import M2_PER_MU, size_for, unit_cost
from agents.table import Array
from agents.village import credit_room, guarantee_prospect, investible
from model.mechanism import HOME, ZONE, Mechanism

if TYPE_CHECKING:
    from model.economy import EconomyModel


def building(model: EconomyModel, where: str) -> dict[str, float]:
    """This year's terms of building at home or in the zone, as the rules of projects take them."""
    p = model.parameters
    return {
        "base": p.at("build.home_cost" if where == HOME else "build.cost", model.year),
        "best_size": p["build.best_size"],
        "scale_cost": p["build.scale_cost"],
    }


def floor_per_mu(model: EconomyModel) -> float:
    """Floor that a mu carries, m2."""
    return M2_PER_MU * model.parameters["build.floor_area_ratio"]


def open_mechanisms(model: EconomyModel) -> list[tuple[int, Mechanism, Array]]:
    """Mechanisms that run this year: number, record, and who may join (bool, shape (villages,))."""
    running = [(number, one) for number, one in enumerate(model.mechanisms) if one.since <= model.year]
    return [(number, one, one.who_may_join(model)) for number, one in running]


def pool_price(model: EconomyModel) -> Array:
    """What the county pays a village per mu of quota that it puts into a funded project, yuan, shape (villages,).

    A pool that failed to be founded last year raises no hopes this year.
    """
    price = np.zeros(len(model.villages))
    for number, one, may_join in open_mechanisms(model):
        if one.compensation and one.funds(model.year) and number not in model.unfounded:
            price = np.where(may_join, np.maximum(price, model.parameters["quota.compensation"]), price)
    return price


def grant_due(model: EconomyModel, mechanism: Mechanism) -> Array:
    """The grant that a village would get for investing by this mechanism, yuan, shape (villages,)."""
    p, villages = model.parameters, model.villages
    if not (mechanism.grant and mechanism.funds(model.year)):
        return np.zeros(len(villages))
    weak = villages.recurrent_income < p.at("pool.weak_line", model.year)
    return np.where(weak & ~villages.granted, p["pool.grant"], 0.0)


def home_yield(model: EconomyModel, size: Array) -> Array:
    """Expected net yield of a building at home on its cost, by its size in mu. 1/year."""
    return model.villages.home_rent_seen / unit_cost(np.maximum(size, 0.1), **building(model, HOME))


def home_land_wanted(model: EconomyModel) -> Array:
    """Quota that a village keeps for building at home: what it could pay for in the years it looks ahead.

    Nothing where it expects less of a building than of a deposit. mu, shape (villages,).
    """
    p, villages = model.parameters, model.villages
    wanted = np.zeros(len(villages))
    for _, one, may_join in open_mechanisms(model):
        if one.where != HOME:
            continue
        saving = max(0.0, 1.0 - p["village.payout"] - p["village.services"]) * villages.recurrent_income
        money = investible(villages.cash, villages.recurrent_income, reserve=p["village.reserve"])
        money = money + p["choice.look_ahead"] * saving + grant_due(model, one)
        room = credit_room(villages.debt, villages.recurrent_income, limit=p["credit.debt_limit"])
        expected = home_yield(model, np.array(p[one.min_plot])) + p["prices.inflation"]
        money = money + np.where(expected > p["prices.loan_rate"], room, 0.0)
        mu = size_for(money, land_price=0.0, floor_per_mu=floor_per_mu(model), **building(model, HOME))
        enough = (mu >= p[one.min_plot]) & (money >= p[one.min_capital])
        keep = may_join & (expected > p["prices.deposit_rate"]) & enough
        wanted = np.maximum(wanted, np.where(keep, mu, 0.0))
    return wanted


def zone_unit_cost(model: EconomyModel, capital: float) -> float:
    """Cost of a m2 of zone floor, land included, in a project of this capital. yuan/m2."""
    land = model.parameters["land.industrial_price"]
    terms = building(model, ZONE)
    mu = float(size_for(np.array([capital]), land_price=land, floor_per_mu=floor_per_mu(model), **terms)[0])
    return float(unit_cost(np.array(max(mu, 0.1)), **terms)) + land / floor_per_mu(model)


def zone_capital(model: EconomyModel, land: float) -> float:
    """What it costs to buy and build on so much zone land in one project, yuan. land: mu."""
    unit = float(unit_cost(np.array(max(land, 0.1)), **building(model, ZONE)))
    return land * (model.parameters["land.industrial_price"] + floor_per_mu(model) * unit)


def pool_prospect(model: EconomyModel, mechanism: Mechanism, capital: float) -> tuple[Array, Array]:
    """Mean and variance of a pool's yield as villages see it: what the zone's floor earns, and the promise.

    capital: yuan, what the announced pool would gather if all joined. Returns 1/year and 1/year^2, shape (villages,).
    """
    villages, counties = model.villages, model.counties
    cost = zone_unit_cost(model, capital)
    market = counties.zone_rent_seen[villages.county] / cost
    variance = counties.zone_rent_variance[villages.county] / cost**2
    promise = mechanism.contract.promise(model.parameters)
    if promise is None or not mechanism.guaranteed:
        return market, variance
    coupon, years = promise
    mean, doubt = guarantee_prospect(villages.trust, coupon=coupon, market=market)
    # The coupon's years are that part of the worth of a lasting income; after them the rent comes as it comes.
    fixed = 1.0 - (1.0 + model.parameters["prices.loan_rate"]) ** -years
    risk = fixed**2 * (doubt + (1.0 - villages.trust) * variance) + (1.0 - fixed) ** 2 * variance
    return fixed * mean + (1.0 - fixed) * market, risk
