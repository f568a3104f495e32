"""Projects come into being: money and quota are put together, land is taken, buildings are paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from agents.table import Array
from model.borrowing import borrow
from model.draws import key_of
from model.entries import Account
from model.flows import (
    CAPITAL_PAID_IN,
    COMPENSATION,
    CONSTRUCTION,
    GRANT,
    QUOTA_BOUGHT,
    QUOTA_BUILT_ON,
    QUOTA_CONTRIBUTED,
    ZONE_LAND,
)
from model.mechanism import HOME, Mechanism
from model.offers import Offer, draw_on
from model.outlook import compensates, floor_per_mu, guarantee_room, land_for, pool_capital
from model.partnerships import VILLAGE

if TYPE_CHECKING:
    from model.economy import EconomyModel


def form_projects(model: EconomyModel) -> None:
    """Villages that chose the same way pay in; each pool, or the village's own property company, builds."""
    for position, offer in enumerate(model.plans):
        members = np.flatnonzero(model.chosen == position)
        for group in groups(model, offer, members):
            if offer.mechanism.where == HOME:
                _build_at_home(model, offer, group)
            else:
                _build_pool(model, offer, group)


def groups(model: EconomyModel, offer: Offer, members: Array) -> list[Array]:
    """The members of one way of investing by what is decided together: a place, or at home a county's treasury."""
    label = model.villages.county if offer.mechanism.where == HOME else offer.place
    return [members[label[members] == one] for one in np.unique(label[members])]


def _build_at_home(model: EconomyModel, offer: Offer, members: Array) -> None:
    members = _first_funded(model, offer, members)
    if len(members) == 0:
        return
    land = offer.land[members]
    _pay_in(model, offer, members, members, offer.capital[members], offer.flown[members])
    quota = Account(model.villages, "quota", members)
    model.ledger.move(quota, Account(model.projects, "land", members), land, QUOTA_BUILT_ON)
    construct(model, offer.mechanism, members, land)


class PlannedPool(NamedTuple):
    """A pool that can be founded: members (rows), what each pays in (yuan) and hands over (mu), land (mu, (1,))."""

    members: Array
    paid: Array
    flown: Array
    land: Array


def plan_pool(model: EconomyModel, offer: Offer, members: Array) -> PlannedPool | None:
    """The pool that these members can found now, or None where they can't fill the smallest plot."""
    county = int(model.places.county[offer.place[members[0]]])
    members = _first_funded(model, offer, members)
    capital = float(offer.capital[members].sum())
    price, where = float(model.figures("industrial_price")[county]), offer.mechanism.where
    allowed = min(capital, float(guarantee_room(model, offer.mechanism)[county]))
    most = land_for(model, np.array([allowed]), price, where)
    flown = offer.flown[members] * (allowed / max(capital, 1.0))
    land = np.minimum(most, flown.sum() + model.counties.quota[county])
    if len(members) == 0 or land[0] <= 0.0 or land[0] < model.parameters[offer.mechanism.min_plot]:
        return None
    # Where land or the guarantee does not reach for all, every member pays in the same part of what it offered.
    part = min(1.0, float(pool_capital(model, land, price, where)[0]) / capital)
    return PlannedPool(members, part * offer.capital[members], flown, land)


def _build_pool(model: EconomyModel, offer: Offer, members: Array) -> None:
    plan = plan_pool(model, offer, members)
    if plan is None:
        return
    project = found(model, offer.number, int(offer.place[members[0]]))
    _pay_in(model, offer, plan.members, np.repeat(project, len(plan.members)), plan.paid, plan.flown)
    buy_land(model, project, plan.land)
    construct(model, offer.mechanism, project, plan.land)


def buy_land(model: EconomyModel, projects: Array, land: Array) -> None:
    """Projects get land in a park or zone for quota on the county's account, at the industrial price. land: mu."""
    county = model.projects.county[projects]
    treasury, company = Account(model.counties, "cash", county), Account(model.projects, "cash", projects)
    quota, price = Account(model.counties, "quota", county), model.figures("industrial_price")[county]
    model.ledger.move(quota, Account(model.projects, "land", projects), land, QUOTA_BUILT_ON)
    model.ledger.move(company, treasury, land * price, ZONE_LAND)


def _first_funded(model: EconomyModel, offer: Offer, members: Array) -> Array:
    """The members whose grants and compensation the treasury can pay, in a keyed order; who needs none stays."""
    bill = (offer.grant + offer.price * offer.flown)[members]
    if len(members) == 0:
        return members
    purse = max(float(model.counties.cash[model.places.county[offer.place[members[0]]]]), 0.0)
    if bill.sum() <= purse:
        return members
    funded = bill == 0.0
    for place in np.argsort(model.draws.keyed_uniform("funding: order", model.year, model.village_keys[members])):
        if 0.0 < bill[place] <= purse:
            funded[place], purse = True, purse - bill[place]
    served: Array = members[funded]
    return served


def _pay_in(model: EconomyModel, offer: Offer, members: Array, projects: Array, paid: Array, flown: Array) -> None:
    """Grants, loans and compensation reach the villages, the capital reaches the projects, and stakes are noted.

    members, projects: rows; paid: yuan; flown: mu; all of shape (members,).
    """
    borrowed = np.zeros(len(model.villages))
    # Compensation must go into the project, so the county pays no more than the project takes.
    compensation = np.minimum(offer.price[members] * flown, paid)
    grant, _, loan = draw_on(paid - compensation, offer.grant[members], offer.own[members])
    county = model.projects.county[projects]
    villages, treasury = Account(model.villages, "cash", members), Account(model.counties, "cash", county)
    model.ledger.move(treasury, villages, grant, GRANT)
    model.villages.write(rows=members[grant > 0], granted=True)
    quota = Account(model.villages, "quota", members)
    model.ledger.move(quota, Account(model.counties, "quota", county), flown, QUOTA_CONTRIBUTED)
    funded = compensates(model, offer.mechanism, model.year)
    model.ledger.move(treasury, villages, compensation, COMPENSATION if funded else QUOTA_BOUGHT)
    borrowed[members] = loan
    borrow(model, borrowed)
    model.ledger.move(villages, Account(model.projects, "cash", projects), paid, CAPITAL_PAID_IN)
    public = grant + compensation * funded
    used = flown + offer.land[members]
    terms: dict[str, Array] = {"quota": used, "public": public, "borrowed": loan}
    model.partnerships.add_stakes(VILLAGE, members, projects, paid, since=model.year, **terms)


def found(model: EconomyModel, number: int, place: int, *, partner: int = -1) -> Array:
    """A new project of a mechanism (its number) in a place; its row, shape (1,).

    It first asks the mean rent of the county's zone. partner: row of the paired county, -1 for none.
    """
    mechanism, county = model.mechanisms[number], int(model.places.county[place])
    return model.projects.add(
        1,
        key=np.uint64(key_of(mechanism.luck, int(model.places.key[place]), model.year)),
        mechanism=number,
        place=place,
        county=county,
        partner=partner,
        founded=model.year,
        business=int(bool(mechanism.business)),
        rent=model.asking_rent(county),
        demand=model.parameters[f"{mechanism.business}.demand_start"] if mechanism.business else 0.0,
    )


def construct(model: EconomyModel, mechanism: Mechanism, projects: Array, land: Array) -> None:
    """All money of the projects goes into buildings that come to the market next year. land: mu, (projects,)."""
    spent = model.projects.cash[projects].copy()
    model.ledger.move(Account(model.projects, "cash", projects), Account(model.outside, "cash"), spent, CONSTRUCTION)
    added = land * floor_per_mu(model, mechanism.where) * (not mechanism.business)
    model.projects.write(
        rows=projects,
        under_construction=model.projects.under_construction[projects] + added,
        relieved=model.projects.relieved[projects] + added * bool(mechanism.relief),
        builds=model.projects.builds[projects] + 1,
        cost=model.projects.cost[projects] + spent,
        replacement=model.projects.replacement[projects] + spent,
        book=model.projects.book[projects] + spent,
    )
