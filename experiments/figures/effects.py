"""Figures of effects: over the years, at the end, against the difference between places, and who paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.figures.look import (
    ENGLISH,
    Look,
    arm_labels,
    baseline_label,
    case_title,
    effect_label,
    grey_note,
    intervals_of,
    pair_label,
    seeds_of,
    span_of,
)
from experiments.figures.theme import (
    LINE,
    arm_colours,
    arm_pairs,
    band,
    columns_for,
    heading,
    legend,
    nested_widths,
    pair_colours,
    panels,
    thousands,
    year_axis,
)
from experiments.frames import rows_of
from experiments.study import Study
from experiments.turning import turning_points
from model.indicators import INDICATORS, RATIOS

BARS = 12


def effect_paths(study: Study, look: Look = ENGLISH) -> Figure | None:
    """The effect on each primary outcome over the years, with 95% bands."""
    if not study.plan.pairs:
        return None
    table = study.effects[study.effects["primary"]]
    outcomes = list(dict.fromkeys(table["outcome"]))
    figure, axes = panels(len(outcomes), columns=3, width=3.7, height=2.7)
    shades = arm_pairs(study)
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = table[table["outcome"] == outcome]
        scale = look.scale(rows["unit"].iloc[0], [*rows["effect"], *rows["baseline_mean"]])
        for (pair, shade), width in zip(shades.items(), nested_widths(len(shades)), strict=True):
            one = rows[(rows["baseline"] == pair[0]) & (rows["arm"] == pair[1])]
            effect, low, high = (one[name] / scale.divisor for name in ("effect", "low", "high"))
            label = effect_label(study, pair, look)
            band(ax, one["year"], effect, low, high, color=shade, label=label, linewidth=width)
        ax.axhline(0.0, **LINE)
        ax.set(title=look.wrapped(look.outcome(outcome)), ylabel=scale.unit)
        if outcome in RATIOS:
            shown = [pair in shades for pair in zip(rows["baseline"], rows["arm"], strict=True)]
            _clip(ax, rows[shown], study.plan.last_year)
        thousands(ax, "yaxis")
        year_axis(ax, study)
    legend(figure, *axes[0].get_legend_handles_labels())
    text = "{case}: effects against {baseline} over the years, {seeds}{intervals}{grey}"
    heading(figure, look, look.say(text, **_about(study, look), grey=grey_note(study, look)))
    return figure


def _about(study: Study, look: Look) -> dict[str, str]:
    """What the titles of most figures name."""
    return {
        "case": case_title(study, look),
        "baseline": baseline_label(study, look),
        "seeds": seeds_of(study, look),
        "intervals": intervals_of(study, look),
    }


def _clip(ax: Any, rows: pd.DataFrame, year: int) -> None:
    """Leave out of the axis the first years, in which a ratio's denominator is still next to nothing."""
    last = rows.loc[rows["year"] == year, ["effect", "high"]].to_numpy()
    if np.isfinite(last).any():
        ax.set_ylim(min(0.0, 2.0 * np.nanmin(last)), max(2.0 * np.nanmax(last), 0.1))


def effects_at_the_end(study: Study, look: Look = ENGLISH) -> Figure | None:
    """The ladder: the effect of each arm and each step on each primary outcome in the last year, with its interval."""
    if not study.plan.pairs:
        return None
    year = study.plan.shown_years[0]
    table = study.effects[study.effects["primary"] & (study.effects["year"] == year)]
    outcomes = list(dict.fromkeys(table["outcome"]))
    labels = [effect_label(study, pair, look) for pair in study.plan.pairs]
    figure, axes = panels(len(outcomes), columns=2, width=5.2, height=0.8 + 0.3 * len(labels))
    for number, (ax, outcome) in enumerate(zip(axes, outcomes, strict=True)):
        rows = table[table["outcome"] == outcome].set_index(["baseline", "arm"])
        scale = look.scale(rows["unit"].iloc[0], [*rows["effect"], *rows["baseline_mean"]])
        _rungs(ax, study, rows[["effect", "low", "high"]] / scale.divisor)
        ax.set(title=look.wrapped(look.outcome(outcome), 44), xlabel=scale.unit)
        ax.set_yticks(range(len(labels)), labels if number % 2 == 0 else [""] * len(labels))
        thousands(ax, "xaxis")
    text = "{case}: effects against {baseline} in {year}, {seeds}{intervals}"
    heading(figure, look, look.say(text, **_about(study, look), year=year))
    return figure


def _rungs(ax: Any, study: Study, rows: pd.DataFrame) -> None:
    """A dot and an interval a pair; a line sets the steps between two arms apart. rows: by baseline and arm."""
    shades = pair_colours(study)
    for place, (pair, shade) in enumerate(shades.items()):
        effect, low, high = rows.loc[pair, ["effect", "low", "high"]]
        ax.plot([low, high], [place, place], color=shade, linewidth=2.2, solid_capstyle="butt")
        ax.plot([effect], [place], "o", color=shade, markersize=5)
    ax.axvline(0.0, **LINE)
    if len(shades) > len(study.plan.main_pairs):
        ax.axhline(len(study.plan.main_pairs) - 0.5, color="0.6", linewidth=0.7, linestyle=":")
    ax.set_ylim(len(shades) - 0.5, -0.5)
    if not rows["effect"].any():
        ax.set_xlim(-1.0, 1.0)
    ax.grid(visible=False, axis="y")


def who_paid(study: Study, look: Look = ENGLISH) -> Figure | None:
    """The largest differences in what changed hands, by purpose, giver and taker: a panel an arm."""
    table = study.who_paid
    shades = pair_colours(study)
    pairs = study.plan.main_pairs
    chosen = {pair: table[(table["baseline"] == pair[0]) & (table["arm"] == pair[1])].head(BARS) for pair in pairs}
    chosen = {pair: rows for pair, rows in chosen.items() if len(rows)}
    if not chosen:
        return None
    scale = look.sums(pd.concat(chosen.values())["difference"])
    figure, axes = panels(len(chosen), columns=columns_for(len(chosen)), width=8.6, height=0.24 * (BARS + 3))
    for ax, (pair, rows) in zip(axes, chosen.items(), strict=True):
        _money_bars(ax, rows, shades[pair], scale.divisor)
        ax.set_yticks(np.arange(len(rows)), [_flow_label(row, look) for row in rows_of(rows)])
        ax.set_title(pair_label(study, pair, look))
        ax.set_xlabel(look.say("{unit} more (below 0: less) than in the baseline", unit=scale.unit))
    text = "{case}: what changed hands, sum of {span}, the largest differences"
    heading(figure, look, look.say(text, case=case_title(study, look), span=span_of(study, look)))
    return figure


def _flow_label(row: Any, look: Look) -> str:
    """Purpose, giver and taker of a flow."""
    giver, taker = (look.agents(kind) for kind in (row.giver, row.taker))
    return look.say("{reason}: {giver} to {taker}", reason=look.say(row.reason), giver=giver, taker=taker)


def _money_bars(ax: Any, rows: pd.DataFrame, shade: Any, divisor: float) -> None:
    """One bar a purpose, giver and taker, with its interval."""
    values = rows["difference"].to_numpy() / divisor
    error = np.nan_to_num((rows["high"] - rows["low"]).to_numpy() / 2.0 / divisor)
    look = {"elinewidth": 1.0, "ecolor": "0.2"}
    ax.barh(np.arange(len(rows)), values, height=0.7, color=shade, xerr=error, error_kw=look)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.axvline(0.0, **LINE)
    ax.grid(visible=False, axis="y")
    thousands(ax, "xaxis")


def turning(study: Study, look: Look = ENGLISH) -> Figure | None:
    """The effect against the difference between places, and where its sign turns."""
    if not len(study.turning):
        return None
    outcomes = list(dict.fromkeys(study.turning["outcome"]))
    figure, axes = panels(len(outcomes), columns=3, width=4.2, height=3.3)
    turns = {(turn.outcome, turn.baseline, turn.arm): turn for turn in turning_points(study.turning)}
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = study.turning[study.turning["outcome"] == outcome]
        scale = look.scale(rows["unit"].iloc[0], rows["effect"])
        for pair, shade in pair_colours(study).items():
            one = rows[(rows["baseline"] == pair[0]) & (rows["arm"] == pair[1])]
            label = effect_label(study, pair, look)
            _turning_line(ax, one, scale.divisor, shade, label, turns[outcome, *pair].at)
        ax.axhline(0.0, **LINE)
        ax.set_title(look.wrapped(look.outcome(outcome)))
        ax.set_xlabel(look.say("difference between places (1 = the case)"))
        ax.set_ylabel(look.say("effect, {unit}", unit=scale.unit))
        for axis in ("xaxis", "yaxis"):
            thousands(ax, axis)
    legend(figure, *axes[0].get_legend_handles_labels())
    seeds = look.say("{seeds} seeds", seeds=int(study.turning["seeds"].max()))
    text = "{case}: where the sign of the effect against {baseline} turns (diamonds), {seeds}"
    heading(figure, look, look.say(text, **{**_about(study, look), "seeds": seeds}))
    return figure


def _turning_line(ax: Any, rows: pd.DataFrame, divisor: float, shade: Any, label: str, at: Sequence[float]) -> None:
    """One effect against the contrast, with its band and the contrasts at which its sign turns."""
    contrast = rows["contrast"]
    effect, low, high = (rows[name] / divisor for name in ("effect", "low", "high"))
    band(ax, contrast, effect, low, high, color=shade, label=label, marker="o", markersize=4)
    ax.plot(at, [0.0] * len(at), "D", color=shade, markeredgecolor="black", markersize=6, zorder=5)


def levels(study: Study, look: Look = ENGLISH) -> Figure:
    """Each primary outcome over the years by arm: mean over seeds."""
    runs = study.indicators
    shown = {name: about for name, about in INDICATORS.items() if about.primary}
    figure, axes = panels(len(shown), columns=3, width=3.7, height=2.7)
    shades, labels = arm_colours(study), arm_labels(study, look)
    for ax, (name, about) in zip(axes, shown.items(), strict=True):
        means = runs.groupby(["arm", "year"])[name].mean()
        scale = look.scale(about.unit, means)
        for arm, width in zip(shades, nested_widths(len(shades)), strict=True):
            path = means[arm] / scale.divisor
            ax.plot(path.index, path, color=shades[arm], label=labels[arm], linewidth=width)
        ax.set(title=look.wrapped(look.title(about)), ylabel=scale.unit)
        thousands(ax, "yaxis")
        year_axis(ax, study)
    legend(figure, *axes[0].get_legend_handles_labels())
    text = "{case}: outcomes over the years, mean of {seeds}{grey}"
    seeds = seeds_of(study, look)
    heading(figure, look, look.say(text, case=case_title(study, look), seeds=seeds, grey=grey_note(study, look)))
    return figure
