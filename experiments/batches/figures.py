"""Figures of a batch: those of its first point as a comparison, and those of its design."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.batches.sampled_report import NINETY
from experiments.design import GRID, PARTED, SAMPLED, SOBOL, SPREAD
from experiments.figures import save, write_figures
from experiments.figures.look import Look
from experiments.figures.sensitivity import map_of_effects, morris_plot, sobol_bars
from experiments.figures.shares import shares_of_effect
from experiments.figures.theme import distinct, heading, legend, panels, theme

if TYPE_CHECKING:
    from experiments.batches.finish import Batch

MOST_POINTS = 30
PLAIN = 1  # how many levers a line of points can tell


def write_batch_figures(batch: Batch, folder: Path, language: str) -> list[str]:
    """Draw every figure that the batch has the tables for; the names of the files without their endings."""
    look = Look(language)
    if batch.study is None:
        folder.mkdir()
        names = []
    else:
        names = write_figures(batch.study, folder, language)
    with theme(look):
        for name, figure in design_figures(batch, look):
            save(figure, folder / name)
            names.append(name)
    return names


def design_figures(batch: Batch, look: Look) -> Iterator[tuple[str, Figure]]:
    """The figures of the design, with their names."""
    plan = batch.plan
    levers, kind = list(plan.experiment.design.levers), plan.experiment.design.kind
    if kind in SAMPLED:
        yield from _sampled_figures(batch, look)
    elif kind in PARTED:
        for year, rows in batch.shares.groupby("year", sort=False):
            figure = shares_of_effect(rows, look, title=plan.case.title if look.lang == "en" else plan.case.title_zh)
            if figure is not None:
                yield f"shares_{year}", figure
    elif plan.pairs and kind == GRID and len(levers) == 2 and len(plan.points) > 1:
        yield from _maps(batch, look, levers)
    elif plan.pairs and 1 < len(plan.points) <= MOST_POINTS:
        for year in plan.years:
            figure = effects_by_point(batch, look, year)
            if figure is not None:
                yield f"effects_by_point_{year}", figure


def _maps(batch: Batch, look: Look, levers: list[str]) -> Iterator[tuple[str, Figure]]:
    """Where an arm wins, over two levers: a map an outcome and year."""
    wide = batch.effects.merge(batch.points[["point", *levers]], on="point")
    for year in batch.plan.years:
        for outcome in batch.plan.shown:
            rows = wide[(wide["year"] == year) & (wide["outcome"] == outcome)]
            figure = map_of_effects(rows, levers[0], levers[1], look, outcome=outcome)
            if figure is not None:
                yield f"map_{outcome}_{year}", figure


def _sampled_figures(batch: Batch, look: Look) -> Iterator[tuple[str, Figure]]:
    """Bars of indices, screening plots, or doubt about values beside luck."""
    kind, table = batch.plan.experiment.design.kind, batch.sampled
    if not len(table):
        return
    if kind in SPREAD:
        yield "uncertainty", doubt_and_luck(batch, look)
        return
    labels = [*batch.plan.experiment.design.levers, "baseline", "arm", "year", "outcome"]
    for number, (_, rows) in enumerate(table.groupby(labels, sort=False)):
        first = rows.iloc[0]
        title = f"{look.outcome(first['outcome'])}: {look.pair(first['baseline'], first['arm'])}"
        missing = "total" not in rows if kind == SOBOL else "mu_star" not in rows
        if missing:
            continue
        draw = sobol_bars(rows, look, title=title) if kind == SOBOL else None
        figure = draw or (None if kind == SOBOL else morris_plot(rows, look, unit=first["unit"], title=title))
        if figure is not None:
            yield f"{'sobol' if kind == SOBOL else 'morris'}_{number}_{first['outcome']}_{first['year']}", figure


def effects_by_point(batch: Batch, look: Look, year: int) -> Figure | None:
    """Each outcome's effect at every point of the design with its 95% interval, a colour a pair."""
    rows = batch.effects[batch.effects["year"] == year]
    outcomes = list(dict.fromkeys(rows.loc[np.isfinite(rows["effect"]), "outcome"]))
    if not outcomes:
        return None
    pairs, points = batch.plan.pairs, batch.plan.points
    shades = distinct(len(pairs))
    figure, axes = panels(len(outcomes), columns=2, width=5.6, height=0.9 + 0.28 * len(points) * len(pairs) ** 0.5)
    handles: list[Any] = []
    for ax, outcome in zip(axes, outcomes, strict=True):
        mine = rows[rows["outcome"] == outcome]
        scale = look.scale(mine["unit"].iloc[0], [*mine["effect"], *mine["low"], *mine["high"]])
        handles = []
        for place, (pair, shade) in enumerate(zip(pairs, shades, strict=True)):
            one = mine[(mine["baseline"] == pair[0]) & (mine["arm"] == pair[1])].sort_values("point")
            at = np.arange(len(points)) + 0.6 * ((place + 0.5) / len(pairs) - 0.5)
            low, high, effect = (one[name].to_numpy(dtype=float) / scale.divisor for name in ("low", "high", "effect"))
            ax.hlines(at, low, high, color=shade, linewidth=1.8)
            handles += ax.plot(effect, at, "o", color=shade, markersize=4)
        ax.axvline(0.0, color="0.3", linewidth=0.8)
        ax.set_yticks(np.arange(len(points)), [point.name for point in points])
        ax.set_ylim(len(points) - 0.5, -0.5)
        ax.set(title=look.wrapped(look.outcome(outcome), 44), xlabel=scale.unit)
        ax.grid(visible=False, axis="y")
    legend(figure, handles, [look.pair(*pair) for pair in pairs])
    heading(figure, look, look.say("Effects at every point of the design in {year}, 95% intervals", year=year))
    return figure


def doubt_and_luck(batch: Batch, look: Look) -> Figure:
    """The points' effects as quantiles, and beside them what luck does to one point: a panel an outcome."""
    table: pd.DataFrame = batch.sampled
    outcomes = list(dict.fromkeys(table["outcome"]))
    figure, axes = panels(len(outcomes), columns=2, width=5.2, height=1.4)
    handles: list[Any] = []
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = table[table["outcome"] == outcome]
        scale = look.scale(rows["unit"].iloc[0], [*rows["mean"], *rows["spread_of_points"]])
        at = np.arange(len(rows))
        mean, spread, luck = (
            rows[name].to_numpy(dtype=float) / scale.divisor for name in ("mean", "spread_of_points", "monte_carlo_se")
        )
        handles = []
        for aside, width, shade in ((-0.12, spread, "#0173b2"), (0.12, luck, "#de8f05")):
            ends = (mean - NINETY * width, mean + NINETY * width)
            handles.append(ax.hlines(at + aside, *ends, color=shade, linewidth=5.0))
        handles += ax.plot(mean, at, "o", color="0.1", markersize=4)
        ax.axvline(0.0, color="0.3", linewidth=0.8)
        ax.set_yticks(at, [f"{look.arm(row.arm)}, {row.year}" for row in rows.itertuples(index=False)])
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set(title=look.wrapped(look.outcome(outcome), 44), xlabel=scale.unit)
        ax.grid(visible=False, axis="y")
    doubt_word = look.say("doubt about values: 90% of the points, net of luck")
    luck_word = look.say("luck: 90% interval of one point")
    legend(figure, handles, [doubt_word, luck_word, look.say("mean over all points")])
    heading(figure, look, look.say("Doubt about values, and luck"))
    return figure
