"""The tables of effects and of speed in README, English and Chinese, made from the published results."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from experiments.units import MILLION, number
from experiments.words import say

PAGES = {Path("README.md"): "en", Path("README.zh-CN.md"): "zh"}
PUBLISHED = Path("results") / "published"
BASELINE = "solo"
# Title, outcome, what it is divided by, decimals. Gain and value created come from tables of their own; sums are
# told in million yuan in English and, with the same digits, in 亿元 in Chinese.
COLUMNS = (
    ("income", "recurrent_income_mean", 1e4, 1),
    ("with aid", "income_and_aid_mean", 1e4, 1),
    ("without current support", "earned_income_mean", 1e4, 1),
    ("Gini", "recurrent_income_gini", 1.0, 3),
    ("poorest 5%", "income_shortfall", 1e4, 1),
    ("low-income households, yuan a head", "low_income_households", 1.0, 0),
    ("gain of villages", "gain", MILLION, 0),
    ("value created", "created", MILLION, 0),
    ("outlay", "public_cost_per_yuan", 1.0, 2),
)
SUMS_ZH = 1e8, 2
PLAIN = "public_cost_per_yuan"  # a ratio of the arm, no difference: without a sign

BENCHMARKS = "benchmarks.md"
# Rows of the household year as the benchmarks name them, and as README does.
RIVALS = (
    ("Feidi's rules, bare columns, no books", "Feidi", "columns, no books"),
    ("plain numpy, all at once", "numpy", "columns, no books"),
    ("ambr, all at once", "ambr", "columns, no books"),
    ("Starsim, all at once", "Starsim", "columns, no books"),
    ("Mesa, in order (do)", "Mesa", "objects, no books"),
)
TIMES = "times Feidi"  # the head of the column of how many times as long as here a program takes

Effect = tuple[float, float, float]


def parts(root: Path, lang: str) -> dict[str, Callable[[], str]]:
    """The makers of a page's parts, by name. root: of the project; lang: of the page."""
    folder = root / PUBLISHED
    return {"effects": lambda: effects(folder, lang), "speed": lambda: speed(folder / BENCHMARKS, lang)}


def effects(folder: Path, lang: str = "en") -> str:
    """Effect and interval of every arm against the baseline, in the order of the published table."""
    from experiments.pages import markdown_table

    found = quoted(folder)
    arms = dict.fromkeys(arm for arm, _ in found)
    rows = [[f"`{arm}`", *(_cell(*column[1:], found[arm, column[1]], lang) for column in COLUMNS)] for arm in arms]
    return markdown_table([say("arm", lang), *(say(column[0], lang) for column in COLUMNS)], rows)


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


def _cell(outcome: str, divisor: float, places: int, effect: Effect, lang: str) -> str:
    """An effect and its interval as the table has them."""
    if lang == "zh" and divisor == MILLION:
        divisor, places = SUMS_ZH
    mean, *ends = (value / divisor for value in effect)
    low, high = (number(end, places) for end in ends)
    ranges = say("{low} to {high}", lang, low=low, high=high)
    return say("{mean} ({ranges})", lang, mean=number(mean, places, signed=outcome != PLAIN), ranges=ranges)


def speed(page: Path, lang: str = "en") -> str:
    """How many times as long as here the household year takes in other frameworks, by households."""
    from experiments.pages import markdown_table

    found = {(rows[0][0], row[0]): dict(zip(rows[0], row, strict=True)) for rows in _tables(page) for row in rows[1:]}
    sizes = [head for head, _ in found if head.endswith(" households")]
    rows = []
    for program, name, kind in RIVALS:
        title = say("{name}, {kind}", lang).format(name=name, kind=say(kind, lang))
        rows.append([title, *(found[size, program][TIMES] for size in dict.fromkeys(sizes))])
    heads = [f"{size.removesuffix(' households')} {say('households', lang)}" for size in dict.fromkeys(sizes)]
    return markdown_table([say("time, Feidi with its books = 1", lang), *heads], rows)


def _tables(page: Path) -> list[list[list[str]]]:
    """The cells of all tables of a page, row by row, without the line under the head."""
    tables: list[list[list[str]]] = [[]]
    for line in page.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| "):
            tables.append([])
        elif not line.startswith("| ---"):
            tables[-1].append([cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")])
    return [rows for rows in tables if rows]
