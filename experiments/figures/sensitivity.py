"""Figures of sensitivity: indices of Sobol', elementary effects of Morris, and maps of effects over two levers.

They are drawn from tables alone, those of ``experiments.sensitivity`` and of a batch over a grid. Keys of parameters
stay as they are in both languages.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.effects import Floats
from experiments.figures.look import ENGLISH, Look
from experiments.figures.theme import DOWN, LINE, UP, diverging, heading, legend, panels, thousands
from experiments.sensitivity import INTERACTIONS, SEED
from experiments.units import decimals_for, number
from model.indicators import INDICATORS, RATIOS

MOST_KEYS, MOST_NAMED = 30, 15  # the first ones, in a list and beside dots; a figure of more can't be read
APART = 0.8  # rows by which luck and interactions are set off
NOISE = "0.82"
MOST_NUMBERS = 10  # values on a side of a map up to which the effects are written into the cells
SPECIAL = {SEED: "luck (the seed)", INTERACTIONS: "interactions of all"}


def sobol_bars(table: pd.DataFrame, look: Look = ENGLISH, *, title: str = "") -> Figure | None:
    """First-order and total indices with their 95% intervals, the largest total on top; luck and interactions set off.

    table: of ``sensitivity.sobol_table``: key, first_order and total, each with _low and _high; rows ``seed`` and
    ``interactions`` may be there. title: what the indices are of, in the language of the look. None without a row.
    """
    if not len(table):
        return None
    rows = table.set_index("key")
    keys = rows.drop(index=list(SPECIAL), errors="ignore").sort_values("total", ascending=False, kind="stable")
    shown = [*keys.index[:MOST_KEYS], *(name for name in SPECIAL if name in rows.index)]
    at = np.arange(len(shown)) + APART * np.array([name in SPECIAL for name in shown])
    figure, (ax,) = panels(1, columns=1, width=7.5, height=0.42 * len(shown) + 1.2)
    for aside, index, shade in ((-0.2, "first_order", UP), (0.2, "total", DOWN)):
        value, low, high = (rows.loc[shown, f"{index}{end}"].to_numpy(dtype=float) for end in ("", "_low", "_high"))
        known = np.isfinite(value)
        ax.barh(at[known] + aside, value[known], height=0.36, color=shade)
        ax.hlines(at + aside, low, high, color="0.2", linewidth=1.0)
    ax.axvline(0.0, **LINE)
    ax.set_yticks(at, [look.say(SPECIAL[name]) if name in SPECIAL else name for name in shown])
    ax.set_ylim(at[-1] + 0.7, -0.7)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(look.say("share of the variance"))
    names = [look.say("first order: alone"), look.say("total: with its interactions")]
    legend(figure, [Patch(color=UP), Patch(color=DOWN)], names)
    heading(figure, look, title, look.say("Sobol' indices, 95% intervals"))
    return figure


def morris_plot(table: pd.DataFrame, look: Look = ENGLISH, *, unit: str = "1", title: str = "") -> Figure | None:
    """Elementary effects: keys by mu_star over what luck alone would show, and mu_star against sigma.

    table: of ``sensitivity.morris_table``: key, mu_star with _low and _high, sigma, noise_floor (missing with one
    seed); unit: of the outcome; title: what the effects are on. Keys that are not above the noise floor are hollow.
    None without a row.
    """
    if not len(table):
        return None
    rows = table.sort_values("mu_star", ascending=False, kind="stable").reset_index(drop=True)
    columns = ["mu_star", "mu_star_low", "mu_star_high", "sigma", "noise_floor"]
    scale = look.scale(unit, rows["mu_star"])
    rows[columns] = rows[columns].astype(float) / scale.divisor
    clear = ~(rows["mu_star"] <= rows["noise_floor"])
    many = min(len(rows), MOST_KEYS)
    figure, (ax, side) = panels(2, columns=2, width=5.8, height=max(0.26 * many + 1.0, 3.6))
    _ranking(ax, rows.iloc[:many], clear[:many], look)
    _dots(side, rows["mu_star"], rows["sigma"], clear, look)
    for place in np.flatnonzero(clear.to_numpy()[:MOST_NAMED]).tolist():
        at_dot = (rows.loc[place, "mu_star"], rows.loc[place, "sigma"])
        side.annotate(str(place + 1), at_dot, (3, 3), textcoords="offset points", fontsize=7)
    side.axline((0.0, 0.0), slope=1.0, **LINE)
    side.set(xlim=(-0.03 * rows["mu_star"].max(), None), ylim=(-0.03 * rows["sigma"].max(), None))
    side.set_ylabel(_with_unit(look, "sigma: luck, curvature and interactions", scale.unit))
    thousands(side, "yaxis")
    for one in (ax, side):
        one.set_xlabel(_with_unit(look, "mu*: mean size of the effect of a whole range", scale.unit))
        thousands(one, "xaxis")
    legend(figure, *ax.get_legend_handles_labels())
    heading(figure, look, title, look.say("Elementary effects (Morris), 95% intervals; the line: sigma = mu*"))
    return figure


def _ranking(ax: Any, rows: pd.DataFrame, clear: pd.Series, look: Look) -> None:
    """Keys below each other with their places: mu_star and its interval over what luck alone would show."""
    at = np.arange(len(rows))
    ax.barh(at, rows["noise_floor"].fillna(0.0), height=0.7, color=NOISE, label=look.say("what luck alone would show"))
    ax.hlines(at, rows["mu_star_low"], rows["mu_star_high"], color=UP, linewidth=1.6)
    _dots(ax, rows["mu_star"], at, clear, look)
    ax.set_yticks(at, [f"{key}  {place}" for place, key in enumerate(rows["key"], start=1)])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")


def _dots(ax: Any, x: pd.Series, y: Any, clear: pd.Series, look: Look) -> None:
    """Filled dots for keys above their noise floor, hollow ones for the others."""
    for mine, face, name in ((clear, UP, "more than luck"), (~clear, "white", "may be luck")):
        chosen = mine.to_numpy()
        ax.plot(
            x.to_numpy()[chosen], np.asarray(y)[chosen], "o", color=UP, mfc=face, markersize=5, label=look.say(name)
        )


def _with_unit(look: Look, text: str, unit: str) -> str:
    """A text and the unit, where there is one."""
    return look.say("{what}, {unit}", what=look.say(text), unit=unit) if unit else look.say(text)


def map_of_effects(
    table: pd.DataFrame, x: str, y: str, look: Look = ENGLISH, *, outcome: str, title: str = ""
) -> Figure | None:
    """Where an arm wins: its mean effect at each two values of two levers, a panel a pair, colours centred at zero.

    table: one row a point and pair: the columns named by x and y, effect, low, high, and arm, or baseline and arm,
    where there are several. outcome: name of the indicator, for title and unit. Cells whose interval covers zero, or
    that have none, have a cross; points that were not run stay white. None without a row. Raises ValueError where a
    point of an arm stands twice.
    """
    if not len(table):
        return None
    about = INDICATORS[outcome] if outcome in INDICATORS else RATIOS[outcome]
    pairs = _by_pair(table, look)
    scale = look.scale(about.unit, table["effect"])
    reach = float(np.nanmax(np.abs(table["effect"]), initial=0.0)) / scale.divisor or 1.0
    sides = [len(table[name].unique()) for name in (x, y)]
    width, height = (max(size * count + 1.2, 3.6) for size, count in zip((0.75, 0.5), sides, strict=True))
    figure, axes = panels(len(pairs), columns=3, width=width, height=height)
    for ax, (pair, rows) in zip(axes, pairs.items(), strict=True):
        wide = [rows.pivot(index=y, columns=x, values=name) for name in ("effect", "low", "high")]
        effect, low, high = (one.to_numpy(dtype=float) / scale.divisor for one in wide)
        cells = _draw_map(ax, effect, ~((low > 0.0) | (high < 0.0)), reach=reach, numbers=max(sides) <= MOST_NUMBERS)
        ax.set_xticks(np.arange(effect.shape[1]) + 0.5, [f"{value:g}" for value in wide[0].columns])
        ax.set_yticks(np.arange(effect.shape[0]) + 0.5, [f"{value:g}" for value in wide[0].index])
        ax.set(xlabel=x, ylabel=y, title=pair)
    bar = figure.colorbar(cells, ax=axes, shrink=0.8, pad=0.02)
    bar.set_label(_with_unit(look, "effect", scale.unit))
    mark = Line2D([], [], marker="x", color="0.2", linestyle="none", markersize=5)
    legend(figure, [mark], [look.say("the 95% interval covers zero")])
    heading(figure, look, title, look.say("{outcome}: effect by two levers", outcome=look.title(about)))
    return figure


def _by_pair(table: pd.DataFrame, look: Look) -> dict[str, pd.DataFrame]:
    """The rows of each pair, or arm, by what it is called; one without a name where the table has no arms."""
    if "arm" not in table:
        return {"": table}
    if "baseline" not in table:
        return {look.arm(str(arm)): rows for arm, rows in table.groupby("arm", sort=False)}
    pairs = table.groupby(["baseline", "arm"], sort=False)
    return {look.pair(str(baseline), str(arm)): rows for (baseline, arm), rows in pairs}


def _draw_map(ax: Any, effect: Floats, unsure: Any, *, reach: float, numbers: bool) -> Any:
    """Cells of equal size, whatever the steps between the values; the cells, for the colour bar. Shapes (y, x)."""
    values = np.ma.masked_invalid(effect)
    cells = ax.pcolormesh(values, cmap=diverging(), vmin=-reach, vmax=reach, edgecolor="white", linewidth=0.5)
    places = min(decimals_for([float(value) for value in values.compressed()]), 3)
    rows, columns = np.nonzero(unsure & np.isfinite(effect))
    aside = 0.35 if numbers else 0.0
    ax.plot(columns + 0.5 - aside, rows + 0.5 + aside, "x", color="0.2", markersize=4)
    for row, column in np.argwhere(np.isfinite(effect) & numbers).tolist():
        shade = "white" if abs(effect[row, column]) > 0.5 * reach else "0.1"
        text = number(effect[row, column], places, signed=True)
        ax.text(column + 0.5, row + 0.5, text, color=shade, ha="center", va="center", fontsize=7)
    ax.grid(visible=False)
    return cells
