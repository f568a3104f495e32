"""The labour market of parks and factories to let: jobs go to willing households nearby, the rest to migrants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.groups import blocks_of, rows_by_group
from agents.table import Array, total_by
from agents.worker import free_worker, hire_near, hired_households, wants_job

if TYPE_CHECKING:
    from model.economy import EconomyModel


def wages(model: EconomyModel) -> Array:
    """Yearly wage of a factory worker by county, yuan/year, shape (counties,)."""
    return model.parameters.at("labour.wage", model.year) * model.figures("wage_level")


def payroll_by_place(model: EconomyModel) -> Array:
    """Wages that firms and projects with customers of their own pay in each place, yuan/year, shape (places,)."""
    firms, projects = model.enterprises, model.projects
    here = np.flatnonzero(firms.site >= 0)
    paid = total_by(projects.place[firms.site[here]], firms.wage_bill[here], len(model.places))
    return paid + total_by(projects.place, projects.payroll, len(model.places))


def hire_workers(model: EconomyModel) -> None:
    """Places hire near: households send a worker where the wage beats what it would earn otherwise."""
    households, sizes = model.households, model.worker_counts
    willing, count = _willing(model)
    hired = np.floor(_hired_by_group(model, count) + 1e-9).astype(np.int64)
    households.write(wage=0.0, forgone=0.0)
    for groups, rows in blocks_of(sizes):
        works = np.flatnonzero(hired_households(willing[rows], sizes[groups], hired[groups]))
        workers = model.workers[rows][works]
        forgone = model.parameters["labour.forgone"] * households.earnings[workers]
        households.write(rows=workers, wage=wages(model)[households.county[workers]], forgone=forgone)


def _willing(model: EconomyModel) -> tuple[Array, Array]:
    """Which workers would take a job, bool, shape (workers,), and how many of each village and town."""
    p, sizes = model.parameters, model.worker_counts
    willing, count = np.empty(len(model.workers), dtype=bool), np.zeros(len(sizes))
    wage = wages(model)[model.group_county]
    mean = model.figures("income_per_head")[model.group_county] * p["household.persons"]
    for groups, rows in blocks_of(sizes):
        usual, members = model.households.earnings[model.workers[rows]], sizes[groups]
        relative = usual / np.repeat(mean[groups], members)
        free = free_worker(relative, model.worker_luck[rows], available=p["labour.available"])
        willing[rows] = free & wants_job(usual, np.repeat(wage[groups], members), part=p["labour.forgone"])
        village = np.repeat(np.arange(len(members)), members)
        count[groups] = np.bincount(village[willing[rows]], minlength=len(members))
    return willing, count


def _hired_by_group(model: EconomyModel, workers: Array) -> Array:
    """How many of the willing workers of each village and town are hired, county by county; shape (groups,)."""
    hired, jobs = np.zeros(len(workers)), payroll_by_place(model) / wages(model)[model.places.county]
    counties = len(model.counties)
    working, willing = np.flatnonzero(jobs > 0.0), np.flatnonzero(workers > 0.0)
    places_of = rows_by_group(model.places.county[working], counties)
    groups_of = rows_by_group(model.group_county[willing], counties)
    for here, near in zip(places_of, groups_of, strict=True):
        places, groups = working[here], willing[near]
        if len(places) and len(groups):
            distance = _distances(model, places, groups)
            found = hire_near(jobs[places], workers[groups], distance, reach=model.parameters["labour.reach"])
            hired[groups] = found.sum(axis=0)
    return hired


def _distances(model: EconomyModel, places: Array, groups: Array) -> Array:
    """Road distance between places and villages or towns of one county, km, shape (places, groups)."""
    east, north = (
        np.concatenate([getattr(model.villages, axis), getattr(model.towns, axis)])[groups]
        for axis in ("east", "north")
    )
    apart = np.hypot(
        model.places.east[places][:, None] - east[None, :], model.places.north[places][:, None] - north[None, :]
    )
    distance: Array = model.parameters["place.detour"] * apart
    return distance
