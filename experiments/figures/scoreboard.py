"""The figure of a scoreboard: how far the model lies off each published figure, in tolerances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.figures.look import ENGLISH, Look
from experiments.figures.theme import DOWN, LINE, UP, heading, legend, panels
from experiments.validation.targets import CALIBRATION, VALIDATION

SHOWN = {VALIDATION: "validation: nothing was set to it", CALIBRATION: "calibration: set so that it comes out"}
MOST = 6.0  # tolerances that are drawn: what lies further is drawn at the edge, with its number
BAND, WITHIN = "0.75", "0.93"


def scoreboard_figure(board: pd.DataFrame, look: Look = ENGLISH, *, title: str = "") -> Figure | None:
    """Distances of validation and calibration targets, with the intervals of luck and the bands over parameter sets.

    board: of ``validation.scoreboard``. title: of the case, in the language of the look. None without such a target.
    """
    rows = board[board["use"].isin(SHOWN)].reset_index(drop=True)
    rows = pd.concat([rows[rows["use"] == use] for use in SHOWN], ignore_index=True)
    if not len(rows):
        return None
    figure, (ax,) = panels(1, columns=1, width=8.0, height=0.3 * len(rows) + 0.8)
    ax.axvspan(-1.0, 1.0, color=WITHIN, linewidth=0, zorder=0)
    ax.axvline(0.0, **LINE)
    colours = {VALIDATION: UP, CALIBRATION: DOWN}
    for place, row in enumerate(rows.to_dict("records")):
        for ends, style in (("band_", {"color": BAND, "linewidth": 6.0}), ("", {"color": "0.2", "linewidth": 1.2})):
            low, high = (_off(row, float(row[f"{ends}{end}"])) for end in ("low", "high"))
            if np.isfinite([low, high]).all():
                ax.hlines(place, *np.clip([low, high], -MOST, MOST), **style, zorder=1.6)
        _dot(ax, place, float(row["distance"]), colours[row["use"]])
    ax.set_yticks(
        range(len(rows)), [row["title_zh" if look.lang == "zh" else "title"] for row in rows.to_dict("records")]
    )
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-MOST - 0.3, MOST + 0.3)
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(look.say("distance from what was published, in tolerances"))
    legend(figure, *_key(look, colours))
    heading(figure, look, title, look.say("The model beside the facts"))
    return figure


def _off(row: Mapping[Any, Any], value: float) -> float:
    """A simulated value as a distance, in tolerances."""
    low, high, tolerance = (float(row[name]) for name in ("low_end", "high_end", "tolerance"))
    return (value - min(max(value, low), high)) / tolerance


def _dot(ax: Any, place: int, distance: float, colour: str) -> None:
    """The mean; at the edge, with its number, where it lies further."""
    if not np.isfinite(distance):
        return
    inside = abs(distance) <= MOST
    at = float(np.clip(distance, -MOST, MOST))
    marker = "o" if inside else (">" if distance > 0 else "<")
    ax.plot([at], [place], marker=marker, color=colour, markersize=6, zorder=3, linestyle="none")
    if not inside:
        side = -1 if distance > 0 else 1
        ax.annotate(
            f"{distance:+.0f}",
            (at, place),
            (8 * side, 0),
            textcoords="offset points",
            va="center",
            ha="right" if side < 0 else "left",
            fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )


def _key(look: Look, colours: dict[str, str]) -> tuple[list[object], list[str]]:
    """What the signs mean."""
    dots: list[object] = [Line2D([], [], marker="o", linestyle="none", color=colours[use]) for use in SHOWN]
    names = [look.say(text) for text in SHOWN.values()]
    lines = [Line2D([], [], color="0.2", linewidth=1.2), Patch(color=BAND), Patch(color=WITHIN)]
    told = ["95% interval: luck", "range of the parameter sets", "within the tolerance"]
    return [*dots, *lines], [*names, *(look.say(text) for text in told)]
