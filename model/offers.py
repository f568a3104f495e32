"""What each village would do under each mechanism: what it could put in, and what it expects of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agents.project import size_for, unit_cost
from agents.table import Array, total_by
from model.mechanism import HOME, Mechanism
from model.outlook import (
    building,
    compensates,
    floor_per_mu,
    grant_due,
    guarantee_room,
    home_yield,
    means,
    open_mechanisms,
    place_of,
    pool_capital,
    pool_prospect,
    worth_borrowing,
)

if TYPE_CHECKING:
    from model.economy import EconomyModel


@dataclass(frozen=True)
class Offer:
    """What each village would do under one mechanism; arrays of shape (villages,).

    place: row of the place where it would build, -1 for nowhere; price: what the county pays per mu handed over, yuan;
    own, loan, grant: yuan; flown: mu handed over for compensation; land: mu built on at home; capital: yuan paid into
    the project; yield_, variance: expected, 1/year and 1/year^2; open_: whether it can.
    """

    number: int
    mechanism: Mechanism
    place: Array
    price: Array
    own: Array
    loan: Array
    grant: Array
    flown: Array
    land: Array
    capital: Array
    yield_: Array
    variance: Array
    open_: Array


def home_plan(
    money: Array, quota: Array, *, compensation: Array | float, floor_per_mu: float, terms: dict[str, float]
) -> tuple[Array, Array]:
    """How a village splits its quota between building at home and handing it over for money to build with.

    money: yuan, quota: mu, shape (villages,); compensation: yuan/mu, 0 where nobody pays. With x mu built on,
    x * cost = money + compensation * (quota - x). Returns mu built on and mu handed over, both (villages,).
    """
    endowment = money + compensation * quota
    land = size_for(endowment, land_price=compensation, floor_per_mu=floor_per_mu, **terms)
    land = np.minimum(land, quota)
    return land, np.where(compensation > 0.0, quota - land, 0.0)


def offers(model: EconomyModel) -> list[Offer]:
    """The ways of investing that are open this year, worked out for every village."""
    return [
        _home_offer(model, number, one, may_join) if one.where == HOME else _pool_offer(model, number, one, may_join)
        for number, one, may_join in open_mechanisms(model)
    ]


def _price_of_quota(model: EconomyModel, mechanism: Mechanism, county: Array) -> Array:
    """What the county pays for a mu that a village puts into a project, yuan, shape (villages,).

    Where the programme pays compensation, that; else a pool's quota is taken at the last auction's price, since a pool
    buys its land; at home the village builds on its own quota, and nothing is paid. county: of the place, rows.
    """
    if compensates(model, mechanism, model.year):
        return np.full(len(county), model.parameters[mechanism.compensation])
    return np.zeros(len(county)) if mechanism.where == HOME else model.counties.quota_price[county]


def _home_offer(model: EconomyModel, number: int, mechanism: Mechanism, may_join: Array) -> Offer:
    p, villages, terms = model.parameters, model.villages, building(model, HOME)
    own, room = means(model)
    grant, price = grant_due(model, mechanism), _price_of_quota(model, mechanism, villages.county)
    expected = home_yield(model, np.maximum(villages.quota, p[mechanism.min_plot]))
    room = np.where(worth_borrowing(model, expected), room, 0.0)
    per_mu = floor_per_mu(model, HOME)
    land, flown = home_plan(own + room + grant, villages.quota, compensation=price, floor_per_mu=per_mu, terms=terms)
    capital = land * per_mu * unit_cost(land, **terms)
    # A plot that is too small for the money gets no more money than it takes.
    grant, own, loan = draw_on(capital - price * flown, grant, own)
    flown = np.where(price > 0.0, np.minimum(flown, capital / np.maximum(price, 1.0)), 0.0)
    return Offer(
        number,
        mechanism,
        place_of(model, mechanism),
        price,
        own=own,
        loan=loan,
        grant=grant,
        flown=flown,
        land=land,
        capital=capital,
        yield_=home_yield(model, land),
        variance=villages.home_rent_variance / unit_cost(np.maximum(land, 0.1), **terms) ** 2,
        open_=may_join & (land > 0) & (land >= p[mechanism.min_plot]) & (capital >= p[mechanism.min_capital]),
    )


def _pool_offer(model: EconomyModel, number: int, mechanism: Mechanism, may_join: Array) -> Offer:
    p, villages, place = model.parameters, model.villages, place_of(model, mechanism)
    own, room = means(model)
    county = model.places.county[place]
    grant, price = grant_due(model, mechanism), _price_of_quota(model, mechanism, county)
    land_price = model.figures("industrial_price")[county]
    announced = _of_place(place, may_join * (own + grant + price * villages.quota))
    expected, variance = pool_prospect(model, mechanism, announced, land_price)
    room = np.where(worth_borrowing(model, expected), room, 0.0)
    total = np.maximum(announced + _of_place(place, may_join * room), 1.0)
    guaranteed, taken = _parts_taken(model, mechanism, place, may_join, total)
    flown = guaranteed * villages.quota
    capital = taken * (own + room + grant + price * villages.quota)
    grant, own, loan = draw_on(capital - price * flown, grant, own)
    return Offer(
        number,
        mechanism,
        place,
        price,
        own=own,
        loan=loan,
        grant=grant,
        flown=flown,
        land=np.zeros(len(villages)),
        capital=capital,
        yield_=expected,
        variance=variance,
        open_=may_join & (capital > 0) & (capital >= p[mechanism.min_capital]),
    )


def _parts_taken(
    model: EconomyModel, mechanism: Mechanism, place: Array, may_join: Array, total: Array
) -> tuple[Array, Array]:
    """The part of what all offer that the county can guarantee, and the part that the quota then lets a pool build.

    Each village expects to put in that part. total: what all who may join a village's pool offer, yuan, (villages,).
    """
    county = model.places.county[place]
    guaranteed = np.minimum(1.0, guarantee_room(model, mechanism)[county] / total)
    land = _of_place(place, may_join * guaranteed * model.villages.quota) + model.counties.quota[county]
    price = model.figures("industrial_price")[county]
    return guaranteed, np.minimum(guaranteed, pool_capital(model, land, price, mechanism.where) / total)


def _of_place(place: Array, values: Array) -> Array:
    """The sum of values over all villages with the same place, shape (villages,)."""
    sums: Array = total_by(place + 1, values, int(place.max()) + 2)[place + 1]
    return sums


def draw_on(needed: Array, grant: Array, own: Array) -> tuple[Array, Array, Array]:
    """Who pays what compensation leaves to be paid: the grant first, then own money, and loans last.

    needed, grant, own: yuan, shape (villages,). Returns the grant and own money used, and the loan.
    """
    from_grant = np.clip(needed, 0.0, grant)
    from_own = np.clip(needed - from_grant, 0.0, own)
    return from_grant, from_own, np.maximum(needed - from_grant - from_own, 0.0)


def gain(offer: Offer, *, deposit_rate: float, loan_rate: float, quota_price: Array, appreciation: float) -> Array:
    """Expected yearly gain of an offer over holding money and quota. yuan/year, shape (villages,).

    Buildings change in worth by the rise of prices less wear (appreciation, 1/year), at home as in a pool. Own money
    would earn the deposit rate, quota that is used up could be sold; loans cost their interest.
    """
    forgone = offer.own + quota_price * (offer.flown + offer.land)
    gained: Array = offer.capital * (offer.yield_ + appreciation) - deposit_rate * forgone - loan_rate * offer.loan
    return gained
