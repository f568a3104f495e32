"""README's table of effects, made from the published results."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from experiments.units import interval, number

PAGE = Path("README.md")
PUBLISHED = Path("results") / "published"
BASELINE = "solo"
# Title, outcome, what it is divided by, decimals. Gain and value created come from tables of their own.
COLUMNS = (
    ("income", "recurrent_income_mean", 1e4, 1),
    ("with aid", "income_and_aid_mean", 1e4, 1),
    ("without current support", "earned_income_mean", 1e4, 1),
    ("Gini", "recurrent_income_gini", 1.0, 3),
    ("poorest 5%", "income_shortfall", 1e4, 1),
    ("low-income households, yuan a head", "low_income_households", 1.0, 0),
    ("gain of villages", "gain", 1e6, 0),
    ("value created", "created", 1e6, 0),
    ("outlay", "public_cost_per_yuan", 1.0, 2),
)
PLAIN = "public_cost_per_yuan"  # a ratio of the arm, no difference: without a sign

Effect = tuple[float, float, float]


def parts(root: Path) -> dict[str, Callable[[], str]]:
    """The makers of the page's parts, by name. root: of the project."""
    return {"effects": lambda: effects(root / PUBLISHED)}


def effects(folder: Path) -> str:
    """Effect and interval of every arm against the baseline, in the order of the published table."""
    from experiments.pages import markdown_table

    found = quoted(folder)
    arms = dict.fromkeys(arm for arm, _ in found)
    rows = [[f"`{arm}`", *(_cell(*column[1:], found[arm, column[1]]) for column in COLUMNS)] for arm in arms]
    return markdown_table(["arm", *(column[0] for column in COLUMNS)], rows)


def quoted(folder: Path) -> dict[tuple[str, str], Effect]:
    """Effect and ends of its interval by arm and outcome; villages' gain and value created among them, yuan."""
    found = {(row["arm"], row["outcome"]): _ends(row, "effect") for row in _rows(folder / "effects.csv")}
    for row in _rows(folder / "gains.csv"):
        if (row["kind"], row["county"]) == ("Village", "Pinghu"):
            found[row["arm"], "gain"] = _ends(row, "difference")
    for row in _rows(folder / "boundaries.csv"):
        if (row["boundary"], row["line"]) == ("everybody", "created"):
            found[row["arm"], "created"] = _ends(row, "difference")
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows against the baseline of a published table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["baseline"] == BASELINE]


def _ends(row: dict[str, str], name: str) -> Effect:
    return float(row[name]), float(row["low"]), float(row["high"])


def _cell(outcome: str, divisor: float, places: int, effect: Effect) -> str:
    """An effect and its interval as the table has them."""
    mean, low, high = (value / divisor for value in effect)
    return f"{number(mean, places, signed=outcome != PLAIN)} ({interval(low, high, places)})"
