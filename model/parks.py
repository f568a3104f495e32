"""Common parks of paired counties: villages enrolled by policy, and capital that counties put up themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array
from model.borrowing import borrow
from model.capital import CountiesPay, VillagesEnrolled
from model.entries import Account
from model.flows import (
    CAPITAL_PAID_IN,
    COMPENSATION,
    COUNTY_CAPITAL,
    PLAN_QUOTA_TO_PARK,
    PLAN_USE_FORGONE,
    PROVINCIAL_GRANT,
    QUOTA_BOUGHT,
    QUOTA_CONTRIBUTED,
    RECLAIMED,
    RECLAMATION,
    SECONDED_MANAGERS,
)
from model.founding import buy_land, construct, found
from model.mechanism import HOST, ZONE, Mechanism
from model.outlook import compensates, land_for, means, place_of
from model.partnerships import COUNTY, OUTSIDE, VILLAGE
from model.treasury import affordable

if TYPE_CHECKING:
    from model.economy import EconomyModel


def found_parks(model: EconomyModel) -> None:
    """Common parks that are due this year are founded: the paired counties, or their weak villages, pay in."""
    for number, one in enumerate(model.mechanisms):
        host, partner = model.paired(one.pair)
        if not one.open_in(model.year) or host < 0:
            continue
        if isinstance(one.capital, CountiesPay) and model.year == _first_year(model, one):
            _counties_found(model, number, one.capital, host, partner)
        elif isinstance(one.capital, VillagesEnrolled):
            members = enrolled(model, number, one.capital)
            if len(members):
                _villages_found(model, number, one.capital, members, host, partner)
    _pay_managers(model)


def _first_year(model: EconomyModel, mechanism: Mechanism) -> int:
    """The year in which a pair's first park is due: that of the mechanism, or of the pairing where that is later."""
    return max(mechanism.since, *(pair.since for pair in model.case.pairs if pair.kind == mechanism.pair))


def enrolled(model: EconomyModel, number: int, capital: VillagesEnrolled) -> Array:
    """The villages that are enrolled this year: the poorest first, after some years all others. Rows.

    The others follow in the first year in which the gap in force then has passed since the first cohort.
    """
    one, stakes = model.mechanisms[number], model.partnerships
    eligible = np.flatnonzero(one.who_may_join(model) & (place_of(model, one) >= 0))
    first = _first_year(model, one)
    if model.year == first:
        poorest = eligible[np.argsort(model.villages.recurrent_income[eligible], kind="stable")]
        return np.sort(poorest[: round(model.parameters[capital.first_share] * len(eligible))])
    passed = (year for year in range(first, model.year + 1) if year - first >= model.given.at(capital.gap, year))
    if model.year == next(passed, None):
        mine = stakes.held_by(VILLAGE) & (model.projects.mechanism == number)[stakes.project]
        return np.setdiff1d(eligible, stakes.holder[mine])
    return eligible[:0]


def _villages_found(
    model: EconomyModel, number: int, capital: VillagesEnrolled, members: Array, host: int, partner: int
) -> None:
    """Enrolled villages bring quota and money: the quota's price, own cash, a loan, and what lacks as a grant.

    A park to which nobody can bring anything is not founded.
    """
    one, villages, ledger = model.mechanisms[number], model.villages, model.ledger
    stake, named = model.parameters[capital.stake], compensates(model, one, model.year)
    price = model.parameters[one.compensation] if named else float(model.counties.quota_price[host])
    land = park_land(model, stake * len(members), host)
    flown = _bring_quota(model, members, land / len(members))
    flown = np.minimum(flown, stake / price) if price > 0.0 else flown
    paid_for = flown * price * affordable(model, np.full(len(members), host), flown * price)
    quota, purse = Account(villages, "quota", members), Account(villages, "cash", members)
    treasury = np.array([host])
    ledger.move(quota, Account(model.counties, "quota", treasury), flown, QUOTA_CONTRIBUTED)
    ledger.move(Account(model.counties, "cash", treasury), purse, paid_for, COMPENSATION if named else QUOTA_BOUGHT)
    loan, granted, missing = _rest_of_stake(model, capital, members, paid_for)
    paid = stake - missing
    if not paid.any():
        return
    borrowed = np.zeros(len(villages))
    borrowed[members] = loan
    borrow(model, borrowed)
    ledger.move(Account(model.outside, "cash"), purse, granted, PROVINCIAL_GRANT)
    project = found(model, number, int(place_of(model, one)[members[0]]), partner=partner)
    ledger.move(purse, Account(model.projects, "cash", project), paid, CAPITAL_PAID_IN)
    held: dict[str, Array] = {"quota": flown, "public": granted + paid_for * named, "borrowed": loan}
    model.partnerships.add_stakes(VILLAGE, members, project[0], paid, since=model.year, **held)
    build_park(model, number, project, park_land(model, stake * len(members) - float(missing.sum()), host))


def _rest_of_stake(
    model: EconomyModel, capital: VillagesEnrolled, members: Array, paid_for: Array
) -> tuple[Array, Array, Array]:
    """Who pays what the quota's price (paid_for, yuan) leaves of a stake: own cash, a loan, then a grant.

    Returns the loan, the grant, and what is missing where not all that lacks is granted: yuan, shape (members,).
    """
    p = model.parameters
    stake = p[capital.stake]
    cash, credit = (values[members] for values in means(model))
    own = np.minimum.reduce(
        [np.full(len(cash), p[capital.own] * stake), np.maximum(cash - paid_for, 0.0), stake - paid_for]
    )
    loan = np.minimum.reduce([np.full(len(members), p[capital.borrowed] * stake), credit, stake - paid_for - own])
    lacking = stake - paid_for - own - loan
    granted = p[capital.granted] * lacking
    return loan, granted, lacking - granted


def _bring_quota(model: EconomyModel, members: Array, needed: float) -> Array:
    """Members reclaim idle land, as far as they have it and the money, until each has the quota needed. mu.

    needed: mu a village. Returns what each can bring, shape (members,).
    """
    p, villages = model.parameters, model.villages
    cost = p["land.reclaim_cost"] * model.price_index
    lacking = np.maximum(needed - villages.quota[members], 0.0)
    mu = np.minimum(lacking, villages.idle_land[members])
    mu = np.minimum(mu, means(model)[0][members] / cost) if cost > 0.0 else mu
    purse, idle = Account(villages, "cash", members), Account(villages, "idle_land", members)
    model.ledger.move(purse, Account(model.outside, "cash"), mu * cost, RECLAMATION)
    model.ledger.move(idle, Account(villages, "quota", members), mu, RECLAIMED)
    return np.minimum(villages.quota[members], needed)


def park_land(model: EconomyModel, capital: float, county: int) -> float:
    """Land on which a capital builds in a county's zone or common park, mu."""
    price = float(model.figures("industrial_price")[county])
    return float(land_for(model, np.array([capital]), price, ZONE)[0])


def build_park(model: EconomyModel, number: int, project: Array, land: float) -> None:
    """A park gets its land, out of plan quota where the county holds too little, and is built. land: mu."""
    county = model.projects.county[project]
    lacking = np.maximum(land - model.counties.quota[county], 0.0)
    quota = Account(model.counties, "quota", county)
    model.ledger.move(Account(model.outside, "land"), quota, lacking, PLAN_QUOTA_TO_PARK)
    buy_land(model, project, np.array([land]))
    # Plan quota is short: somebody else does not build, and what the land was worth to him is lost.
    forgone = lacking * model.figures("industrial_price")[county]
    treasury, outside = Account(model.counties, "cash", county), Account(model.outside, "cash")
    model.ledger.move(treasury, outside, forgone, PLAN_USE_FORGONE)
    construct(model, model.mechanisms[number], project, np.array([land]))


def _counties_found(model: EconomyModel, number: int, capital: CountiesPay, host: int, partner: int) -> None:
    """Counties pay their parts, as far as they can in the agreed proportion; investors outside pay the rest."""
    one, p, ledger = model.mechanisms[number], model.parameters, model.ledger
    place = model.zone_places[host] if one.where == HOST else model.park_places[partner]
    rows, total = np.array([host, partner]), p[capital.capital]
    asked = total * np.array([p[capital.host_part], p[capital.partner_part]])
    granted = asked * np.array([0.0, p[capital.granted]])
    part = affordable(model, rows, asked - granted).min()
    if part * total <= 0.0:
        return
    paid, outside = part * asked, part * max(total - float(asked.sum()), 0.0)
    purse, world = Account(model.counties, "cash", rows), Account(model.outside, "cash")
    ledger.move(world, purse, part * granted, PROVINCIAL_GRANT)
    project = found(model, number, int(place), partner=partner)
    company = Account(model.projects, "cash", project)
    # What came as a grant has been told as public outlay already.
    ledger.move(purse, company, paid - part * granted, COUNTY_CAPITAL)
    ledger.move(purse, company, part * granted, CAPITAL_PAID_IN)
    ledger.move(world, company, outside, CAPITAL_PAID_IN)
    model.partnerships.add_stakes(COUNTY, rows, project[0], paid, public=paid, since=model.year)
    if outside > 0.0:
        model.partnerships.add_stakes(OUTSIDE, np.array([0]), project[0], outside, since=model.year)
    build_park(model, number, project, park_land(model, part * total, int(model.projects.county[project[0]])))


def _pay_managers(model: EconomyModel) -> None:
    """Officials seconded to a common park, for all its phases together: the county that does not host it pays."""
    projects = model.projects
    with_partner = np.flatnonzero(projects.partner >= 0)
    for number in np.unique(projects.mechanism[with_partner]).tolist():
        row = with_partner[projects.mechanism[with_partner] == number][:1]
        host, partner = model.paired(model.mechanisms[number].pair)
        payer = np.array([partner if projects.county[row[0]] == host else host])
        wanted = np.array([model.parameters["treasury.seconded_managers"]]) * model.price_index
        paid = wanted * affordable(model, payer, wanted)
        treasury, outside = Account(model.counties, "cash", payer), Account(model.outside, "cash")
        model.ledger.move(treasury, outside, paid, SECONDED_MANAGERS)
        projects.write(rows=row, managers=paid)
