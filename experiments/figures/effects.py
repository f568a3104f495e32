"""Figures of effects: over the years, at the end, against the difference between places, and who paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.figures.theme import (
    arm_colours,
    arm_pairs,
    axis_label,
    columns_for,
    grey_note,
    legend,
    nested_widths,
    pair_colours,
    pair_label,
    panels,
    seeds_of,
    thousands,
    wrapped,
    year_axis,
)
from experiments.frames import rows_of
from experiments.study import Study
from experiments.turning import turning_points
from experiments.units import MILLION, scale_of
from model.indicators import INDICATORS, RATIOS

BARS = 12


def effect_paths(study: Study) -> Figure | None:
    """The effect on each primary outcome over the years, with 95% bands."""
    if not study.plan.pairs:
        return None
    table = study.effects[study.effects["primary"]]
    outcomes = list(dict.fromkeys(table["outcome"]))
    figure, axes = panels(len(outcomes), columns=3, width=3.7, height=2.7)
    shades = arm_pairs(study)
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = table[table["outcome"] == outcome]
        scale = scale_of(rows["unit"].iloc[0], [*rows["effect"], *rows["baseline_mean"]])
        for (pair, shade), width in zip(shades.items(), nested_widths(len(shades)), strict=True):
            one = rows[(rows["baseline"] == pair[0]) & (rows["arm"] == pair[1])]
            low, high = one["low"] / scale.divisor, one["high"] / scale.divisor
            ax.plot(one["year"], one["effect"] / scale.divisor, color=shade, label=pair_label(pair), linewidth=width)
            ax.fill_between(one["year"], low, high, color=shade, alpha=0.2, linewidth=0)
        ax.axhline(0.0, color="0.3", linewidth=0.8)
        ax.set(title=wrapped(rows["title"].iloc[0]), ylabel=axis_label(scale))
        if outcome in RATIOS:
            shown = [pair in shades for pair in zip(rows["baseline"], rows["arm"], strict=True)]
            _clip(ax, rows[shown], study.plan.last_year)
        thousands(ax, "yaxis")
        year_axis(ax, study)
    legend(figure, axes[0], len(shades))
    figure.suptitle(
        f"{study.plan.case.title}: effects over the years, {seeds_of(study)}, 95% intervals{grey_note(study)}"
    )
    return figure


def _clip(ax: Any, rows: pd.DataFrame, year: int) -> None:
    """Leave out of the axis the first years, in which a ratio's denominator is still next to nothing."""
    last = rows.loc[rows["year"] == year, ["effect", "high"]].to_numpy()
    if np.isfinite(last).any():
        ax.set_ylim(min(0.0, 2.0 * np.nanmin(last)), max(2.0 * np.nanmax(last), 0.1))


def effects_at_the_end(study: Study) -> Figure | None:
    """The effect of each arm on each primary outcome in the last year, with its interval."""
    if not study.plan.pairs:
        return None
    year = study.plan.shown_years[0]
    table = study.effects[study.effects["primary"] & (study.effects["year"] == year)]
    outcomes = list(dict.fromkeys(table["outcome"]))
    shades = pair_colours(study)
    figure, axes = panels(len(outcomes), columns=2, width=5.2, height=0.8 + 0.3 * len(shades))
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = table[table["outcome"] == outcome].set_index(["baseline", "arm"])
        scale = scale_of(rows["unit"].iloc[0], [*rows["effect"], *rows["baseline_mean"]])
        for place, (pair, shade) in enumerate(shades.items()):
            effect, low, high = (rows.loc[pair, name] / scale.divisor for name in ("effect", "low", "high"))
            ax.plot([low, high], [place, place], color=shade, linewidth=2.2, solid_capstyle="butt")
            ax.plot([effect], [place], "o", color=shade, markersize=5)
        ax.axvline(0.0, color="0.3", linewidth=0.8)
        ax.set(title=wrapped(rows["title"].iloc[0], 34), xlabel=axis_label(scale), ylim=(len(shades) - 0.5, -0.5))
        if not rows["effect"].any():
            ax.set_xlim(-1.0, 1.0)
        ax.set_yticks(range(len(shades)), [pair_label(pair) for pair in shades])
        ax.grid(visible=False, axis="y")
        thousands(ax, "xaxis")
    figure.suptitle(f"{study.plan.case.title}: effects in {year}, {seeds_of(study)}, 95% intervals")
    return figure


def village_incomes(study: Study) -> Figure:
    """The distribution of the recurrent income of the host county's villages by arm in the last year, all seeds."""
    year, host = study.plan.shown_years[0], study.plan.case.counties[0].name
    rows = study.villages[(study.villages["year"] == year) & (study.villages["county"] == 0)]
    figure, (ax,) = panels(1, columns=1, width=6.4, height=3.8)
    shades = arm_colours(study)
    for (arm, shade), width in zip(shades.items(), nested_widths(len(shades)), strict=True):
        values = np.sort(rows.loc[rows["arm"] == arm, "recurrent_income"].to_numpy()) / MILLION
        share = np.arange(1, len(values) + 1) / len(values)
        ax.step(values, 100.0 * share, where="post", color=shade, label=arm, linewidth=width)
    ax.axvline(1.0, color="0.3", linewidth=0.8, linestyle="--")
    ax.text(1.0, 97.0, " 1 million yuan", va="top", fontsize=8, color="0.3")
    top = np.quantile(rows["recurrent_income"], 0.995) / MILLION
    ax.set(xlim=(0.0, max(top, 1.2)), ylim=(0.0, 100.0))
    ax.set(xlabel=f"recurrent income of a village in {year}, million yuan", ylabel="villages with at most this, %")
    ax.legend(loc="lower right")
    figure.suptitle(f"Recurrent income of the villages of {host}, {seeds_of(study)}")
    return figure


def who_paid(study: Study) -> Figure | None:
    """The largest differences in what changed hands, by purpose, giver and taker: a panel an arm."""
    table = study.who_paid
    shades = pair_colours(study)
    pairs = study.plan.main_pairs
    chosen = {pair: table[(table["baseline"] == pair[0]) & (table["arm"] == pair[1])].head(BARS) for pair in pairs}
    chosen = {pair: rows for pair, rows in chosen.items() if len(rows)}
    if not chosen:
        return None
    figure, axes = panels(len(chosen), columns=columns_for(len(chosen)), width=8.6, height=0.24 * (BARS + 3))
    for ax, (pair, rows) in zip(axes, chosen.items(), strict=True):
        _money_bars(ax, rows, shades[pair])
        ax.set(title=pair_label(pair), xlabel="million yuan more (below 0: less) than in the baseline")
    span = f"{study.plan.case.first_year} to {study.plan.shown_years[0]}"
    figure.suptitle(f"{study.plan.case.title}: what changed hands, sum of {span}, the largest differences")
    return figure


def _money_bars(ax: Any, rows: pd.DataFrame, shade: Any) -> None:
    """One bar a purpose, giver and taker, with its interval."""
    places = np.arange(len(rows))
    values = rows["difference"].to_numpy() / MILLION
    error = np.nan_to_num((rows["high"] - rows["low"]).to_numpy() / 2.0 / MILLION)
    ax.barh(places, values, height=0.7, color=shade, xerr=error, error_kw={"elinewidth": 1.0, "ecolor": "0.2"})
    ax.set_yticks(places, [f"{row.reason}: {row.giver} to {row.taker}" for row in rows_of(rows)])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.axvline(0.0, color="0.3", linewidth=0.8)
    ax.grid(visible=False, axis="y")
    thousands(ax, "xaxis")


def turning(study: Study) -> Figure | None:
    """The effect against the difference between places, and where its sign turns."""
    if not len(study.turning):
        return None
    outcomes = list(dict.fromkeys(study.turning["outcome"]))
    figure, axes = panels(len(outcomes), columns=3, width=4.2, height=3.3)
    shades = pair_colours(study)
    turns = {(turn.outcome, turn.baseline, turn.arm): turn for turn in turning_points(study.turning)}
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = study.turning[study.turning["outcome"] == outcome]
        scale = scale_of(rows["unit"].iloc[0], rows["effect"])
        for pair, shade in shades.items():
            one = rows[(rows["baseline"] == pair[0]) & (rows["arm"] == pair[1])]
            _turning_line(ax, one, scale.divisor, shade, pair_label(pair), turns[outcome, *pair].at)
        ax.axhline(0.0, color="0.3", linewidth=0.8)
        ax.set(
            title=wrapped(rows["title"].iloc[0], 50),
            xlabel="difference between places (1 = the case)",
            ylabel=f"effect, {scale.unit}",
        )
        thousands(ax, "yaxis")
    legend(figure, axes[0], len(shades))
    seeds = int(study.turning["seeds"].max())
    figure.suptitle(f"{study.plan.case.title}: where the sign of the effect turns (diamonds), {seeds} seeds")
    return figure


def _turning_line(ax: Any, rows: pd.DataFrame, divisor: float, shade: Any, label: str, at: Sequence[float]) -> None:
    """One effect against the contrast, with its band and the contrasts at which its sign turns."""
    contrast = rows["contrast"]
    ax.fill_between(contrast, rows["low"] / divisor, rows["high"] / divisor, color=shade, alpha=0.15, linewidth=0)
    ax.plot(contrast, rows["effect"] / divisor, "o-", color=shade, label=label, markersize=4)
    ax.plot(at, [0.0] * len(at), "D", color=shade, markeredgecolor="black", markersize=6, zorder=5)


def levels(study: Study) -> Figure:
    """Each primary outcome over the years by arm: mean over seeds."""
    runs = study.indicators
    shown = {name: about for name, about in INDICATORS.items() if about.primary}
    figure, axes = panels(len(shown), columns=3, width=3.7, height=2.7)
    shades = arm_colours(study)
    for ax, (name, about) in zip(axes, shown.items(), strict=True):
        means = runs.groupby(["arm", "year"])[name].mean()
        scale = scale_of(about.unit, means)
        for arm, width in zip(shades, nested_widths(len(shades)), strict=True):
            ax.plot(means[arm].index, means[arm] / scale.divisor, color=shades[arm], label=arm, linewidth=width)
        ax.set(title=wrapped(about.title), ylabel=axis_label(scale))
        thousands(ax, "yaxis")
        year_axis(ax, study)
    legend(figure, axes[0], len(shades))
    figure.suptitle(f"{study.plan.case.title}: outcomes over the years, mean of {seeds_of(study)}{grey_note(study)}")
    return figure
