"""Years of stress: a slump of demand, lost land sales, closures of main tenants, together or each in its own years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.table import Array
from model.draws import key_of

if TYPE_CHECKING:
    from model.economy import EconomyModel

SPAN = 10  # assumed: years over which stress is spread from its first year on where it is not correlated


def in_stress(model: EconomyModel, keys: Array) -> Array:
    """Whether this year is one of stress for things with some keys. keys: uint64, any shape. Returns bool."""
    p = model.parameters
    own = np.floor(SPAN * model.draws.keyed_uniform("stress: start", 0, keys))
    start = p["stress.start"] + np.where(p["stress.correlated"] > 0.5, 0.0, own)
    found: Array = (model.year >= start) & (model.year < start + p["stress.years"])
    return found


def slump(model: EconomyModel) -> float:
    """Depth of this year's slump of demand, 0 to 1."""
    now = in_stress(model, np.array([key_of("slump")], dtype=np.uint64))[0]
    return model.parameters["stress.slump"] * float(now)


def land_sales_kept(model: EconomyModel) -> float:
    """Part of the land sales beyond plan quota that is not lost this year, 0 to 1."""
    now = in_stress(model, np.array([key_of("land sales")], dtype=np.uint64))[0]
    return 1.0 - model.parameters["stress.land_sales"] * float(now)


def tenant_closures(model: EconomyModel) -> Array:
    """Firms that close because a main tenant of a zone or park goes down. bool, shape (enterprises,)."""
    p, firms, projects = model.parameters, model.enterprises, model.projects
    hit = np.zeros(len(firms), dtype=bool)
    if p["stress.main_tenants"] <= 0.0:
        return hit
    struck = model.draws.keyed_uniform("stress: main tenant", 0, projects.key) < p["stress.main_tenants"]
    struck &= in_stress(model, projects.key) & (projects.village < 0) & (projects.let > 0.0)
    for row in np.flatnonzero(struck).tolist():
        tenants = np.flatnonzero(firms.site == row)
        hit[tenants[np.argmax(firms.floor[tenants])]] = True
    return hit
