"""The scoreboard in words: for the terminal and ``report.md``."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.frames import rows_of
from experiments.report import Section
from experiments.units import decimals_for, interval, number, scale_of, text_table
from experiments.validation.levels import WORLD
from experiments.validation.rules import ASSUMPTIONS, VARIANTS
from experiments.validation.scoreboard import MET, Score, score
from experiments.validation.targets import (
    CALIBRATION,
    CONTESTED,
    CONTEXT,
    IDENTITY,
    INITIAL,
    VALIDATION,
    Targets,
)

WIDTH = 150
HEADINGS = {
    VALIDATION: "Validation: nothing was set to these",
    CALIBRATION: "Calibration: parameters were set so that these come out",
    IDENTITY: "Identities: follow from inputs by arithmetic, prove nothing",
    INITIAL: "The state at the start",
    CONTESTED: "Contested: sources contradict each other",
    CONTEXT: "Context: follows from other rows, or is no outcome that the mechanism decides",
}
HEAD = ["Target", "published", "simulated", "95% (luck)", "runs", "alone", "sets", "off", "verdict", "source"]
NOTE = (
    "Off: distance between the mean and what was published, in tolerances of the target; met up to 1. 95% (luck): "
    "Student's interval of the mean over seeds. Runs: share of them that fit by themselves. Alone: the mean where "
    "nobody pools. Sets: least and most over the parameter sets of the ensemble, each the mean of three seeds, the "
    "same for all."
)


def published(row: Any, divisor: float, places: int) -> str:
    """What was published, as people write it."""
    low, high = row.low_end / divisor, row.high_end / divisor
    if math.isinf(high):
        return f">= {number(low, places)}"
    if math.isinf(low):
        return f"<= {number(high, places)}"
    return number(low, places) if low == high else interval(low, high, places)


def cells(row: Any) -> list[str]:
    """A row of the scoreboard, as ``HEAD`` has it."""
    ends = [value for value in (row.low_end, row.high_end) if math.isfinite(value)]
    scale = scale_of(row.unit, [*ends, row.mean])
    places = min(decimals_for(value / scale.divisor for value in [*ends, row.mean]), 3)
    shown = [value / scale.divisor for value in (row.mean, row.low, row.high, row.alone, row.band_low, row.band_high)]
    unit = "" if scale.unit == "1" else f", {scale.unit}"
    world = "" if row.world == WORLD else f" ({row.world})"
    return [
        f"{row.title}{world}{unit}",
        published(row, scale.divisor, places),
        number(shown[0], places),
        interval(shown[1], shown[2], places),
        f"{row.fits:.0%}" if math.isfinite(row.fits) else "",
        number(shown[3], places) if math.isfinite(row.alone) else "",
        interval(shown[4], shown[5], places),
        number(row.distance, 2 if 0.95 < abs(row.distance) < 1.05 else 1, signed=True),
        f"{row.verdict}, alone too" if row.verdict == MET and row.alone_met else row.verdict,
        row.source.partition(":")[0].partition(";")[0],
    ]


def sections(
    targets: Targets, board: pd.DataFrame, levels: pd.DataFrame, others: Sequence[pd.DataFrame], seeds: int
) -> list[Section]:
    """The scoreboard by use, what levels consist of, what other versions make of it, and the score.

    others: what other rules, and what other assumptions make of it, as ``rules.patterns`` tells; empty where not run.
    """
    from model.cases import load_case

    case = load_case(targets.case)
    worlds = "\n".join(f"{one.name}: {one.meaning}." for one in targets.worlds)
    runs = "1 seed" if seeds == 1 else f"{seeds} seeds"
    told = f"{case.title}. {runs}; every row is of the world {WORLD} unless it names another.\n{worlds}"
    found = [Section(f"The model and the facts: {targets.case}", told)]
    for use, heading in HEADINGS.items():
        rows = [cells(row) for row in rows_of(board[board["use"] == use])]
        if rows:
            found.append(Section(heading, text_table(HEAD, rows, width=WIDTH)))
    if len(levels):
        found.append(Section("What the levels consist of, 10,000 yuan a village", levels_table(levels)))
    shown = "distance of the median (share of runs that fit)"
    kinds = (
        (f"Other rules, over the sets: {shown}; * excluded", VARIANTS),
        (f"Other assumptions: {shown}", ASSUMPTIONS),
    )
    for table, (heading, variants) in zip(others, kinds, strict=True):
        if len(table):
            meanings = "\n".join(f"{one.name}: {one.meaning}." for one in variants)
            found.append(Section(heading, f"{rules_table(table)}\n{meanings}"))
    return [*found, Section("Score", textwrap.fill(score_text(score(board)), 110) + "\n" + textwrap.fill(NOTE, 110))]


def score_text(found: Score) -> str:
    """The score in a sentence or three."""
    if not found.of:
        return "No target of this case is for validation: nothing is counted."
    text = (
        f"{found.met} of {found.of} validation targets are met ({found.share:.0%}), "
        f"{found.alone} of them without pooling too."
    )
    if found.first_of != found.of:
        text += (
            f" Of the {found.first_of} that were for validation when they were first scored {found.first_met} are, "
            f"{found.first_set} of which parameters have been set to since."
        )
    if math.isnan(found.robust):
        return f"{text} There is no ensemble of this case, or it was left out: no band."
    return f"{text} Over {found.sets} parameter sets {found.robust:.0%} are met on average."


def rules_table(patterns: pd.DataFrame) -> str:
    """Each judged target under each rule: distance and share of runs that fit; a star where none does."""
    names = list(dict.fromkeys(patterns["variant"]))
    rows = []
    for _, mine in patterns.groupby("target", sort=False):
        by_name: dict[Any, dict[Any, Any]] = mine.set_index("variant").to_dict("index")
        rows.append([str(mine["title"].iloc[0]), *(rule_cell(by_name[name]) for name in names)])
    return text_table(["Target", *names], rows, width=WIDTH)


def rule_cell(row: Mapping[Hashable, Any]) -> str:
    """Distance of the median and share of runs that fit, starred where none does."""
    star = "*" if row.get("excluded") else ""
    return f"{number(float(row['distance']), 1, signed=True)} ({row['share']:.0%}){star}"


def levels_table(levels: pd.DataFrame) -> str:
    """Mean village income by where it comes from."""
    return text_table(*level_rows(levels))


def level_rows(levels: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Head and rows of that table: 10,000 yuan and share of each part, by year."""
    rows = []
    for name in levels.columns.drop("year"):
        pairs = zip(levels[name], levels["recurrent income"], strict=True)
        shown = [(number(part / 1e4, 1), f"{part / whole:.0%}") for part, whole in pairs]
        rows.append([name, *(cell for pair in shown for cell in pair)])
    return ["Part", *(cell for year in levels["year"] for cell in (str(int(year)), "share"))], rows
