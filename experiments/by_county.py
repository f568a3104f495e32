"""Outcomes of villages county by county: levels of each arm and effects against the baseline, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from experiments.effects import paired
from experiments.frames import rows_of
from experiments.study import Study
from experiments.units import decimals_for, number, scale_of, text_table
from model.inequality import gini

OUTCOMES: Mapping[str, tuple[str, str, Callable[[np.ndarray], float]]] = {
    "mean": ("Mean recurrent income", "yuan/year", lambda values: float(values.mean())),
    "minimum": ("Lowest recurrent income", "yuan/year", lambda values: float(values.min())),
    "gini": ("Gini between villages", "1", gini),
}


def county_frame(study: Study) -> pd.DataFrame:
    """One row a county, outcome, arm and seed in the last year that the case's figures reach."""
    year = study.plan.shown_years[0]
    names = [county.name for county in study.plan.case.counties]
    now = study.villages[study.villages["year"] == year]
    now = now.assign(county=[names[row] for row in now["county"]])
    rows = [
        (county, outcome, arm, seed, measure(values.to_numpy()))
        for (county, arm, seed), values in now.groupby(["county", "arm", "seed"], sort=False)["recurrent_income"]
        for outcome, (_, _, measure) in OUTCOMES.items()
    ]
    return pd.DataFrame(rows, columns=["county", "outcome", "arm", "seed", "value"])


def by_county(study: Study) -> pd.DataFrame:
    """Effects on the villages of each county: one row a county, outcome and arm, the baseline's with no effect."""
    frame, arms = county_frame(study), [scenario.name for scenario in study.plan.scenarios]
    found = []
    for (county, outcome), rows in frame.groupby(["county", "outcome"], sort=False):
        table = rows.pivot(index="seed", columns="arm", values="value")[arms]
        for arm in arms:
            gap = paired(table[arms[0]], table[arm])
            found.append((county, outcome, arm, float(gap.arm_mean), *(float(x) for x in gap[2:5])))
    columns = ["county", "outcome", "arm", "mean", "effect", "low", "high"]
    return pd.DataFrame(found, columns=columns)


def county_table(study: Study) -> str:
    """The same as text, in the order of counties, outcomes and arms."""
    table, baseline, lines = by_county(study), study.plan.scenarios[0].name, []
    for (county, outcome), rows in table.groupby(["county", "outcome"], sort=False):
        title, unit, _ = OUTCOMES[str(outcome)]
        scale = scale_of(unit, rows["mean"])
        for row in rows_of(rows):
            values = [value / scale.divisor for value in (row.mean, row.effect, row.low, row.high)]
            places = decimals_for([values[1], (values[3] - values[2]) / 2.0]) if row.arm != baseline else 3
            places = min(places, decimals_for([values[0]])) if scale.unit != "1" else 3
            effect = number(values[1], places, signed=True) if row.arm != baseline else ""
            span = f"{number(values[2], places)} to {number(values[3], places)}" if np.isfinite(values[2]) else ""
            shown = span if row.arm != baseline else ""
            lines.append([title, str(county), scale.unit, row.arm, number(values[0], places), effect, shown])
    return text_table(["Outcome", "County", "Unit", "Arm", "Level", "Effect", "95% interval"], lines, left=4)
