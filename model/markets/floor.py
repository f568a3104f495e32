"""The market for factory floor: firms come, compare sites, rent, move and close; asking rents answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.enterprise import (
    CLOSED,
    ELSEWHERE,
    SEEKING,
    closing_hazard,
    next_rent,
    site_surplus,
    take_sites,
    value_added_per_floor,
)
from agents.groups import rows_by_group
from agents.place import PARK
from agents.table import Array, total_by
from model.draws import key_of, keys_of
from model.entries import Account
from model.flows import MOVING, OWNERS_MONEY
from model.stress import slump, tenant_closures

if TYPE_CHECKING:
    from model.economy import EconomyModel


def match_tenants(model: EconomyModel) -> None:
    """One year of the floor market: closures, ended leases, new firms, choice of site."""
    former_site = _close_and_release(model)
    add_firms(model, new_firms(model))
    entrants = len(model.enterprises) - len(former_site)
    former_site = np.concatenate([former_site, np.full(entrants, -1)])
    firms, counties = model.enterprises, len(model.counties)
    seekers = np.flatnonzero(firms.site == SEEKING)
    own_floor, let_there = rows_by_group(model.projects.county, counties), model.let_by_place()
    for county, places in enumerate(rows_by_group(firms.county[seekers], counties)):
        if len(places):
            _choose_sites(model, county, seekers[places], own_floor[county], former_site, let_there)
    _count_let(model)
    _pay_for_moves(model, former_site)


def new_firms(model: EconomyModel) -> Array:
    """New firms of the year by county: their number grows with the floor that growing output needs, less a slump.

    The same in every arm. Shape (counties,).
    """
    growth = model.grown_by("firms.output_growth") / model.productivity_index
    return np.rint(model.figures("entrants") * growth * (1.0 - slump(model))).astype(int)


def add_firms(model: EconomyModel, counts: Array) -> None:
    """Firms that begin to look for floor in each county, each with its own luck by county, cohort and number."""
    p, draws, year = model.parameters, model.draws, model.year
    some = [(model.case.counties[row].name, count) for row, count in enumerate(counts.tolist()) if count > 0]
    if not some:
        return
    floor = np.concatenate([draws.normal(f"firm: floor {name}", year, count) for name, count in some])
    productivity = np.concatenate([draws.normal(f"firm: productivity {name}", year, count) for name, count in some])
    light = np.concatenate([draws.uniform(f"firm: light {name}", year, count) for name, count in some])
    model.enterprises.add(
        len(floor),
        key=np.concatenate([keys_of("firm", name, year, count=count) for name, count in some]),
        cohort=year,
        county=np.repeat(np.arange(len(counts)), counts),
        light=light < p["firms.light_share"],
        floor_wanted=p["firms.floor_median"] * np.exp(p["firms.floor_spread"] * floor),
        productivity=p["firms.value_added"] * np.exp(p["firms.value_added_spread"] * productivity),
    )


def _close_and_release(model: EconomyModel) -> Array:
    """Some firms close, some leases end. Returns where a firm whose lease ended has been, -1 for all others."""
    p, firms, draws, year = model.parameters, model.enterprises, model.draws, model.year
    here, base = firms.site >= 0, p["place.agglomeration_base"]
    there = model.projects.place[np.maximum(firms.site, 0)]
    # Firms that went elsewhere went where there are others: no arm gains by their closing sooner.
    nearby = np.where(here, model.let_by_place()[there] - firms.floor, np.inf)
    hazard = closing_hazard(
        np.maximum(nearby, 0.0),
        rate=p["firms.close_rate"],
        thin=p["place.contrast"] * p["firms.thin_exit"],
        base=base,
        slump=p["stress.closures"] * slump(model),
    )
    open_ = here | (firms.site == ELSEWHERE)
    closes = open_ & (draws.keyed_uniform("firm: closes", year, firms.key) < hazard)
    closes |= tenant_closures(model)
    ends = here & (draws.keyed_uniform("firm: lease ends", year, firms.key) < 1.0 / p["firms.lease_years"])
    firms.write(rows=closes, site=CLOSED, floor=0.0)
    ends &= ~closes
    former_site = np.where(ends, firms.site, -1)
    firms.write(rows=ends, site=SEEKING, floor=0.0)
    _count_let(model)
    return former_site


def sites_in_view(model: EconomyModel, county: int, own: Array) -> tuple[Array, Array]:
    """Projects with factory floor that firms of a county compare, and which of them are open to light industry only.

    All floor of the county itself (own: rows of its projects), and the common parks to which its industry may move
    (产业转移).
    """
    projects = model.projects
    to = [partner for kind, host, partner in model.pairs() if kind == "industry_moves" and host == county]
    if to:
        in_park = (model.places.category == PARK)[projects.place]
        own = np.union1d(own, np.flatnonzero(in_park & np.isin(projects.county, to)))
    rows = own[projects.business[own] == 0]
    return rows, projects.county[rows] != county


def site_values(
    model: EconomyModel, seekers: Array, former_site: Array, sites: Array, light_only: Array, let_nearby: Array
) -> Array:
    """What each seeking firm would have of each site, and of leaving (last column), in units of taste.

    Its surplus per m2, the logarithm of the vacant floor (so that splitting or merging equal sites changes
    nothing) and its own taste for the site. seekers: rows of firms of one county, former_site: rows of projects,
    shape (seekers,); sites: rows of projects, light_only: bool, let_nearby: m2 let in their places, shape (sites,).
    Returns (seekers, sites + 1).
    """
    firms, projects, index, p = model.enterprises, model.projects, model.price_index, model.parameters
    county = int(firms.county[seekers[0]]) if len(seekers) else 0
    vacant = np.append(vacant_floor(model, sites), model.figures("elsewhere_floor")[county])
    keys = np.append(projects.key[sites], np.uint64(key_of("elsewhere")))
    taste = model.draws.keyed_gumbel("firm: taste", model.year, firms.key[seekers][:, None], keys[None, :])
    stays = former_site[:, None] == np.append(sites, -9)
    surplus = _surplus(model, seekers, sites, let_nearby) + stays * p["firms.moving_cost"] * index
    value: Array = surplus / (p["firms.taste"] * index) + np.log(np.maximum(vacant, 1e-12)) + taste
    value[:, :-1][light_only[None, :] & ~firms.light[seekers][:, None]] = -np.inf
    return value


def _surplus(model: EconomyModel, seekers: Array, sites: Array, let_nearby: Array) -> Array:
    """What a m2 at each site, and elsewhere (last column), leaves to each firm: yuan/m2/year."""
    p, firms, projects, places = model.parameters, model.enterprises, model.projects, model.places
    contrast, place = p["place.contrast"], projects.place[sites]
    earned = value_added_per_floor(
        model.productivity_index * firms.productivity[seekers][:, None],
        quality=np.append(contrast * places.quality[place], p["floor.elsewhere_quality"]),
        let_nearby=np.append(let_nearby, p["place.agglomeration_base"]),
        elasticity=contrast * p["place.agglomeration"],
        base=p["place.agglomeration_base"],
    )
    access = np.append(contrast * places.access[place], 0.0) * p["place.access_cost"] * model.price_index
    return site_surplus(
        earned,
        tax_share=p["firms.tax_share"],
        wage_share=model.wage_shares(seekers)[:, None],
        wage_level=np.append(model.figures("wage_level")[places.county[place]], 1.0),
        rent=np.append(projects.rent[sites], p.at("floor.elsewhere_rent", model.year)),
        access_cost=access,
    )


def vacant_floor(model: EconomyModel, sites: Array) -> Array:
    """Floor on the market that is not let, m2. sites: rows of projects. Shape (sites,)."""
    vacant: Array = np.maximum(model.projects.floor[sites] - model.projects.let[sites], 0.0)
    return vacant


def _choose_sites(
    model: EconomyModel, county: int, seekers: Array, own: Array, former_site: Array, let_there: Array
) -> None:
    """Firms of a county that seek floor (rows) take sites in turn.

    own: rows of the county's projects; let_there: m2 let in each place, to which what is let now is added.
    """
    p, firms, projects = model.parameters, model.enterprises, model.projects
    order = np.argsort(model.draws.keyed_uniform("firm: order", model.year, firms.key[seekers]))
    seekers = seekers[order]
    sites, light_only = sites_in_view(model, county, own)
    vacant, place = np.append(vacant_floor(model, sites), np.inf), projects.place[sites]
    value = site_values(model, seekers, former_site[seekers], sites, light_only, let_there[place])
    taken, floor = take_sites(value, firms.floor_wanted[seekers], vacant, least_fit=p["firms.least_fit"])
    firms.write(rows=seekers, site=np.append(sites, ELSEWHERE)[taken], floor=floor)
    let = total_by(taken % len(vacant), floor, len(vacant))[:-1]  # the last stands for elsewhere and for nowhere
    projects.write(rows=sites, let=projects.let[sites] + let)
    np.add.at(let_there, place, let)


def _pay_for_moves(model: EconomyModel, former_site: Array) -> None:
    """Firms that left a site pay for the move; the yearly advantage of staying is what it costs over a lease."""
    p, firms = model.parameters, model.enterprises
    movers = np.flatnonzero((former_site >= 0) & (firms.site != former_site) & (firms.site != CLOSED))
    if model.year < model.first_year or len(movers) == 0:
        return
    cost = p["firms.moving_cost"] * model.price_index * p["firms.lease_years"] * firms.floor[movers]
    purse, outside = Account(firms, "cash", movers), Account(model.outside, "cash")
    model.ledger.move(outside, purse, cost, OWNERS_MONEY)
    model.ledger.move(purse, outside, cost, MOVING)


def _count_let(model: EconomyModel) -> None:
    firms, projects = model.enterprises, model.projects
    here = firms.site >= 0
    projects.write(let=total_by(firms.site[here], firms.floor[here], len(projects)))


def set_rents(model: EconomyModel) -> None:
    """Landlords set next year's asking rents by this year's occupancy."""
    p, projects = model.parameters, model.projects
    occupancy = np.divide(projects.let, projects.floor, out=np.zeros(len(projects)), where=projects.floor > 0)
    rent = next_rent(
        projects.rent,
        occupancy,
        natural=p["floor.natural_occupancy"],
        response=p["floor.rent_response"],
        step=p["floor.rent_step"],
        inflation=p["prices.inflation"] if model.year >= model.first_year else 0.0,
    )
    projects.write(rent=np.where(projects.floor > 0, rent, projects.rent))
