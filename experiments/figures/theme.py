"""The one look of all figures: style, colours, panels, axes and labels."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.study import Study
from experiments.units import Scale

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "legend.frameon": False,
    "svg.hashsalt": "feidi",
    "svg.fonttype": "none",
    "axes.axisbelow": True,
}


def distinct(count: int) -> list[Any]:
    """So many colours that can be told apart, also by the colour-blind where there are at most ten."""
    return list(sns.color_palette("colorblind" if count <= 10 else "husl", count))


@contextmanager
def theme() -> Iterator[None]:
    """The one look of all figures; the caller's own settings come back afterwards."""
    with mpl.rc_context({**sns.axes_style("whitegrid"), **sns.plotting_context("paper"), **STYLE}):
        yield


def arm_colours(study: Study) -> dict[str, Any]:
    """One colour-blind-safe colour an arm, the same in every figure of a study; beyond ten, shades in between."""
    names = [scenario.name for scenario in study.plan.scenarios]
    return dict(zip(names, distinct(len(names)), strict=True))


def pair_colours(study: Study) -> dict[tuple[str, str], Any]:
    """The colour of a pair is its arm's; a pair with another baseline than the first has one of its own."""
    arms, pairs, first = arm_colours(study), study.plan.pairs, study.plan.scenarios[0].name
    spare = iter(distinct(len(arms) + len(pairs))[len(arms) :])
    return {pair: arms[pair[1]] if pair[0] == first else next(spare) for pair in pairs}


def arm_pairs(study: Study) -> dict[tuple[str, str], Any]:
    """The pairs of an arm with the first one, each in its arm's colour."""
    arms = arm_colours(study)
    return {pair: arms[pair[1]] for pair in study.plan.main_pairs}


def panels(count: int, *, columns: int, width: float, height: float) -> tuple[Figure, list[Any]]:
    """A figure with ``count`` panels in rows of ``columns``; width and height of a panel in inches."""
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    figure = Figure(figsize=(width * columns, height * rows + 0.6), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for spare in axes[count:]:
        spare.remove()
    return figure, list(axes[:count])


def columns_for(count: int) -> int:
    """Columns for so many tall panels, so that a figure with many is not a ribbon."""
    return 1 if count <= 3 else 2


def nested_widths(count: int) -> list[float]:
    """Line widths, the first line the widest: lines that lie on each other are all seen."""
    return [float(width) for width in np.linspace(1.6 + 0.4 * (count - 1), 1.6, count)]


def pair_label(pair: tuple[str, str]) -> str:
    """What a pair (baseline, arm) shows."""
    return f"{pair[1]} minus {pair[0]}"


def legend(figure: Figure, axes: Any, count: int) -> None:
    """One legend for all panels, under them."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(count, 4))


def wrapped(title: str, width: int = 36) -> str:
    """A title in lines short enough for its panel."""
    return textwrap.fill(title, width)


def axis_label(scale: Scale) -> str:
    """The label of an axis: the unit, nothing for a pure number."""
    return "" if scale.unit == "1" else scale.unit


def seeds_of(study: Study) -> str:
    """How many seeds the figure stands on."""
    if study.plan.seeds == 1:
        return "one seed"
    return f"{study.plan.seeds} {'paired seeds' if study.plan.pairs else 'seeds'}"


def grey_note(study: Study) -> str:
    """What the shaded years are, where there are any."""
    return "; grey: projection" if study.plan.is_projection(study.plan.last_year) else ""


def year_axis(ax: Any, study: Study) -> None:
    """Years as whole numbers; what lies after the case's figures is shaded."""
    plan = study.plan
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    ax.set_xlim(plan.case.first_year - 1, plan.last_year)
    if plan.is_projection(plan.last_year):
        ax.axvspan(plan.case.last_year, plan.last_year, color="0.93", linewidth=0, zorder=0)


def thousands(ax: Any, which: str) -> None:
    """Thousands apart on one axis."""
    getattr(ax, which).set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
