"""What villages expect: of building at home, of a pool, and of the price of their quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.project import M2_PER_MU, size_for, unit_cost
from agents.table import Array, total_by
from agents.village import credit_room, guarantee_prospect, investible
from model.mechanism import HOME, HOST, TOWN, ZONE, Mechanism

if TYPE_CHECKING:
    from model.economy import EconomyModel


def building(model: EconomyModel, where: str) -> dict[str, float]:
    """This year's terms of building at home, in a town's park or in a zone, as the rules of projects take them."""
    p = model.parameters
    key = {HOME: "build.home_cost", TOWN: "build.town_cost"}.get(where, "build.cost")
    return {
        "base": p.at(key, model.year),
        "best_size": p["build.best_size"],
        "scale_cost": p["build.scale_cost"],
    }


def floor_per_mu(model: EconomyModel, where: str) -> float:
    """Floor that a mu carries at home, in a town's park or in a zone, m2."""
    ratios = {HOME: "build.home_floor_area_ratio", TOWN: "build.town_floor_area_ratio"}
    return M2_PER_MU * model.parameters[ratios.get(where, "build.floor_area_ratio")]


def net_appreciation(model: EconomyModel) -> float:
    """By how much a building's worth changes in a year: prices rise and the building wears. 1/year."""
    return model.parameters["prices.inflation"] - 1.0 / model.parameters["build.life"]


def worth_borrowing(model: EconomyModel, expected: Array) -> Array:
    """Whether a building of some expected yield (1/year) brings more than a loan costs. bool, same shape."""
    return np.asarray(expected + net_appreciation(model) > model.parameters["prices.loan_rate"])


def place_of(model: EconomyModel, mechanism: Mechanism) -> Array:
    """Where each village would build under a mechanism: rows of places, -1 for nowhere, shape (villages,)."""
    villages = model.villages
    if mechanism.where == HOME:
        return np.arange(len(villages))
    if mechanism.where == TOWN:
        return model.town_places[villages.town]
    if mechanism.where == ZONE:
        return model.zone_places[villages.county]
    host, partner = model.paired(mechanism.pair)
    park = model.zone_places[host] if mechanism.where == HOST else model.park_places[partner]
    return np.where(villages.county == partner, park, -1)


def open_mechanisms(model: EconomyModel) -> list[tuple[int, Mechanism, Array]]:
    """Mechanisms that villages may choose this year: number, record, and who may join (bool, shape (villages,))."""
    running = [(number, one) for number, one in enumerate(model.mechanisms) if one.chosen and one.open_in(model.year)]
    return [(number, one, one.who_may_join(model) & (place_of(model, one) >= 0)) for number, one in running]


def funds(model: EconomyModel, mechanism: Mechanism, year: int) -> bool:
    """Whether compensation and grants of a mechanism are paid in a year."""
    since = mechanism.support_since
    return not since or year >= model.given.at(since, year)


def compensates(model: EconomyModel, mechanism: Mechanism, year: int) -> bool:
    """Whether the county pays the price that the programme names for quota in a year, and not the market's."""
    named = bool(mechanism.compensation) and funds(model, mechanism, year)
    return named and model.given.at("quota.compensation_paid", year) > 0.5


def pool_price(model: EconomyModel) -> Array:
    """What the county pays a village per mu of quota that it puts into a funded project, yuan, shape (villages,).

    A pool that failed to be founded last year raises no hopes this year.
    """
    price = np.zeros(len(model.villages))
    for number, one, may_join in open_mechanisms(model):
        if compensates(model, one, model.year):
            failed = [(number, place) in model.unfounded for place in place_of(model, one).tolist()]
            price = np.where(may_join & ~np.array(failed), np.maximum(price, model.parameters[one.compensation]), price)
    return price


def reported_income(model: EconomyModel) -> Array:
    """Recurrent income that a village reports when it asks for a grant: some hide what lies above the line.

    yuan/year, shape (villages,). Misreporting is off unless ``village.misreporting`` is above zero.
    """
    p, villages = model.parameters, model.villages
    line = p.at("pool.weak_line", model.year)
    inclined = model.draws.keyed_uniform("village: misreports", 0, model.village_keys) < p["village.misreporting"]
    caught = model.draws.keyed_uniform("village: audit", model.year, model.village_keys) < p["village.audit"]
    in_reach = villages.recurrent_income < line * (1.0 + p["village.hidden"])
    return np.where(
        inclined & in_reach & ~caught,
        np.minimum(villages.recurrent_income, np.nextafter(line, 0.0)),
        villages.recurrent_income,
    )


def grant_due(model: EconomyModel, mechanism: Mechanism) -> Array:
    """The grant that a village would get for investing by this mechanism, yuan, shape (villages,)."""
    p, villages = model.parameters, model.villages
    if not (mechanism.grant and funds(model, mechanism, model.year)):
        return np.zeros(len(villages))
    weak = reported_income(model) < p.at("pool.weak_line", model.year)
    return np.where(weak & ~villages.granted, p[mechanism.grant], 0.0)


def home_yield(model: EconomyModel, size: Array) -> Array:
    """Expected net yield of a building at home on its cost, by its size in mu. 1/year."""
    return model.villages.home_rent_seen / unit_cost(np.maximum(size, 0.1), **building(model, HOME))


def means(model: EconomyModel) -> tuple[Array, Array]:
    """Money that each village could invest, and what it could borrow: yuan, shape (villages,)."""
    p, villages = model.parameters, model.villages
    own = investible(villages.cash, villages.recurrent_income, reserve=p["village.reserve"])
    return own, credit_room(villages.debt, villages.recurrent_income, limit=p["credit.debt_limit"])


def home_land_wanted(model: EconomyModel) -> Array:
    """Quota that a village keeps for building at home: what it could pay for in the years it looks ahead.

    Nothing where it expects less of a building than of a deposit. mu, shape (villages,).
    """
    p, villages = model.parameters, model.villages
    wanted, (money, room) = np.zeros(len(villages)), means(model)
    saving = max(0.0, 1.0 - p["village.payout"] - p["village.services"]) * villages.recurrent_income
    for _, one, may_join in open_mechanisms(model):
        if one.where != HOME:
            continue
        expected = home_yield(model, np.array(p[one.min_plot]))
        ahead = money + p["choice.look_ahead"] * saving + grant_due(model, one)
        ahead = ahead + np.where(worth_borrowing(model, expected), room, 0.0)
        mu = size_for(ahead, land_price=0.0, floor_per_mu=floor_per_mu(model, HOME), **building(model, HOME))
        enough = (mu >= p[one.min_plot]) & (ahead >= p[one.min_capital])
        keep = may_join & (expected + net_appreciation(model) > p["prices.deposit_rate"]) & enough
        wanted = np.maximum(wanted, np.where(keep, mu, 0.0))
    return wanted


def land_for(model: EconomyModel, capital: Array, land_price: Array | float, where: str) -> Array:
    """Land on which a capital builds in a park or zone, mu. capital: yuan, shape (n,); land_price: yuan/mu."""
    per_mu = floor_per_mu(model, where)
    return size_for(capital, land_price=land_price, floor_per_mu=per_mu, **building(model, where))


def pool_unit_cost(model: EconomyModel, capital: Array, land_price: Array | float, where: str) -> Array:
    """Cost of a m2 of floor in a park or zone, land included, in a project of this capital. yuan/m2, shape (n,)."""
    land = land_for(model, capital, land_price, where)
    unit = unit_cost(np.maximum(land, 0.1), **building(model, where))
    cost: Array = unit + land_price / floor_per_mu(model, where)
    return cost


def guarantee_room(model: EconomyModel, mechanism: Mechanism) -> Array:
    """Capital that each county could still guarantee by a mechanism, without end where nothing is promised.

    All coupons of a year that it has promised may take a part of its programme money (``treasury.guarantee_limit``).
    yuan, shape (counties,).
    """
    p, projects, count = model.parameters, model.projects, len(model.counties)
    promise = mechanism.contract.promise(p)
    if not model.guarantees(mechanism) or promise is None or promise[0] == 0.0:
        return np.full(count, np.inf)
    promised, paid_in = np.zeros(count), model.partnerships.paid_in(len(projects))
    for number, one in enumerate(model.mechanisms):
        terms = one.contract.promise(p)
        if model.guarantees(one) and terms is not None:
            mine = (projects.mechanism == number) & (model.year - projects.founded <= terms[1])
            promised += terms[0] * total_by(projects.county[mine], paid_in[mine], count)
    room: Array = np.maximum(p["treasury.guarantee_limit"] * model.counties.programme - promised, 0.0) / promise[0]
    return room


def pool_capital(model: EconomyModel, land: Array, land_price: Array | float, where: str) -> Array:
    """What it costs to buy and build on so much land of a park or zone in one project, yuan. land: mu; yuan/mu."""
    unit = unit_cost(np.maximum(land, 0.1), **building(model, where))
    return land * (land_price + floor_per_mu(model, where) * unit)


def market_seen(model: EconomyModel, mechanism: Mechanism) -> tuple[Array, Array]:
    """Net rent per m2 that villages expect where a pool builds, and its variance: yuan/m2/year, shape (villages,)."""
    villages, towns, counties = model.villages, model.towns, model.counties
    if mechanism.where == TOWN:
        return towns.park_rent_seen[villages.town], towns.park_rent_variance[villages.town]
    county = model.places.county[place_of(model, mechanism)]
    return counties.zone_rent_seen[county], counties.zone_rent_variance[county]


def pool_prospect(model: EconomyModel, mechanism: Mechanism, capital: Array, land_price: Array) -> tuple[Array, Array]:
    """Mean and variance of a pool's yield as villages see it: what floor there earns, and the promise.

    capital: yuan, what the announced pool of each village would gather if all joined; land_price: yuan/mu; shape
    (villages,). Where members that a village knows got something from pools without a guarantee, what it hears counts
    beside the market's report, by ``choice.heard_weight``. Returns 1/year and 1/year^2, shape (villages,).
    """
    villages, p = model.villages, model.parameters
    cost = pool_unit_cost(model, capital, land_price, mechanism.where)
    rent, variance = market_seen(model, mechanism)
    market, variance = rent / cost, variance / cost**2
    weight, seen = p["choice.heard_weight"], villages.pool_yield_seen
    market = np.where(np.isnan(seen), market, (1.0 - weight) * market + weight * seen)
    promise = mechanism.contract.promise(p)
    if promise is None or not model.guarantees(mechanism):
        return market, variance
    coupon, years = promise
    mean, doubt = guarantee_prospect(villages.trust, coupon=coupon, market=market)
    # The coupon's years are that part of the worth of a lasting income; after them the rent comes as it comes.
    fixed = 1.0 - (1.0 + p["prices.loan_rate"]) ** -years
    risk = fixed**2 * (doubt + (1.0 - villages.trust) * variance) + (1.0 - fixed) ** 2 * variance
    return fixed * mean + (1.0 - fixed) * market, risk
