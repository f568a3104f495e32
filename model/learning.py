"""What villages and the public learn in a year: rents at home, in parks and zones, and what pools really paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.place import TOWN, ZONE
from agents.table import Array, total_by
from agents.village import believe
from model.partnerships import VILLAGE, town_mean

if TYPE_CHECKING:
    from model.economy import EconomyModel


def learn(model: EconomyModel) -> None:
    """Villages revise what they expect, by what they and those they are tied to really received."""
    _learn_home_rents(model)
    _learn_park_rents(model)
    _learn_zone_rents(model)
    _learn_pool_yields(model)
    _learn_trust(model)


def learn_opening_rents(model: EconomyModel) -> None:
    """First beliefs, from the rents of the opening: a town's park is taken for what sheds in the town bring."""
    villages = model.villages
    home = net_rent_per_floor(model)[: len(villages)]
    spread = float(np.var(home))
    villages.write(home_rent_seen=heard(model, home), home_rent_variance=spread, pool_yield_seen=np.nan)
    model.towns.write(park_rent_seen=rent_of_sheds(model), park_rent_variance=spread)
    zone = model.zone_projects
    seen = np.where(zone >= 0, net_rent_per_floor(model)[zone], 0.0)
    model.counties.write(zone_rent_seen=seen, zone_rent_variance=spread)


def net_rent_per_floor(model: EconomyModel) -> Array:
    """Net rent over floor of each project this year, 0 where it has no floor. yuan/m2/year, shape (projects,)."""
    projects = model.projects
    return np.divide(projects.net_rent, projects.floor, out=np.zeros(len(projects)), where=projects.floor > 0)


def rent_of_sheds(model: EconomyModel) -> Array:
    """Net rent per m2 of all sheds of each town, 0 where there are none. yuan/m2/year, shape (towns,)."""
    count = len(model.villages)
    return town_mean(
        model.villages.town, net_rent_per_floor(model)[:count], model.projects.floor[:count], len(model.towns)
    )


def heard(model: EconomyModel, own: Array) -> Array:
    """What a village makes of its own rent and of that of all sheds it hears of, by the weight it gives its own.

    Its own sheds are among those it hears of; who has none goes by the others' alone. own: yuan/m2/year, shape
    (villages,); returns the same.
    """
    rows, floor = np.arange(len(own)), model.projects.floor[: len(own)]
    rent, total = (model.neighbours.total(rows, values) for values in (floor * own, floor))
    around = np.divide(rent, total, out=np.zeros(len(own)), where=total > 0.0)
    return np.where(floor > 0.0, believe(own, around, memory=model.parameters["choice.own_weight"]), around)


def _learn_home_rents(model: EconomyModel) -> None:
    villages, memory = model.villages, model.parameters["choice.memory"]
    own = net_rent_per_floor(model)[: len(villages)]
    seen = heard(model, own)
    missed = (own - villages.home_rent_seen) ** 2
    villages.write(
        home_rent_variance=believe(villages.home_rent_variance, missed, memory=memory),
        home_rent_seen=believe(villages.home_rent_seen, seen, memory=memory),
    )


def _rents_by(model: EconomyModel, group: Array, count: int) -> tuple[Array, Array]:
    """Mean net rent per m2 of factory floor by group of projects (-1: none), and whether there is any floor."""
    projects = model.projects
    counts = (group >= 0) & (projects.floor > 0)
    rent = total_by(group[counts], projects.net_rent[counts], count)
    floor = total_by(group[counts], projects.floor[counts], count)
    return rent / np.maximum(floor, 1.0), floor > 0.0


def _learn_park_rents(model: EconomyModel) -> None:
    """All villages of a town see what its park brings; without a park they go on judging by the town's sheds."""
    projects, towns, memory = model.projects, model.towns, model.parameters["choice.memory"]
    place_town = np.where(model.places.category == TOWN, model.places.town, -1)[projects.place]
    rent, there = _rents_by(model, place_town, len(towns))
    seen = np.where(there, rent, rent_of_sheds(model))
    missed = (seen - towns.park_rent_seen) ** 2
    towns.write(
        park_rent_variance=believe(towns.park_rent_variance, missed, memory=memory),
        park_rent_seen=believe(towns.park_rent_seen, seen, memory=memory),
    )


def _learn_zone_rents(model: EconomyModel) -> None:
    """The zone reports the mean net rent of its floor; pools that are still letting count like all others."""
    projects, counties, memory = model.projects, model.counties, model.parameters["choice.memory"]
    zone_of = np.where(model.places.category == ZONE, model.places.county, -1)[projects.place]
    seen, there = _rents_by(model, zone_of, len(counties))
    missed = (seen - counties.zone_rent_seen) ** 2
    counties.write(
        zone_rent_variance=np.where(
            there, believe(counties.zone_rent_variance, missed, memory=memory), counties.zone_rent_variance
        ),
        zone_rent_seen=np.where(there, believe(counties.zone_rent_seen, seen, memory=memory), counties.zone_rent_seen),
    )


def _village_stakes(model: EconomyModel, which: Array) -> tuple[Array, Array, Array]:
    """Villages, projects and shares of the villages' stakes in some projects (bool, shape (projects,))."""
    stakes = model.partnerships
    mine = stakes.held_by(VILLAGE) & which[stakes.project]
    shares = stakes.shares(len(model.projects), model.year)
    return stakes.holder[mine], stakes.project[mine], shares[mine]


def known_ratio(model: EconomyModel, village: Array, project: Array, above: Array, below: Array) -> Array:
    """What a village hears of a ratio, such as what was paid over what was due, from all it is tied to.

    It hears of the stakes of its neighbours and of all members of projects that it shares; each stake counts by its
    weight below the line. village, project: rows; above, below: of stakes; all of shape (stakes,). Returns shape
    (villages,), not a number where it hears of none.
    """
    villages, projects = len(model.villages), len(model.projects)
    of_neighbours = [model.neighbours.total(village, part) for part in (above, below)]
    of_project = [total_by(project, part, projects)[project] for part in (above, below)]
    shared = [total_by(village, part, villages) for part in of_project]
    above_all, below_all = of_neighbours[0] + shared[0], of_neighbours[1] + shared[1]
    ratio: Array = np.divide(above_all, below_all, out=np.full(villages, np.nan), where=below_all > 0.0)
    return ratio


def _learn_pool_yields(model: EconomyModel) -> None:
    """What pools without a guarantee paid on the capital put in; nothing is learnt from pools still being built."""
    projects, memory = model.projects, model.parameters["choice.memory"]
    open_pools = (projects.village < 0) & (projects.floor > 0) & ~model.guaranteed_projects()
    village, project, shares = _village_stakes(model, open_pools)
    base = model.partnerships.accruing_base(len(projects), model.year)
    seen = known_ratio(model, village, project, shares * projects.net_rent[project], shares * base[project])
    before = np.where(np.isnan(model.villages.pool_yield_seen), seen, model.villages.pool_yield_seen)
    learnt = believe(before, seen, memory=memory)
    model.villages.write(pool_yield_seen=np.where(np.isnan(seen), model.villages.pool_yield_seen, learnt))


def _learn_trust(model: EconomyModel) -> None:
    """Trust follows the part of what was due that members really got; where a village hears of none, it stays."""
    projects, villages = model.projects, model.villages
    village, project, shares = _village_stakes(model, model.guaranteed_projects())
    due, lost = shares * projects.due[project], shares * projects.unpaid[project]
    kept = known_ratio(model, village, project, due - lost, due)
    trust = believe(villages.trust, kept, memory=model.parameters["choice.memory"])
    villages.write(trust=np.where(np.isnan(kept), villages.trust, trust))
