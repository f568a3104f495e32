"""Lines over the years, with a cursor in one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.app.charts.axes import columns, cursor, span_of, spread
from experiments.app.charts.curve import Curve, Drawn, Form, drawn, form_of, numbers_in
from experiments.app.charts.legend import Entry, in_rows
from experiments.app.charts.over_years import Plot, plot_of
from experiments.app.charts.palette import GROUND, readable
from experiments.app.charts.strokes import band, lines
from experiments.app.charts.svg import SMALL, heading, nothing, paragraph, picture, tag, text, width_of
from experiments.units import Scale

if TYPE_CHECKING:
    from agents.table import Array

APART = 11.0  # labels at the cursor
DOT, RING = 2.8, 1.6  # the radius of a dot at the cursor, and what is seen of one below another
RINGS = 2  # around a dot at most
OFF = 6.0  # from the cursor to its labels
STEADY = 8.0  # the room of labels grows in such steps, so that the plot rarely moves


def paths(
    curves: Sequence[Curve],
    *,
    years: Sequence[int],
    year: int,
    last_year: int,
    title: str,
    scale: Scale,
    note: str = "",
    empty: str = "",
) -> str:
    """Lines over the years, each with its band, and their values at the cursor.

    years: rising, those of the values; year: of the cursor; last_year: where the axis ends, lived or not; scale: what
    values are divided by, and the unit that results; note: words below; empty: words where there is nothing to draw.
    """
    found = drawn(curves, scale, len(years))
    numbers = numbers_in(*(array for one in found for array in (one.values, one.low, one.high)))
    if not len(numbers):
        return nothing("paths", title, scale.unit, empty, year)
    head = heading(title, scale.unit)
    key = in_rows([Entry(one.name, one.colour, "line") for one in found], head.bottom)
    form, top = form_of(numbers, scale), key.bottom + 8
    margin = _label_room(numbers, form)
    plot = plot_of(span_of(numbers), form, years=years, year=year, last_year=last_year, top=top, margin=margin)
    below = paragraph(note, plot.up.start + 20)
    parts = [head.svg, key.svg, plot.grid(), *_lines(found, plot), _at_cursor(found, plot), _by_year(found, plot)]
    return picture("paths", [*parts, below.svg], below.bottom + 2, told=plot.summary(title, found), year=year)


def _label_room(numbers: Array, form: Form) -> float:
    """What labels at the cursor need on the right, wherever it stands."""
    widest = max(width_of(label, bold=True) for label in form.longest(numbers))
    return OFF + math.ceil(widest / STEADY) * STEADY


def _lines(found: Sequence[Drawn], plot: Plot) -> list[str]:
    """All bands, and on them all lines."""
    x, up = plot.x, plot.up
    bands = [band(x, up.at(one.low), up.at(one.high), one.colour) for one in found]
    return [*bands, lines([x] * len(found), [up.at(one.values) for one in found], [one.colour for one in found])]


def _at_cursor(found: Sequence[Drawn], plot: Plot) -> str:
    """The cursor with a dot on each line and its value beside it: of the first ones where there is no room for all."""
    x, up = plot.cursor, plot.up
    if x is None:
        return ""
    there = [(one, plot.here(one)) for one in found if math.isfinite(plot.here(one))]
    dots = _dots(x, up.at(np.array([value for _, value in there])), [one.colour for one, _ in there])
    there = there[: int((up.start - up.stop - SMALL) / APART) + 1]
    wanted = up.at(np.array([value for _, value in there]))
    places = spread(wanted, APART, up.stop + SMALL / 2, up.start - SMALL / 2).tolist()
    labels = [
        text(x + OFF, y + SMALL * 0.35, plot.form.label(value), fill=readable(one.colour), bold=True, halo=True)
        for (one, value), y in zip(there, places, strict=True)
    ]
    return "".join([cursor(x, up.stop, up.start), dots, *labels])


def _dots(x: float, y: Array, colours: Sequence[str]) -> str:
    """A dot on each line; those that others lie on are larger, so that all are seen."""
    covered = [min(int(np.sum(np.abs(y[place + 1 :] - height) < RING)), RINGS) for place, height in enumerate(y)]
    dots = zip(covered, y.tolist(), colours, strict=True)
    return "".join(
        tag("circle", cx=x, cy=height, r=DOT + RING * under, fill=colour, stroke=GROUND)
        for under, height, colour in dots
    )


def _by_year(found: Sequence[Drawn], plot: Plot) -> str:
    """What is told of each year: all values, with their intervals."""
    texts = [[str(year), *(_of_year(one, row, plot) for one in found)] for row, year in enumerate(plot.years)]
    x, up = plot.x, plot.up
    return columns(x, up.stop, up.start, (float(x[0]) - 4, float(x[-1]) + 4), texts)


def _of_year(one: Drawn, row: int, plot: Plot) -> str:
    """A name and its value in a year, and the interval where there is one."""
    low, high = float(one.low[row]), float(one.high[row])
    ends = (
        f" ({plot.form.figure(low)} – {plot.form.figure(high)})" if math.isfinite(low) and math.isfinite(high) else ""
    )
    return f"{one.name}: {plot.form.words(float(one.values[row]))}{ends}"
