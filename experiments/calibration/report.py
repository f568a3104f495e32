"""A calibration in words: the fit, what was set, what the targets can't tell, and how many sets fit as well."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.calibration.fit import Fitted
from experiments.calibration.plan import CalibrationPlan
from experiments.calibration.waves import Sets
from experiments.frames import rows_of
from experiments.report import Section
from experiments.units import decimals_for, number, scale_of, text_table
from experiments.validation.report import published

WIDTH = 130
MOST_DRIVERS = 3
FIT_HEAD = ["Target", "published", "start", "fitted", "off, start", "off, fitted"]


def sections(plan: CalibrationPlan, fitted: Fitted, sets: Sets, tables: Mapping[str, pd.DataFrame]) -> list[Section]:
    """What is reported, in order."""
    runs = sum(len(table) for table in fitted.trials.values())
    opening = (
        f"{len(plan.keys)} parameters set to {len(fitted.fit)} targets, block by block: {runs} points, "
        f"{plan.seeds} seeds each. The fit is told on seeds that the search did not see."
    )
    unknown = tables["identified"]
    loose = ", ".join(unknown.loc[unknown["verdict"] == "not identified", "parameter"]) or "none"
    return [
        Section(f"Calibration of {plan.case}", opening),
        Section("The fit", fit_table(fitted.fit)),
        Section("What was set", settings_table(tables["settings"])),
        Section("What moves each target most", drivers_table(tables["drivers"])),
        Section("What the targets cannot tell", f"Not identified: {loose}.\n{tradeoffs_table(tables['tradeoffs'])}"),
        Section(
            "Sets that fit acceptably",
            f"{len(sets.points)} sets: of {sets.tried} that were run with further seeds, those whose mean squared "
            f"distance is at most {plan.ensemble.most_loss:g} and none of whose moments is further than "
            f"{plan.ensemble.furthest:g} tolerances off; the first is the set in use. After the last wave "
            f"{sets.share:.1g} of the space is left.",
        ),
    ]


def fit_table(table: pd.DataFrame) -> str:
    """Every target at the start and fitted."""
    return text_table(FIT_HEAD, [fit_cells(row) for row in rows_of(table)], width=WIDTH)


def fit_cells(row: Any) -> list[str]:
    """A row of the fit: title with unit, published, start, fitted, and both distances."""
    ends = [value for value in (row.low_end, row.high_end) if math.isfinite(value)]
    scale = scale_of(row.unit, [*ends, row.before, row.after])
    values = [value / scale.divisor for value in (row.before, row.after)]
    places = min(decimals_for([*(end / scale.divisor for end in ends), *values]), 3)
    unit = "" if scale.unit == "1" else f", {scale.unit}"
    off = [number(value, 1, signed=True) for value in (row.off_before, row.off_after)]
    shown = [published(row, scale.divisor, places), *(number(value, places) for value in values)]
    return [f"{row.title}{unit}", *shown, *off]


def settings_table(table: pd.DataFrame) -> str:
    """Every parameter that was set."""
    rows = [
        [row.key, row.block, f"{row.start:g}", f"{row.set_to:g}", f"{row.low:g} to {row.high:g}", row.unit]
        for row in rows_of(table)
    ]
    return text_table(["Parameter", "block", "start", "set to", "range", "unit"], rows, width=WIDTH, left=2)


def drivers_table(table: pd.DataFrame) -> str:
    """The parameters that move each moment most, with their standardised coefficients."""
    rows = []
    for moment, mine in table.groupby("moment", sort=False):
        first = [f"{row.parameter} {row.coefficient:+.2f}" for row in rows_of(mine.head(MOST_DRIVERS))]
        rows.append([str(moment), ", ".join(first)])
    return text_table(["Target", "standard deviations a standard deviation"], rows, width=WIDTH, left=2)


def tradeoffs_table(table: pd.DataFrame) -> str:
    """Pairs that the targets tell only together."""
    if not len(table):
        return "No two parameters go together closely among the sets that are left."
    rows = [[row.one, row.other, f"{row.correlation:+.2f}"] for row in rows_of(table)]
    return text_table(["Told only together", "and", "correlation"], rows, width=WIDTH, left=2)
