"""What share of all the poorest have, after Lorenz."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.app.charts.axes import Axis, columns, percent_grid, percent_rows
from experiments.app.charts.curve import Curve, finite, summary
from experiments.app.charts.legend import Entry, beside
from experiments.app.charts.palette import AXIS
from experiments.app.charts.strokes import lines
from experiments.app.charts.svg import EDGE, heading, nothing, paragraph, picture, tag, width_of

if TYPE_CHECKING:
    from agents.table import Array

SQUARE = 190.0  # the side of the plot
TOLD = np.linspace(0.05, 0.95, 19)  # where the pointer is told shares
LOWEST, HIGHEST = -0.5, 1.0 + 1e-9  # what can be a share of all
HALF = 0.5  # of all who are ranked: their share is read out


def lorenz(curves: Sequence[Curve], *, title: str, x_title: str, y_title: str, empty: str = "") -> str:
    """Shares of all that the poorest have, and the diagonal where all have the same.

    values of curves: the cumulative share at equal steps from none (0) to all (1), the first ones below zero where the
    poorest owe; what can't be a share is left out; empty: words where there is nothing. A blank that no line shall end
    at, as before a Gini in a name, is a no-break space.
    """
    found = [(one, values) for one in curves if np.isfinite(values := _shares(one)).any() and len(values) > 1]
    if not found:
        return nothing("lorenz", title, y_title, empty)
    head = heading(title, y_title)
    low = min(0.0, *(float(np.nanmin(values)) for _, values in found))
    left, top = EDGE + width_of("100%") + 6, head.bottom + 8
    across, up = Axis(0.0, 1.0, left, left + SQUARE), Axis(low, 1.0, top + SQUARE, top)
    key = beside([Entry(one.name, one.colour, "line") for one, _ in found], left + SQUARE + 16, top)
    below = paragraph(x_title, top + SQUARE + 20, left=left, right=across.stop + 16)
    ends = {"x1": across.start, "x2": across.stop, "y1": up.at(0.0), "y2": up.at(1.0)}
    parts = [head.svg, key.svg, percent_rows(up, left, across.stop), percent_grid(across, up.start)]
    parts.append(tag("line", tag("title", "45°"), **ends, stroke=AXIS))
    x = [across.at(np.linspace(0.0, 1.0, len(values))) for _, values in found]
    curved = lines(x, [up.at(values) for _, values in found], [one.colour for one, _ in found])
    parts += [curved, _told(found, across, up), below.svg]
    halves = [(one.name, f"{_at(values, np.array([HALF]))[0]:.1%}") for one, values in found]
    told = summary(title, f"{HALF:.0%}", halves)
    return picture("lorenz", parts, max(below.bottom, key.bottom) + 2, told=told)


def _shares(curve: Curve) -> Array:
    """The shares of a curve, NaN for what is none."""
    values = finite(curve.values)
    return np.where((values >= LOWEST) & (values <= HIGHEST), values, np.nan)


def _at(values: Array, shares: Array) -> Array:
    """The value at shares of all, between the steps on a straight line."""
    return np.interp(shares, np.linspace(0.0, 1.0, len(values)), values)


def _told(found: Sequence[tuple[Curve, Array]], across: Axis, up: Axis) -> str:
    """What is told along the axis: what so many of the poorest have."""
    rows = [(one.name, _at(values, TOLD)) for one, values in found]
    texts = [[f"{share:.0%}", *(f"{name}: {row[place]:.1%}" for name, row in rows)] for place, share in enumerate(TOLD)]
    return columns(across.at(TOLD), up.stop, up.start, (across.start, across.stop), texts)
