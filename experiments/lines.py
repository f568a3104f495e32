"""How many villages lie under each of the programmes' income lines, arm by arm, over the years."""

from __future__ import annotations

import numpy as np

from experiments.study import Study
from experiments.units import number, text_table
from model.indicators import INDICATORS

LINES = ("villages_below_150k", "villages_below_300k", "villages_below_1m", "villages_below_1800k")
YEARS_SHOWN = 7


def years_shown(first: int, last: int) -> list[int]:
    """Some years from first to last, both among them, evenly spread."""
    return sorted({int(year) for year in np.rint(np.linspace(first, last, min(YEARS_SHOWN, last - first + 1)))})


def villages_under_lines(study: Study) -> str:
    """A table: one row a line and arm, means over seeds."""
    runs = study.indicators
    years = years_shown(study.plan.case.first_year - 1, study.plan.last_year)
    grouped = runs.groupby(["arm", "year"])
    rows = []
    for line in LINES:
        means = grouped[line].mean().to_dict()
        for scenario in study.plan.scenarios:
            cells = [number(means[scenario.name, year], 1) for year in years]
            rows.append([INDICATORS[line].title, scenario.name, *cells])
    return text_table(["Villages", "Arm", *(str(year) for year in years)], rows, left=2)
