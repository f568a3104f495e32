"""Projects come into being: money and quota are put together, land is taken, buildings are paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.project import size_for
from agents.table import Array
from model.borrowing import borrow
from model.draws import key_of
from model.ledger import Account
from model.mechanism import HOME, ZONE, Mechanism
from model.offers import Offer, draw_on
from model.outlook import building, floor_per_mu, zone_capital

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
    if len(members) == 0:
        return
    land = offer.land[members]
    _pay_in(model, offer, members, members, offer.capital[members])
    model.ledger.move(
        Account(model.villages, "quota", members), Account(model.projects, "land", members), land, "quota built on"
    )
    _construct(model, offer.mechanism, members, land)


class PlannedPool(NamedTuple):
    """A pool that can be founded: rows of members, what each pays in (yuan), and the land (mu, shape (1,))."""

    members: Array
    paid: Array
    land: Array


def plan_pool(model: EconomyModel, offer: Offer, members: Array) -> PlannedPool | None:
    """The pool that these members can found now, or None where they can't fill the smallest plot."""
    members = _first_funded(model, offer, members)
    capital = float(offer.capital[members].sum())
    price, per_mu, terms = model.parameters["land.industrial_price"], floor_per_mu(model), building(model, ZONE)
    most = size_for(np.array([capital]), land_price=price, floor_per_mu=per_mu, **terms)
    land = np.minimum(most, offer.flown[members].sum() + model.counties.quota[0])
    if len(members) == 0 or land[0] <= 0.0 or land[0] < model.parameters[offer.mechanism.min_plot]:
        return None
    # Where there is less land than money, every member pays in the same part of what it offered.
    part = min(1.0, zone_capital(model, float(land[0])) / capital)
    return PlannedPool(members, part * offer.capital[members], land)


def _build_pool(model: EconomyModel, offer: Offer, members: Array) -> None:
    plan = plan_pool(model, offer, members)
    if plan is None:
        return
    project = _found(model, offer.number, offer.mechanism)
    _pay_in(model, offer, plan.members, np.repeat(project, len(plan.members)), plan.paid)
    county = model.projects.county[project]
    treasury, company = Account(model.counties, "cash", county), Account(model.projects, "cash", project)
    model.ledger.move(
        Account(model.counties, "quota", county), Account(model.projects, "land", project), plan.land, "quota built on"
    )
    model.ledger.move(company, treasury, plan.land * model.parameters["land.industrial_price"], "zone land")
    _construct(model, offer.mechanism, project, plan.land)


def _first_funded(model: EconomyModel, offer: Offer, members: Array) -> Array:
    """The members whose grants and compensation the treasury can pay, in a keyed order; who needs none stays."""
    bill = (offer.grant + offer.price * offer.flown)[members]
    purse = max(float(model.counties.cash[0]), 0.0)
    if bill.sum() <= purse:
        return members
    funded = bill == 0.0
    for place in np.argsort(model.draws.keyed_uniform("funding: order", model.year, model.village_keys[members])):
        if 0.0 < bill[place] <= purse:
            funded[place], purse = True, purse - bill[place]
    served: Array = members[funded]
    return served


def _pay_in(model: EconomyModel, offer: Offer, members: Array, projects: Array, paid: Array) -> None:
    """Grants, loans and compensation reach the villages, the capital reaches the projects, and stakes are noted.

    members, projects: rows; paid: yuan; all of shape (members,).
    """
    flown, borrowed = offer.flown[members], np.zeros(len(model.villages))
    # Compensation must go into the project, so the county pays no more than the project takes.
    compensation = np.minimum(offer.price * flown, paid)
    grant, _, loan = draw_on(paid - compensation, offer.grant[members], offer.own[members])
    county = model.villages.county[members]
    villages, treasury = Account(model.villages, "cash", members), Account(model.counties, "cash", county)
    model.ledger.move(treasury, villages, grant, "grant")
    model.villages.write(rows=members[grant > 0], granted=True)
    quota = Account(model.villages, "quota", members)
    model.ledger.move(quota, Account(model.counties, "quota", county), flown, "quota contributed")
    model.ledger.move(treasury, villages, compensation, "quota compensation")
    borrowed[members] = loan
    borrow(model, borrowed)
    model.ledger.move(villages, Account(model.projects, "cash", projects), paid, "capital paid in")
    public = grant + compensation
    used = flown + offer.land[members]
    model.partnerships.add_stakes(members, projects, paid, used, public=public, borrowed=loan)


def _found(model: EconomyModel, number: int, mechanism: Mechanism) -> Array:
    zone = model.zone_project
    return model.projects.add(
        1,
        key=np.uint64(key_of(mechanism.luck, "zone", model.year)),
        mechanism=number,
        place=model.projects.place[zone],
        village=-1,
        county=model.projects.county[zone],
        founded=model.year,
        quality=model.projects.quality[zone],
        access=model.projects.access[zone],
        rent=model.zone_asking_rent(),
    )


def _construct(model: EconomyModel, mechanism: Mechanism, projects: Array, land: Array) -> None:
    """All money of the projects goes into buildings that come to the market next year. land: mu, (projects,)."""
    spent = model.projects.cash[projects]
    model.ledger.move(Account(model.projects, "cash", projects), Account(model.outside, "cash"), spent, "construction")
    added = land * floor_per_mu(model)
    model.projects.write(
        rows=projects,
        under_construction=model.projects.under_construction[projects] + added,
        relieved=model.projects.relieved[projects] + added * mechanism.relief,
        builds=model.projects.builds[projects] + 1,
    )
