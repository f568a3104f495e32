"""What a sampled design found, in words and tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pandas as pd

from experiments.batches.finish import Batch
from experiments.batches.points import SEED, sampled_keys
from experiments.design import SOBOL, SPREAD
from experiments.frames import rows_of
from experiments.report import Section
from experiments.units import decimals_for, interval, number, scale_of, text_table

WIDTH, WIDE = 110, 240  # of text, and of tables with notes
MOST_KEYS = 20
NINETY = 1.645  # standard deviations of a normal distribution within which 90% of it lies
SPREAD_NOTE = (
    "Doubt about values: the standard deviation between sampled points, net of luck, and the range of 90% of them if "
    "they spread like a normal distribution. Above 0: the share of points whose mean effect is. Luck: the standard "
    "error of one point's mean over its seeds (Monte-Carlo error). More seeds shrink the last, not the first."
)
MORRIS_NOTE = (
    "mu*: mean size of the change in the effect when the key crosses its whole range; mu keeps the sign; sigma: how "
    "much it differs from place to place, by curvature and interactions. Luck alone would show the noise floor: keys "
    "below it are not known to matter."
)
SOBOL_NOTE = (
    "First order: the part of the variance of the effect that would go if the key were known; total: the part that "
    "would stay if all others were. The row seed is the share of luck in one run, interactions what no key tells "
    "alone. All other parameters stand at their values: the shares are of what these keys and luck do together."
)


def sampled_sections(batch: Batch) -> list[Section]:
    """The tables of a sampled design, one an effect; empty for other designs."""
    table = batch.sampled
    if not len(table):
        return []
    sampled = Section("What was sampled", _ranges(batch))
    if batch.plan.experiment.design.kind in SPREAD:
        text = f"{_spread(batch, table)}\n{textwrap.fill(SPREAD_NOTE, WIDTH)}"
        return [Section("Doubt about values, and luck", text), sampled]
    return [*_by_effect(batch, table), sampled]


def _ranges(batch: Batch) -> str:
    """The ranges of the keys; of a path by year, that of the date to which its range refers."""
    plan = batch.plan
    parameters = plan.case.parameters.but(plan.experiment.changes)
    lines = []
    for key, one in sampled_keys(plan.experiment, parameters).items():
        about = parameters.declared(key) if key != SEED else None
        unit, status = (about.unit, about.status) if about else ("1", "picks the seed of the run")
        lines.append([key, f"{one.low:g}", f"{one.high:g}", unit, status])
    return text_table(["Key", "low", "high", "unit", "status"], lines, width=WIDTH + 20)


def _held(batch: Batch, row: Any) -> str:
    """The values of the levers at which a row was sampled."""
    levers = batch.plan.experiment.design.levers
    return "".join(f", {key} = {row[key]:g}" for key in levers)


def _spread(batch: Batch, table: pd.DataFrame) -> str:
    lines = []
    for _, row in table.iterrows():
        reach = NINETY * row["spread_of_points"]
        ends = (row["mean"] - reach, row["mean"] + reach)
        scale = scale_of(row["unit"], [row["mean"], *ends])
        told_apart = (row["mean"], row["spread_of_points"], *ends, row["monte_carlo_se"])
        values = [value / scale.divisor for value in told_apart]
        places = decimals_for(values)
        unit = "" if scale.unit == "1" else f", {scale.unit}"
        what = f"{row['title']}, {row['arm']} minus {row['baseline']}, {row['year']}{_held(batch, row)}{unit}"
        told = [number(values[0], places, signed=True), number(values[1], places)]
        ends_told = interval(values[2], values[3], places)
        lines.append([what, *told, ends_told, f"{row['share_above_zero']:.0%}", number(values[4], places)])
    head = ["Effect on", "mean", "spread by values", "90% by values", "above 0", "luck of a point"]
    return text_table(head, lines, width=WIDTH + 20)


def _by_effect(batch: Batch, table: pd.DataFrame) -> Iterator[Section]:
    """A table of keys for each effect."""
    kind = batch.plan.experiment.design.kind
    labels = [*batch.plan.experiment.design.levers, "baseline", "arm", "year", "outcome"]
    for _, rows in table.groupby(labels, sort=False):
        first = rows.iloc[0]
        what = f"{first['title']}, {first['arm']} minus {first['baseline']}, {first['year']}{_held(batch, first)}"
        if kind == SOBOL:
            yield Section(
                f"What the variance comes from: {what}", f"{_sobol(rows)}\n{textwrap.fill(SOBOL_NOTE, WIDTH)}"
            )
        else:
            scale = scale_of(first["unit"], rows.get("mu_star", []))
            heading = f"What moves it: {what}" + ("" if scale.unit == "1" else f", {scale.unit}")
            yield Section(heading, f"{_morris(rows, scale.divisor)}\n{textwrap.fill(MORRIS_NOTE, WIDTH)}")


def _morris(rows: pd.DataFrame, divisor: float) -> str:
    if "mu_star" not in rows:
        return str(rows["note"].iloc[0])
    ranked = rows.sort_values("mu_star", ascending=False, kind="stable").head(MOST_KEYS)
    places = decimals_for([value / divisor for value in ranked["mu_star"]])
    lines = []
    for row in rows_of(ranked):
        sizes = [row.mu_star, row.mu_star_low, row.mu_star_high, row.mu, row.sigma, row.noise_floor]
        star, low, high, mu, sigma, floor = (value / divisor for value in sizes)
        shown = [number(star, places), interval(low, high, places), number(mu, places, signed=True)]
        lines.append([row.key, *shown, number(sigma, places), number(floor, places), row.note])
    head = ["Key", "mu*", "95% interval", "mu", "sigma", "noise floor", "note"]
    text = text_table(head, lines, width=WIDE)
    more = len(rows) - len(ranked)
    return f"{text}\n{more} more keys move it less: morris.csv." if more else text


def _sobol(rows: pd.DataFrame) -> str:
    if "total" not in rows:
        return str(rows["note"].iloc[0])
    ranked = rows.sort_values("total", ascending=False, kind="stable", na_position="last")
    lines = [
        [
            row.key,
            number(row.first_order, 2),
            interval(row.first_order_low, row.first_order_high, 2),
            number(row.total, 2),
            interval(row.total_low, row.total_high, 2),
            row.note,
        ]
        for row in rows_of(ranked)
    ]
    return text_table(["Key", "first order", "95%", "total", "95%", "note"], lines, width=WIDE)
