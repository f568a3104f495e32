"""What villages and the public learn in a year: home rents, zone rents, and whether guarantees are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array, total_by
from agents.village import believe
from model.partnerships import neighbour_mean

if TYPE_CHECKING:
    from model.economy import EconomyModel


def learn(model: EconomyModel) -> None:
    """Villages revise what they expect, by what they and their neighbours really received."""
    _learn_home_rents(model)
    _learn_zone_rents(model)
    _learn_trust(model)


def net_rent_per_floor(model: EconomyModel) -> Array:
    """Net rent over floor of each project this year, 0 where it has no floor. yuan/m2/year, shape (projects,)."""
    projects = model.projects
    return np.divide(projects.net_rent, projects.floor, out=np.zeros(len(projects)), where=projects.floor > 0)


def heard(model: EconomyModel, own: Array) -> Array:
    """What a village makes of its own figure and its town's mean, by the weight it gives its own."""
    weight = model.parameters["choice.own_weight"]
    return believe(own, neighbour_mean(model.villages.town, own, len(model.towns)), memory=weight)


def _learn_home_rents(model: EconomyModel) -> None:
    villages, memory = model.villages, model.parameters["choice.memory"]
    own = net_rent_per_floor(model)[: len(villages)]
    seen = heard(model, own)
    missed = (own - villages.home_rent_seen) ** 2
    villages.write(
        home_rent_variance=believe(villages.home_rent_variance, missed, memory=memory),
        home_rent_seen=believe(villages.home_rent_seen, seen, memory=memory),
    )


def _learn_zone_rents(model: EconomyModel) -> None:
    """The zone reports the mean net rent of its floor; pools that are still letting count like all others."""
    projects, counties, memory = model.projects, model.counties, model.parameters["choice.memory"]
    zone = (projects.village < 0) & (projects.floor > 0)
    rent = total_by(projects.county, np.where(zone, projects.net_rent, 0.0), len(counties))
    floor = total_by(projects.county, np.where(zone, projects.floor, 0.0), len(counties))
    seen = rent / np.maximum(floor, 1.0)
    missed = (seen - counties.zone_rent_seen) ** 2
    counties.write(
        zone_rent_variance=believe(counties.zone_rent_variance, missed, memory=memory),
        zone_rent_seen=believe(counties.zone_rent_seen, seen, memory=memory),
    )


def _learn_trust(model: EconomyModel) -> None:
    """Trust follows the part of what was due that members in one's town really got; where none got any, it stays."""
    projects, stakes, villages = model.projects, model.partnerships, model.villages
    guaranteed = np.array([one.guaranteed for one in model.mechanisms] + [False])[projects.mechanism]
    counts = (stakes.village >= 0) & guaranteed[stakes.project]
    share = stakes.shares(len(projects))[counts]
    project, town = stakes.project[counts], villages.town[stakes.village[counts]]
    due = total_by(town, share * projects.due[project], len(model.towns))
    lost = total_by(town, share * projects.unpaid[project], len(model.towns))
    kept = np.divide(due - lost, due, out=np.zeros(len(due)), where=due > 0)[villages.town]
    heard = (due > 0)[villages.town]
    trust = believe(villages.trust, kept, memory=model.parameters["choice.memory"])
    villages.write(trust=np.where(heard, trust, villages.trust))
