"""The parts of ``docs/validation.md`` that are made from published tables: what was seen, never what was hoped for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from experiments.frames import rows_of
from experiments.pages import markdown_table
from experiments.units import decimals_for, number, scale_of
from experiments.validation.conclusions import CONCLUSIONS
from experiments.validation.report import HEADINGS, cells, score_text
from experiments.validation.scoreboard import score

PUBLISHED = Path("results") / "published" / "validation"
PAGE = Path("docs") / "validation.md"
HEAD = ["target", "published", "simulated", "95% (luck)", "90% of sets", "off", "verdict", "source"]


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
        "identified": lambda: identified(read("identified")),
        "tradeoffs": lambda: tradeoffs(read("tradeoffs")),
        "conclusions": lambda: conclusions(read("conclusions")),
        "patterns": lambda: patterns(read("patterns")),
    }


def scoreboard(board: pd.DataFrame) -> str:
    """All targets by use, and the score where something is judged."""
    blocks = []
    for use, heading in HEADINGS.items():
        rows = [[*cells(row)[:-1], row.source] for row in rows_of(board[board["use"] == use])]
        if rows:
            blocks.append(f"**{heading}**\n\n{markdown_table(HEAD, rows)}")
    found = score(board)
    return "\n\n".join([*([f"**{score_text(found)}**"] if found.of else []), *blocks])


def levels(table: pd.DataFrame) -> str:
    """Mean village income by where it comes from, 10,000 yuan and share."""
    head = ["part", *(f"{int(year)}{what}" for year in table["year"] for what in (", 10,000 yuan", ", share"))]
    rows = []
    for name in table.columns.drop("year"):
        pairs = zip(table[name], table["recurrent income"], strict=True)
        shown = [(number(part / 1e4, 1), f"{part / whole:.0%}") for part, whole in pairs]
        rows.append([name, *(cell for pair in shown for cell in pair)])
    return markdown_table(head, rows)


def fit(table: pd.DataFrame) -> str:
    """Every calibration target before and after."""
    rows = []
    for row in rows_of(table):
        scale = scale_of(row.unit, [row.published, row.before, row.after])
        values = [value / scale.divisor for value in (row.published, row.before, row.after)]
        shown = [number(value, min(decimals_for(values), 3)) for value in values]
        unit = "" if scale.unit == "1" else f", {scale.unit}"
        off = [number(value, 1, signed=True) for value in (row.off_before, row.off_after)]
        rows.append([row.block, f"{row.title}{unit}", *shown, *off])
    return markdown_table(["block", "target", "published", "start", "fitted", "off, start", "off, fitted"], rows)


def settings(table: pd.DataFrame) -> str:
    """Every parameter that was set: from what, to what, within which range, and why."""
    rows = [
        [
            f"`{row.key}`",
            row.block,
            f"{row.start:g}",
            f"{row.set_to:g}",
            f"{row.low:g} to {row.high:g}",
            row.unit,
            row.why,
        ]
        for row in rows_of(table)
    ]
    return markdown_table(["parameter", "block", "start", "set to", "range", "unit", "why these targets tell"], rows)


def identified(table: pd.DataFrame) -> str:
    """How far the targets narrow each parameter, the narrowest first."""
    ranked = table.sort_values("ratio", kind="stable")
    rows = [[f"`{row.parameter}`", number(row.ratio, 2), row.verdict] for row in rows_of(ranked)]
    return markdown_table(["parameter", "width left", "what the targets say of it"], rows)


def tradeoffs(table: pd.DataFrame) -> str:
    """Parameters that the targets tell only together."""
    if not len(table):
        return "None of the pairs goes together closely."
    rows = [[f"`{row.one}`", f"`{row.other}`", number(row.correlation, 2, signed=True)] for row in rows_of(table)]
    return markdown_table(["parameter", "and", "correlation among sets that fit"], rows)


def conclusions(table: pd.DataFrame) -> str:
    """Each main conclusion, in what share of the sets it holds, and whether it does under each variant."""
    variants = list(table.columns.drop(["conclusion", "sets", "share"]))
    told = {one.name: one.text for one in CONCLUSIONS}
    rows = [
        [
            told[str(row["conclusion"])],
            f"{float(row['share']):.0%} of {int(row['sets'])}",
            *(str(row[name]) for name in variants),
        ]
        for row in table.to_dict("records")
    ]
    return markdown_table(["conclusion, 2021", "parameter sets", *variants], rows)


def patterns(table: pd.DataFrame) -> str:
    """Each pattern, how far each variant lies off it, and which variants it excludes."""
    names = list(dict.fromkeys(table["variant"]))
    rows = []
    for _, mine in table.groupby("target", sort=False):
        by_name = mine.set_index("variant")
        off = [number(by_name.loc[name, "distance"], 1, signed=True) for name in names]
        out = [name for name in names if by_name.loc[name, "excluded"]]
        told = "all of them" if len(out) == len(names) else ", ".join(out) or "none"
        rows.append([str(mine["title"].iloc[0]), *off, told])
    return markdown_table(["pattern", *names, "excludes"], rows)
