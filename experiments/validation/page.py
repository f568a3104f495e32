"""The parts of ``docs/validation.md`` that are made from published tables: what was seen, never what was hoped for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.calibration.plan import load_plan
from experiments.calibration.report import FIT_HEAD, fit_cells
from experiments.frames import rows_of
from experiments.pages import markdown_table
from experiments.units import decimals_for, interval, number, scale_of
from experiments.validation.conclusions import CONCLUSIONS
from experiments.validation.report import HEAD, HEADINGS, cells, level_rows, rule_cell, score_text
from experiments.validation.scoreboard import score
from model.cases import load_case
from model.parameters import spelled

PUBLISHED = Path("results") / "published" / "validation"
EDGE = 0.05  # of the range: nearer to an end, the range or a rule may be wrong
CASE = "pinghu"
PAGE = Path("docs") / "validation.md"


def parts(root: Path) -> dict[str, Callable[[], str]]:
    """The makers of all parts, by name. root: of the project."""
    folder = root / PUBLISHED

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=["", "nan"])

    return {
        "scoreboard": lambda: scoreboard(read("scoreboard")),
        "second_case": lambda: scoreboard(read("second_case")),
        "levels": lambda: levels(read("levels")),
        "fit": lambda: fit(read("fit")),
        "settings": lambda: settings(read("settings")),
        "by_hand": by_hand,
        "identified": lambda: identified(read("identified")),
        "tradeoffs": lambda: tradeoffs(read("tradeoffs")),
        "emulators": lambda: emulators(read("emulators")),
        "moments": lambda: moments(read("ensemble_moments")),
        "headlines": lambda: headlines(read("headlines")),
        "conclusions": lambda: conclusions(read("conclusions")),
        "patterns": lambda: patterns(read("patterns")),
        "assumptions": lambda: assumptions(read("assumptions")),
    }


def scoreboard(board: pd.DataFrame) -> str:
    """All targets by use, and the score where something is judged."""
    blocks = []
    for use, heading in HEADINGS.items():
        rows = [[*cells(row)[:-1], row.source] for row in rows_of(board[board["use"] == use])]
        if rows:
            blocks.append(f"**{heading}**\n\n{markdown_table(HEAD, rows)}")
    found = score(board)
    return "\n\n".join([f"**{score_text(found)}**", *blocks])


def levels(table: pd.DataFrame) -> str:
    """Mean village income by where it comes from, 10,000 yuan and share."""
    return markdown_table(*level_rows(table))


def fit(table: pd.DataFrame) -> str:
    """Every calibration target at the start and fitted."""
    return markdown_table(["block", *FIT_HEAD], [[row.block, *fit_cells(row)] for row in rows_of(table)])


def settings(table: pd.DataFrame) -> str:
    """Every parameter that was set: from what, to what, within which range, whether near an end of it, and why."""
    rows = []
    for row in rows_of(table):
        edge = EDGE * (row.high - row.low)
        near = "yes" if min(row.set_to - row.low, row.high - row.set_to) < edge else ""
        values = [
            f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
            for value in (row.start, row.set_to, row.low, row.high)
        ]
        span = f"{values[2]} to {values[3]}"
        rows.append([f"`{row.key}`", row.block, *values[:2], span, near, row.unit, row.why])
    head = ["parameter", "block", "start", "set to", "range", "near an end", "unit", "why these targets tell"]
    return markdown_table(head, rows)


def identified(table: pd.DataFrame) -> str:
    """How far the targets narrow each parameter, the narrowest first."""
    ranked = table.sort_values("ratio", kind="stable")
    rows = []
    for row in rows_of(ranked):
        partner = f"`{row.partner}` ({number(row.correlation, 2, signed=True)})" if row.partner else ""
        rows.append([f"`{row.parameter}`", number(row.ratio, 2), row.verdict, f"{row.tied:.0%}", partner])
    head = ["parameter", "width left", "what the targets say of it", "told by the others", "most by (correlation)"]
    return markdown_table(head, rows)


def by_hand() -> str:
    """Calibrated parameters of the case that no search has set."""
    searched = load_plan(CASE).keys
    parameters = load_case(CASE).parameters
    rows = [
        [f"`{one.key}`", spelled(one.value), one.unit, one.source]
        for one in map(parameters.declared, parameters)
        if one.status == "calibrated" and one.key not in searched
    ]
    return markdown_table(["parameter", "value", "unit", "set to"], rows)


def tradeoffs(table: pd.DataFrame) -> str:
    """Parameters that the targets tell only together."""
    if not len(table):
        return "None of the pairs goes together closely."
    rows = [[f"`{row.one}`", f"`{row.other}`", number(row.correlation, 2, signed=True)] for row in rows_of(table)]
    return markdown_table(["parameter", "and", "correlation among sets that fit"], rows)


def conclusions(table: pd.DataFrame) -> str:
    """Each main conclusion, in what share of the sets it holds, and whether it does under each variant."""
    variants = list(table.columns.drop(["conclusion", "sets", "share", "decided"]))
    known = {one.name: one for one in CONCLUSIONS}
    rows = []
    for row in table.to_dict("records"):
        one = known[str(row["conclusion"])]
        shares = [f"{float(row['share']):.0%} of {int(row['sets'])}", f"{float(row['decided']):.0%}"]
        rows.append([one.text + (" (size set)" if one.set else ""), *shares, *(str(row[name]) for name in variants)])
    return markdown_table(["conclusion, 2021", "sets in which the mean says so", "surely", *variants], rows)


def headlines(table: pd.DataFrame) -> str:
    """The band of every headline over the parameter sets, beside the luck of the set in use."""
    rows, sizes = (
        [],
        table.groupby("title")[["in_use", "set_low", "set_high"]].apply(lambda part: part.abs().to_numpy().max()),
    )
    for row in rows_of(table):
        values = [row.in_use, row.low, row.high, row.set_low, row.set_median, row.set_high]
        scale = scale_of(row.unit, [float(sizes[row.title])])  # one scale for all effects on an outcome
        shown = [value / scale.divisor for value in values]
        places = min(decimals_for(shown), 3)
        unit = "" if scale.unit == "1" else f", {scale.unit}"
        told = [number(shown[0], places, signed=True), interval(shown[1], shown[2], places)]
        band = [number(shown[4], places, signed=True), interval(shown[3], shown[5], places)]
        rows.append([f"`{row.arm}` minus `{row.baseline}`: {row.title}{unit}", *told, *band, f"{row.above_zero:.0%}"])
    head = [
        "effect, 2021",
        "set in use",
        "95% (luck)",
        "median of sets",
        f"range of {int(table['sets'].max())} sets",
        "above 0",
    ]
    return markdown_table(head, rows)


def emulators(table: pd.DataFrame) -> str:
    """How well each emulator tells runs that it did not see."""
    rows = [[row.moment, f"{row.r2:.2f}", f"{row.within:.0%}", f"{row.alone:.0%}"] for row in rows_of(table)]
    return markdown_table(["target", "r2 of left-out runs", "within 2 sd", "space that it leaves alone"], rows)


def moments(table: pd.DataFrame) -> str:
    """How far the sets of the ensemble lie off the calibration targets."""
    losses = table["loss"]
    told = f"Mean squared distance of the set in use {losses.iloc[0]:.2f}"
    if len(losses) == 1:
        return f"{told}; no other set was found."
    others = losses.iloc[1:]
    ends = f"{others.min():.2f} to {others.max():.2f}, {others.median():.2f} in the middle"
    return f"{told}, of the {len(others)} others {ends}."


def patterns(table: pd.DataFrame) -> str:
    """Each pattern, how far the median of each variant lies off it, how often it fits, and what it excludes."""
    names = list(dict.fromkeys(table["variant"]))
    rows = []
    for title, mine in _by_target(table):
        out = [name for name in names if mine[name]["excluded"]]
        told = "all of them" if len(out) == len(names) else ", ".join(out) or "none"
        rows.append([title, *(rule_cell(mine[name]) for name in names), told])
    return markdown_table(["pattern", *names, "excludes"], rows)


def assumptions(table: pd.DataFrame) -> str:
    """Each judged target, how far the median lies off it under each assumption, and how often it fits."""
    names = list(dict.fromkeys(table["variant"]))
    rows = [[title, *(rule_cell(mine[name]) for name in names)] for title, mine in _by_target(table)]
    return markdown_table(["target", *names], rows)


def _by_target(table: pd.DataFrame) -> Iterator[tuple[str, dict[Any, dict[Any, Any]]]]:
    """The title of each target and its rows, by variant."""
    for _, mine in table.groupby("target", sort=False):
        yield str(mine["title"].iloc[0]), mine.set_index("variant").to_dict("index")
