"""The market for factory floor: firms come, compare sites, rent, move and close; asking rents answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.enterprise import CLOSED, ELSEWHERE, SEEKING, next_rent, site_surplus, take_sites, value_added_per_floor
from agents.table import Array, total_by
from model.draws import key_of, keys_of

if TYPE_CHECKING:
    from model.economy import EconomyModel


def match_tenants(model: EconomyModel) -> None:
    """One year of the floor market: closures, ended leases, new firms, choice of site."""
    former_site = _close_and_release(model)
    add_firms(model, new_firms(model))
    entrants = len(model.enterprises) - len(former_site)
    _choose_sites(model, np.concatenate([former_site, np.full(entrants, -1)]))


def new_firms(model: EconomyModel) -> int:
    """New firms of the year: their number grows with the floor that growing output needs. Same in every arm."""
    growth = model.grown_by("firms.output_growth") / model.productivity_index
    return round(model.parameters["county.entrants"] * growth)


def add_firms(model: EconomyModel, count: int) -> None:
    """Firms that begin to look for floor, each with its own luck by cohort and number."""
    p, draws, year = model.parameters, model.draws, model.year
    floor = p["firms.floor_median"] * np.exp(p["firms.floor_spread"] * draws.normal("firm: floor", year, count))
    spread = p["firms.value_added_spread"]
    productivity = p["firms.value_added"] * np.exp(spread * draws.normal("firm: productivity", year, count))
    keys = keys_of("firm", year, count=count)
    model.enterprises.add(count, key=keys, cohort=year, floor_wanted=floor, productivity=productivity)


def _close_and_release(model: EconomyModel) -> Array:
    """Some firms close, some leases end. Returns where a firm whose lease ended has been, -1 for all others."""
    p, firms, draws, year = model.parameters, model.enterprises, model.draws, model.year
    here = firms.site >= 0
    closes = here & (draws.keyed_uniform("firm: closes", year, firms.key) < p["firms.close_rate"])
    ends = here & (draws.keyed_uniform("firm: lease ends", year, firms.key) < 1.0 / p["firms.lease_years"])
    firms.write(rows=closes, site=CLOSED, floor=0.0)
    ends &= ~closes
    former_site = np.where(ends, firms.site, -1)
    firms.write(rows=ends, site=SEEKING, floor=0.0)
    _count_let(model)
    return former_site


def site_values(model: EconomyModel, seekers: Array, former_site: Array) -> Array:
    """What each seeking firm would have of each project's floor, and of leaving (last column), in units of taste.

    Its surplus per m2, the logarithm of the vacant floor (so that splitting or merging equal sites changes
    nothing) and its own taste for the site. seekers: rows, former_site: rows of projects, shape (seekers,).
    Returns (seekers, projects + 1).
    """
    firms, projects, index = model.enterprises, model.projects, model.price_index
    vacant = np.append(vacant_floor(model), model.parameters["county.elsewhere_floor"])
    keys = np.append(projects.key, np.uint64(key_of("elsewhere")))
    taste = model.draws.keyed_gumbel("firm: taste", model.year, firms.key[seekers][:, None], keys[None, :])
    stays = former_site[:, None] == np.arange(len(keys))
    surplus = _surplus(model, seekers) + stays * model.parameters["firms.moving_cost"] * index
    value: Array = surplus / (model.parameters["firms.taste"] * index) + np.log(np.maximum(vacant, 1e-12)) + taste
    return value


def _surplus(model: EconomyModel, seekers: Array) -> Array:
    """What a m2 at each project, and elsewhere (last column), leaves to each firm: yuan/m2/year."""
    p, firms, projects = model.parameters, model.enterprises, model.projects
    contrast = p["place.contrast"]
    quality = np.append(contrast * projects.quality, p["floor.elsewhere_quality"])
    nearby = total_by(projects.place, projects.let, int(projects.place.max()) + 1)[projects.place]
    nearby = np.append(nearby, p["place.agglomeration_base"])
    earned = value_added_per_floor(
        model.productivity_index * firms.productivity[seekers][:, None],
        quality=quality,
        let_nearby=nearby,
        elasticity=p["place.contrast"] * p["place.agglomeration"],
        base=p["place.agglomeration_base"],
    )
    rent = np.append(projects.rent, p.at("floor.elsewhere_rent", model.year))
    access = np.append(contrast * projects.access, 0.0) * p["place.access_cost"] * model.price_index
    return site_surplus(earned, margin=p["firms.floor_margin"], rent=rent, access_cost=access)


def vacant_floor(model: EconomyModel) -> Array:
    """Floor on the market that is not let, m2, shape (projects,)."""
    vacant: Array = np.maximum(model.projects.floor - model.projects.let, 0.0)
    return vacant


def _choose_sites(model: EconomyModel, former_site: Array) -> None:
    p, firms = model.parameters, model.enterprises
    seekers = np.flatnonzero(firms.site == SEEKING)
    order = np.argsort(model.draws.keyed_uniform("firm: order", model.year, firms.key[seekers]))
    seekers = seekers[order]
    vacant = np.append(vacant_floor(model), np.inf)
    wanted = firms.floor_wanted[seekers]
    value = site_values(model, seekers, former_site[seekers])
    site, floor = take_sites(value, wanted, vacant, least_fit=p["firms.least_fit"])
    site = np.where(site == len(model.projects), ELSEWHERE, site)
    firms.write(rows=seekers, site=site, floor=floor)
    _count_let(model)


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
