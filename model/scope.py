"""Which rows an outcome looks at: the host county (the first of the case), or the counties paired with it."""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.place import ZONE
from agents.table import Array
from model.indicator import shared
from model.partnerships import VILLAGE

HOST = 0


def of_host(values: Array, county: Array) -> Array:
    """The values that belong to the host county. values, county: shape (rows,)."""
    found: Array = values[county == HOST]
    return found


def host_villages(model: Any, name: str) -> Array:
    """A column of the host county's villages."""
    return of_host(model.villages.column(name), model.villages.county)


def partner_villages(model: Any, name: str) -> Array:
    """A column of the paired counties' villages; empty where they have none."""
    values: Array = model.villages.column(name)[model.villages.county != HOST]
    return values


@shared
def pools(model: Any) -> Array:
    """Pooled projects of all mechanisms, wherever they stand. bool, shape (projects,)."""
    return np.asarray((model.projects.village < 0) & (model.projects.mechanism >= 0))


def in_host(model: Any, kind: int) -> Array:
    """Projects in the host county's places of a kind. bool, shape (projects,)."""
    place = model.projects.place
    return np.asarray((model.places.category[place] == kind) & (model.places.county[place] == HOST))


@shared
def zone_projects(model: Any) -> Array:
    """All floor in the host county's zone, whoever owns it. bool, shape (projects,)."""
    return in_host(model, ZONE)


@shared
def home_projects(model: Any) -> Array:
    """The host county's villages' own property. bool, shape (projects,)."""
    return np.asarray((model.projects.village >= 0) & (model.projects.county == HOST))


@shared
def host_pool_stakes(model: Any) -> Array:
    """Stakes of the host county's villages in pools. bool, shape (stakes,)."""
    stakes = model.partnerships
    held = stakes.held_by(VILLAGE) & pools(model)[stakes.project]
    held[held] = model.villages.county[stakes.holder[held]] == HOST
    return np.asarray(held)
