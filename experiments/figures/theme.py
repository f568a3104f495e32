"""The one look of all figures: style, colours, panels, axes and letters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.fonts.subset import FAMILY, FILE
from experiments.figures.look import ENGLISH, Look, width_of
from experiments.figures.style import COLOURS, PAPER, WHITEGRID
from experiments.study import Study

LETTERS = "DejaVu Sans"  # comes with matplotlib
STYLE: dict[Any, Any] = {
    "font.family": LETTERS,
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
# Chinese fonts that a machine may have, for characters that ours lacks.
INSTALLED = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    *("Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC"),
)
UP, DOWN = "#0173b2", "#de8f05"  # more and less, blue and orange of the colour-blind palette
LINE = {"color": "0.3", "linewidth": 0.8, "zorder": 1.5}  # of zero: under the data, which may lie on it
STEPS = 0.42  # lightness of the colours of steps between two arms: darker than arms
TWO_LINES = 1.4  # distance of the lines of a title, in heights of a letter
COLUMN, TITLE_COLUMN = 0.075, 0.09  # inches that a column of a legend's text takes, and of a title


def distinct(count: int) -> list[Any]:
    """So many colours that can be told apart, also by the colour-blind where there are at most ten."""
    if count <= len(COLOURS):
        return [to_rgb(colour) for colour in COLOURS[:count]]
    from seaborn import husl_palette  # slow to load, and needed for many arms alone

    return list(husl_palette(count))


def diverging() -> LinearSegmentedColormap:
    """Colours from less over nothing to more."""
    return LinearSegmentedColormap.from_list("effect", ["#8a5a00", DOWN, "#f7f7f7", UP, "#00395c"])


@contextmanager
def theme(look: Look = ENGLISH) -> Iterator[None]:
    """The one look of all figures; the caller's own settings come back afterwards."""
    letters: dict[Any, Any] = _chinese_letters() if look.lang == "zh" else {}
    with mpl.rc_context({**WHITEGRID, **PAPER, **STYLE, **letters}):
        yield


def _chinese_letters() -> dict[Any, Any]:
    """The settings for Chinese: the font that comes with the figures first, then what else this machine has.

    SVG gets outlines in place of letters, so that it looks the same where no Chinese font is installed.
    """
    if FAMILY not in fontManager.get_font_names():
        fontManager.addfont(str(files("experiments.figures.fonts") / FILE))
    known = set(fontManager.get_font_names())
    families = [FAMILY, LETTERS, *(name for name in INSTALLED if name in known)]
    return {"font.family": families, "axes.titlesize": 10.5, "axes.titleweight": "normal", "svg.fonttype": "path"}


def arm_colours(study: Study) -> dict[str, Any]:
    """One colour-blind-safe colour an arm, the same in every figure of a study; beyond ten, shades in between."""
    names = [scenario.name for scenario in study.plan.scenarios]
    return dict(zip(names, distinct(len(names)), strict=True))


def pair_colours(study: Study) -> dict[tuple[str, str], Any]:
    """The colour of a pair is its arm's; a step with another baseline than the first has a darker one."""
    arms, pairs, first = arm_colours(study), study.plan.pairs, study.plan.scenarios[0].name
    steps = iter(_darker(len(pairs) - len(study.plan.main_pairs)) if len(pairs) > len(arms) - 1 else [])
    return {pair: arms[pair[1]] if pair[0] == first else next(steps) for pair in pairs}


def _darker(count: int) -> list[Any]:
    """So many colours for steps between two arms."""
    from seaborn import husl_palette  # slow to load, and needed where steps are compared alone

    return list(husl_palette(count, l=STEPS))


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


def legend(figure: Figure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """One legend for all panels, under them, in as many columns as the figure has room for."""
    widest = COLUMN * max((width_of(label) for label in labels), default=0) + 0.7
    fitting = max(min(int(figure.get_figwidth() / widest), len(labels)), 1)
    rows = math.ceil(len(labels) / fitting)
    figure.legend(handles, labels, loc="outside lower center", ncols=math.ceil(len(labels) / max(rows, 1)))


def heading(figure: Figure, look: Look, *lines: str) -> None:
    """The title of a figure, in lines that it has room for."""
    width = int(figure.get_figwidth() / TITLE_COLUMN)
    figure.suptitle("\n".join(look.wrapped(line, width) for line in lines if line), linespacing=TWO_LINES)


def band(ax: Any, x: Any, middle: Any, low: Any, high: Any, **line: Any) -> None:
    """A line with the band of its interval. line: colour and whatever else the line takes."""
    ax.plot(x, middle, **line)
    ax.fill_between(x, low, high, color=line["color"], alpha=0.18, linewidth=0)


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
