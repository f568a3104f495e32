"""What a design of subsets found, in words and tables."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd

from experiments.attribution.channels import CHANNELS as KNOWN
from experiments.attribution.shapley import ALL_OFF, ALL_ON, TOTAL
from experiments.batches.finish import Batch
from experiments.batches.points import players_of
from experiments.design import CHANNELS
from experiments.frames import rows_of
from experiments.report import Section
from experiments.units import decimals_for, interval, number, scale_of, text_table

WIDTH = 110
PAIRS_SHOWN = 5
NOTE = (
    "Shapley shares: what each player adds to those before it, on average over all orders in which they can come. They "
    "sum to the total: the effect with all players less that with none. Intervals are of the shares' means over seeds, "
    "each for itself."
)
DISPLACED = (
    "Displaced: what of the share comes with less rent of villages' own property (below 0), or with more of it. It is "
    "part of the share, not beside it."
)


def parted_sections(batch: Batch) -> list[Section]:
    """A section a year with the shares of every outcome, and what the players stand for; empty for other designs."""
    table, plan = batch.shares, batch.plan
    if not len(table):
        return []
    found = []
    for year, rows in table.groupby("year", sort=False):
        blocks = [_block(part) for _, part in rows.groupby("outcome", sort=False)]
        notes = [NOTE, DISPLACED] if "displaced" in rows else [NOTE]
        blocks += _together(batch.interactions[batch.interactions["year"] == year])
        text = "\n\n".join([*blocks, *(textwrap.fill(note, WIDTH) for note in notes)])
        found.append(Section(f"Whence the effect comes, {year}", text))
    if plan.experiment.design.kind == CHANNELS:
        found.append(Section("What shutting a channel means", _meanings(players_of(plan.experiment))))
    return found


def _block(rows: pd.DataFrame) -> str:
    """The table of one outcome."""
    first: Any = next(rows_of(rows))
    scale = scale_of(first.unit, rows["share"])
    places = decimals_for([value / scale.divisor for value in rows["share"] if np.isfinite(value)])
    displaced = "displaced" in rows and bool(rows["displaced"].notna().any())
    total: Any = next(rows_of(rows[rows["player"] == TOTAL]))
    sure = total.low > 0.0 or total.high < 0.0  # a part of what may be nothing says nothing
    lines = []
    for row in rows_of(rows):
        cells = [number(row.share / scale.divisor, places, signed=True)]
        cells.append(interval(row.low / scale.divisor, row.high / scale.divisor, places))
        known = sure and np.isfinite(row.part_of_total) and row.player not in (TOTAL, ALL_OFF, ALL_ON)
        cells.append(f"{100 * row.part_of_total:.0f}%" if known else "")
        if displaced:
            cells.append(number(row.displaced / scale.divisor, places, signed=True))
        lines.append([row.player, *cells])
    unit = "" if scale.unit == "1" else f", {scale.unit}"
    head = ["", "share", "95% interval", "of the total", *(["displaced"] if displaced else [])]
    return f"{first.title}{unit}\n{text_table(head, lines)}"


def _together(rows: pd.DataFrame) -> list[str]:
    """The pairs of players that need each other most, or stand in for each other most, for the first outcome."""
    if not len(rows):
        return []
    mine = rows[rows["outcome"] == rows["outcome"].iloc[0]]
    mine = mine.loc[mine["together"].abs().sort_values(ascending=False, kind="stable").index].head(PAIRS_SHOWN)
    scale = scale_of(mine["unit"].iloc[0], mine["together"])
    places = decimals_for([value / scale.divisor for value in mine["together"]])
    lines = [
        [
            f"{row.player} and {row.other}",
            number(row.together / scale.divisor, places, signed=True),
            interval(row.low / scale.divisor, row.high / scale.divisor, places),
        ]
        for row in rows_of(mine)
    ]
    unit = "" if scale.unit == "1" else f", {scale.unit}"
    what = f"{mine['title'].iloc[0]}: what two bring together beyond what each brings{unit}"
    return [f"{what}\n{text_table(['', 'together', '95% interval'], lines)}"]


def _meanings(players: tuple[str, ...]) -> str:
    """What each channel is, how it is shut, and what that leaves."""
    told = []
    for name in players:
        one = KNOWN[name]
        text = f"{name} ({one.title_zh}): {one.meaning} Shut: {one.why} {one.leaves}"
        told.append(textwrap.fill(text.strip(), WIDTH, subsequent_indent="  "))
    return "\n".join(told)
