"""How much of a level is exogenous: mean village income by where it comes from.

Other income follows paths that are the same in every arm; the mechanism answers for the rest alone.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from experiments.validation.targets import Targets
from model.cases import load_case

WORLD = "pooling"
YEARS = (2012, 2021)
PARTS = ("recurrent_income_mean", "other_income_mean", "pool_income_mean", "project_income_mean")


class Wanted(NamedTuple):
    """A value that is asked of runs without being a target."""

    name: str
    indicator: str
    world: str
    year: int


def wanted(targets: Targets) -> list[Wanted]:
    """What ``levels`` needs, for those of its years that the usual world of a case has; nothing without that world."""
    if WORLD not in [one.name for one in targets.worlds]:
        return []
    case = load_case(targets.case)
    last = targets.world(WORLD).last_year or case.last_year
    return [
        Wanted(f"{part} {year}", part, WORLD, year)
        for year in YEARS
        if case.first_year <= year <= last
        for part in PARTS
    ]


def levels(values: pd.DataFrame) -> pd.DataFrame:
    """Columns year, recurrent income, and what it consists of, yuan a village, means over seeds.

    values: columns target (as ``wanted`` names them) and value.
    """
    found = values.groupby("target")["value"].mean()
    rows = []
    for year in YEARS:
        if f"{PARTS[0]} {year}" not in found:
            continue
        income, other, pools, projects = (float(found[f"{part} {year}"]) for part in PARTS)
        rows.append(
            {
                "year": year,
                "recurrent income": income,
                "other income: exogenous": other,
                "pools": pools,
                "buildings at home since the first year": projects - pools,
                "old property, idle land, interest, subsidies": income - other - projects,
            }
        )
    return pd.DataFrame(rows)
