"""How villages invest: each weighs the ways open to it, picks one or holds, and projects are paid for and built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agents.project import size_for, unit_cost
from agents.table import Array
from agents.village import choose, credit_room, investible, utility
from model.draws import key_of
from model.mechanism import HOME, Mechanism
from model.outlook import building, floor_per_mu, grant_due, home_yield, open_mechanisms, pool_prospect

if TYPE_CHECKING:
    from model.economy import EconomyModel


@dataclass(frozen=True)
class Offer:
    """What each village would do under one mechanism; arrays of shape (villages,).

    price: what the county pays per mu handed over, yuan; own, loan, grant: yuan; flown: mu handed over for
    compensation; land: mu built on at home; capital: yuan paid into the project; yield_, variance: expected,
    1/year and 1/year^2; open_: whether it can.
    """

    number: int
    mechanism: Mechanism
    price: float
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
    money: Array, quota: Array, *, compensation: float, floor_per_mu: float, terms: dict[str, float]
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


def _compensation(model: EconomyModel, mechanism: Mechanism) -> float:
    paid = mechanism.compensation and mechanism.funds(model.year)
    return model.parameters["quota.compensation"] if paid else 0.0


def _means(model: EconomyModel) -> tuple[Array, Array]:
    p, villages = model.parameters, model.villages
    own = investible(villages.cash, villages.recurrent_income, reserve=p["village.reserve"])
    return own, credit_room(villages.debt, villages.recurrent_income, limit=p["credit.debt_limit"])


def _home_offer(model: EconomyModel, number: int, mechanism: Mechanism, may_join: Array) -> Offer:
    p, villages, terms = model.parameters, model.villages, building(model)
    own, room = _means(model)
    grant, price = grant_due(model, mechanism), _compensation(model, mechanism)
    expected = home_yield(model, np.maximum(villages.quota, p[mechanism.min_plot]))
    room = np.where(expected + p["prices.inflation"] > p["prices.loan_rate"], room, 0.0)
    per_mu = floor_per_mu(model)
    land, flown = home_plan(own + room + grant, villages.quota, compensation=price, floor_per_mu=per_mu, terms=terms)
    capital = land * per_mu * unit_cost(land, **terms)
    needed = np.maximum(capital - price * flown, 0.0)
    # A plot that is too small for the money gets no more money than it takes; what is borrowed goes first.
    grant = np.minimum(grant, needed)
    used = np.minimum(own, needed - grant)
    loan = needed - grant - used
    flown = np.where(price > 0.0, np.minimum(flown, capital / max(price, 1.0)), 0.0)
    return Offer(
        number,
        mechanism,
        price,
        own=used,
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
    p, villages = model.parameters, model.villages
    own, room = _means(model)
    grant, price = grant_due(model, mechanism), _compensation(model, mechanism)
    flown = villages.quota * (price > 0.0)
    announced = float((may_join * (own + grant + price * flown)).sum())
    expected, variance = pool_prospect(model, mechanism, announced)
    loan = np.where(expected + p["prices.inflation"] > p["prices.loan_rate"], room, 0.0)
    capital = own + loan + grant + price * flown
    return Offer(
        number,
        mechanism,
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


def gain(offer: Offer, *, deposit_rate: float, loan_rate: float, quota_price: Array, appreciation: float) -> Array:
    """Expected yearly gain of an offer over holding money and quota. yuan/year, shape (villages,).

    Buildings keep up with prices (appreciation, 1/year), at home as in a pool, and money does not. Own money would
    earn the deposit rate, quota that is used up could be sold; loans cost their interest.
    """
    forgone = offer.own + quota_price * (offer.flown + offer.land)
    gained: Array = offer.capital * (offer.yield_ + appreciation) - deposit_rate * forgone - loan_rate * offer.loan
    return gained


def choose_investment(model: EconomyModel) -> None:
    """Each village picks one way of investing, or holds. Leaves the choice in ``model.plans``."""
    p, villages, year = model.parameters, model.villages, model.year
    model.plans = offers(model)
    if not model.plans:
        model.chosen = np.full(len(villages), -1)
        return
    utilities = np.array([np.where(offer.open_, _worth(model, offer), -np.inf) for offer in model.plans])
    tastes = []
    for offer in model.plans:
        way = np.array(key_of(HOME if offer.mechanism.where == HOME else offer.mechanism.name), dtype=np.uint64)
        taste = model.draws.keyed_gumbel("choice: taste", year, model.village_keys, way)
        tastes.append(p["choice.taste"] * taste)
    readiness = p["choice.taste"] * model.draws.normal("choice: readiness", year, len(villages))
    picked = choose(utilities, np.array(tastes), readiness)
    model.chosen = np.where(np.isfinite(utilities.max(axis=0)), picked, -1)


def _worth(model: EconomyModel, offer: Offer) -> Array:
    """The utility of an offer to every village, 1/year."""
    p, villages = model.parameters, model.villages
    own, room = _means(model)
    quota_price = model.counties.quota_price[villages.county]
    gained = gain(
        offer,
        deposit_rate=p["prices.deposit_rate"],
        loan_rate=p["prices.loan_rate"],
        quota_price=quota_price,
        appreciation=p["prices.inflation"],
    )
    resources = own + room + quota_price * villages.quota
    control = 0.0 if offer.mechanism.where == HOME else p["choice.control_cost"]
    return utility(
        gained, offer.variance, offer.capital, resources, aversion=p["choice.risk_aversion"], control=control
    )
