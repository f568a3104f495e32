"""Projects come into being: money and quota are put together, land is taken, buildings are paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.project import size_for, unit_cost
from agents.table import Array
from model.borrowing import borrow
from model.draws import key_of
from model.investing import Offer
from model.ledger import Account
from model.mechanism import HOME, Mechanism
from model.outlook import building, floor_per_mu

if TYPE_CHECKING:
    from model.economy import EconomyModel


def form_projects(model: EconomyModel) -> None:
    """Villages that chose the same way pay in; the pool or the village's own property company builds."""
    for position, offer in enumerate(model.plans):
        members = np.flatnonzero(model.chosen == position)
        if len(members) == 0:
            continue
        if offer.mechanism.where == HOME:
            _build_at_home(model, offer, members)
        else:
            _build_pool(model, offer, members)


def _build_at_home(model: EconomyModel, offer: Offer, members: Array) -> None:
    members = _first_funded(model, offer, members)
    land = offer.land[members]
    flown = _pay_in(model, offer, members, members, offer.capital[members])
    model.ledger.move(
        Account(model.villages, "quota", members), Account(model.projects, "land", members), land, "quota built on"
    )
    model.partnerships.add_stakes(members, members, offer.capital[members], flown + land)
    _construct(model, members, land)


def _build_pool(model: EconomyModel, offer: Offer, members: Array) -> None:
    members = _first_funded(model, offer, members)
    p, land_price, per_mu = model.parameters, model.parameters["land.industrial_price"], floor_per_mu(model)
    capital = float(offer.capital[members].sum())
    most = size_for(np.array([capital]), land_price=land_price, floor_per_mu=per_mu, **building(model))
    land = np.minimum(most, offer.flown[members].sum() + model.counties.quota[0])
    if len(members) == 0 or land[0] <= 0.0 or land[0] < p[offer.mechanism.min_plot]:
        return
    # Where there is less land than money, every member pays in the same part of what it offered.
    cost = float(land[0] * (land_price + per_mu * unit_cost(land, **building(model))[0]))
    paid = offer.capital[members] * min(1.0, cost / capital)
    project = _found(model, offer.number, offer.mechanism)
    flown = _pay_in(model, offer, members, project, paid)
    model.partnerships.add_stakes(members, np.repeat(project, len(members)), paid, flown)
    county = model.villages.county[members][:1]
    treasury, company = Account(model.counties, "cash", county), Account(model.projects, "cash", project)
    model.ledger.move(
        Account(model.counties, "quota", county), Account(model.projects, "land", project), land, "quota built on"
    )
    model.ledger.move(company, treasury, land * land_price, "zone land")
    _construct(model, project, land)


def _first_funded(model: EconomyModel, offer: Offer, members: Array) -> Array:
    """The members whose grants and compensation the treasury can pay, in a keyed order."""
    luck = model.draws.uniform("funding: order", model.year, len(model.villages))
    order = members[np.argsort(luck[members])]
    bill = np.cumsum((offer.grant + offer.price * offer.flown)[order])
    return np.sort(order[bill <= max(float(model.counties.cash[0]), 0.0)])


def _pay_in(model: EconomyModel, offer: Offer, members: Array, projects: Array, paid: Array) -> Array:
    """Grants, loans and compensation reach the villages, and the capital reaches the projects. Returns mu flown."""
    villages = Account(model.villages, "cash", members)
    county = model.villages.county[members]
    flown, grant, loan = offer.flown[members], offer.grant[members], np.zeros(len(model.villages))
    treasury = Account(model.counties, "cash", county)
    model.ledger.move(treasury, villages, grant, "grant")
    model.villages.write(rows=members[grant > 0], granted=True)
    quota = Account(model.villages, "quota", members)
    model.ledger.move(quota, Account(model.counties, "quota", county), flown, "quota contributed")
    model.ledger.move(treasury, villages, offer.price * flown, "quota compensation")
    # Own money goes in before borrowed money.
    loan[members] = np.maximum(paid - (offer.own + offer.grant + offer.price * offer.flown)[members], 0.0)
    borrow(model, loan)
    model.ledger.move(villages, Account(model.projects, "cash", projects), paid, "capital paid in")
    return flown


def _found(model: EconomyModel, number: int, mechanism: Mechanism) -> Array:
    zone = model.zone_project
    return model.projects.add(
        1,
        key=np.uint64(key_of(mechanism.name, "zone", model.year)),
        mechanism=number,
        place=model.projects.place[zone],
        village=-1,
        county=model.projects.county[zone],
        founded=model.year,
        quality=model.projects.quality[zone],
        access=model.projects.access[zone],
        rent=model.zone_asking_rent(),
    )


def _construct(model: EconomyModel, projects: Array, land: Array) -> None:
    """All money of the projects goes into buildings that come to the market next year. land: mu, (projects,)."""
    spent = model.projects.cash[projects]
    model.ledger.move(Account(model.projects, "cash", projects), Account(model.outside, "cash"), spent, "construction")
    floor = model.projects.under_construction[projects] + land * floor_per_mu(model)
    builds = model.projects.builds[projects] + 1
    model.projects.write(rows=projects, under_construction=floor, builds=builds)
