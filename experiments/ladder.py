"""Effects of many arms at a glance: for each primary outcome one row an arm, with its level, effect and interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.effects import NOT_DEFINED
from experiments.frames import rows_of
from experiments.study import Study
from experiments.units import decimals_for, interval, number, scale_of, text_table

FEW_ARMS = 2  # up to so many arms each comparison gets a table of its own


def ladder_table(study: Study, pairs: Sequence[tuple[str, str]], year: int) -> str:
    """The primary outcomes of some pairs (baseline, arm) in a year, a small table an outcome."""
    table = study.effects[study.effects["primary"] & (study.effects["year"] == year)]
    rows = {(row.outcome, row.baseline, row.arm): row for row in rows_of(table)}
    blocks = []
    for outcome in dict.fromkeys(table["outcome"]):
        chosen = [rows[outcome, *pair] for pair in pairs]
        scale = scale_of(chosen[0].unit, [value for row in chosen for value in (row.effect, row.arm_mean)])
        unit = "" if scale.unit == "1" else f", {scale.unit}"
        blocks.append(f"{chosen[0].title}{unit}\n{_table(chosen, scale.divisor)}")
    return "\n\n".join(blocks)


def _table(chosen: Sequence[Any], divisor: float) -> str:
    spread = [value / divisor for row in chosen for value in (row.effect, (row.high - row.low) / 2)]
    places = decimals_for([value for value in spread if np.isfinite(value)])
    lines = []
    for row in chosen:
        cells = (row.baseline_mean, row.arm_mean, row.effect, row.low, row.high)
        before, after, effect, low, high = (value / divisor for value in cells)
        known = np.isfinite(before)
        told = [number(before, places) if known else "", number(after, places) if known else ""]
        told.append(NOT_DEFINED if row.note == NOT_DEFINED else number(effect, places, signed=bool(known)))
        lines.append([f"{row.arm} minus {row.baseline}", *told, interval(low, high, places)])
    return text_table(["", "baseline", "arm", "effect", "95% interval"], lines)
