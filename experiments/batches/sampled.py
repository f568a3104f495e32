"""The answers of a sampled design: which uncertainties an effect hangs on, and doubt about values apart from luck."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from experiments.batches.plan import BatchPlan
from experiments.batches.points import sampled_keys
from experiments.design import ENSEMBLE, LATIN, MORRIS, SAMPLED, SOBOL, SPREAD
from experiments.effects import Floats
from experiments.sensitivity import morris_table, sobol_table
from experiments.variance import variance_parts
from model.indicators import INDICATORS

UNCERTAINTY = "uncertainty"
TABLES = {
    LATIN: UNCERTAINTY,
    ENSEMBLE: UNCERTAINTY,
    MORRIS: "morris",
    SOBOL: "sobol",
}  # what each kind's table is called
FAILED = "not defined: runs of some points failed"


def sampled_table(plan: BatchPlan, outcomes: dict[str, Floats]) -> pd.DataFrame:
    """One row a combination of levers, pair, year, outcome and key; without a key where doubt about values is told.

    outcomes: by arm, shape (points, seeds, years, outcomes). Empty for other designs and where nothing is compared.
    """
    design = plan.experiment.design
    if design.kind not in SAMPLED or not plan.pairs:
        return pd.DataFrame()
    names = list(sampled_keys(plan.experiment, plan.case.parameters.but(plan.experiment.changes)))
    blocks = []
    for labels, rows, effects in _slices(plan, outcomes):
        table = _answer(plan, names, rows, effects)
        blocks.append(table.assign(**labels)[[*labels, *table.columns]])
    return pd.concat(blocks, ignore_index=True)


def _slices(plan: BatchPlan, outcomes: dict[str, Floats]) -> Iterator[tuple[dict[str, Any], slice, Floats]]:
    """Every effect on every outcome: its labels, the points of its sample, and it at each point and seed."""
    levers = plan.experiment.design.levers
    groups = 1
    for values in levers.values():
        groups *= len(values)
    size = len(plan.points) // groups
    for group in range(groups):
        rows = slice(group * size, (group + 1) * size)
        held = {key: plan.points[rows.start].values[key] for key in levers}
        for baseline, arm in plan.pairs:
            gaps = outcomes[arm][rows] - outcomes[baseline][rows]
            for row, year in enumerate(plan.years):
                for column, name in enumerate(plan.outcomes):
                    if name not in plan.shown:
                        continue
                    about = INDICATORS[name]
                    labels = {"baseline": baseline, "arm": arm, "year": year, "outcome": name}
                    labels |= {"title": about.title, "unit": about.unit}
                    yield {**held, **labels}, rows, gaps[:, :, row, column]


def _answer(plan: BatchPlan, names: list[str], rows: slice, effects: Floats) -> pd.DataFrame:
    """The table of one effect."""
    design = plan.experiment.design
    if design.kind in SPREAD:
        known = effects[np.isfinite(effects).all(axis=1)].mean(axis=1)
        above = float((known > 0.0).mean()) if len(known) else float("nan")
        return pd.DataFrame([{**variance_parts(effects)._asdict(), "share_above_zero": above}])
    if not np.isfinite(effects).all():
        return pd.DataFrame({"key": names, "note": FAILED})
    if design.kind == SOBOL:
        return sobol_table(names, effects[:, 0], seed=design.seed)
    points = [point.values for point in plan.points[rows]]
    return morris_table(names, points, effects, levels=design.levels, seed=design.seed)
