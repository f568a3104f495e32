"""Parts stacked up and down from zero, a bar a year, with their total and a cursor in one of the years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.app.charts.axes import span_of
from experiments.app.charts.curve import Curve, Drawn, drawn, form_of, numbers_in
from experiments.app.charts.legend import Entry, in_columns
from experiments.app.charts.over_years import Plot, plot_of
from experiments.app.charts.palette import GRID, GROUND
from experiments.app.charts.strokes import line
from experiments.app.charts.svg import Block, heading, nothing, picture, rect, tag, tooltip, width_of
from experiments.units import Scale

if TYPE_CHECKING:
    from agents.table import Array

FILLED = 0.74  # of the room of a year by its bar


def stacked(
    parts: Sequence[Curve],
    *,
    years: Sequence[int],
    year: int,
    last_year: int,
    title: str,
    scale: Scale,
    total: Curve,
    empty: str = "",
) -> str:
    """Parts of each year: those above zero stacked upwards, those below downwards; the total as a line with dots.

    years: rising, those of the values; year: of the cursor; last_year: where the axis ends, lived or not; scale: what
    values are divided by, and the unit that results; empty: words where there is nothing to draw.
    """
    *found, whole = drawn([*parts, total], scale, len(years))
    numbers = numbers_in(whole.values, *(one.values for one in found))
    if not len(numbers):
        return nothing("stacked", title, scale.unit, empty, year)
    edges, head = stack(found, len(years)), heading(title, scale.unit)
    span = span_of(numbers_in(edges.ravel(), whole.values), zero=True)
    form, top = form_of(numbers, scale), head.bottom + 4
    plot = plot_of(span, form, years=years, year=year, last_year=last_year, top=top, before=0.5)
    key = _key(found, whole, plot, numbers)
    bars = [_bars(one, edges[:, row], plot) for row, one in enumerate(found)]
    drawing = [head.svg, _year_band(plot), plot.grid(), *bars, _total(whole, plot), key.svg]
    return picture("stacked", drawing, key.bottom + 4, told=plot.summary(title, [*found, whole]), year=year)


def stack(parts: Sequence[Drawn], size: int) -> Array:
    """Where each part starts and ends in each of so many years, up or down from zero. Shape (2, parts, years)."""
    values = np.array([np.nan_to_num(one.values) for one in parts]).reshape(len(parts), size)
    ends = np.zeros((2, len(parts) + 1, size))  # upwards and downwards
    np.cumsum(np.maximum(values, 0.0), axis=0, out=ends[0, 1:])
    np.cumsum(np.minimum(values, 0.0), axis=0, out=ends[1, 1:])
    return np.where(values < 0.0, [ends[1, :-1], ends[1, 1:]], [ends[0, :-1], ends[0, 1:]])


def _year_band(plot: Plot) -> str:
    """A light band behind the year of the cursor."""
    if plot.cursor is None:
        return ""
    width = plot.across.at(1.0) - plot.across.at(0.0)
    up = plot.up
    return tag("rect", x=plot.cursor - width / 2, y=up.stop, width=width, height=up.start - up.stop, fill=GRID)


def _bars(one: Drawn, edges: Array, plot: Plot) -> str:
    """The bars of a part in all years. edges: where they start and end, in the unit, shape (2, years)."""
    width = (plot.across.at(1.0) - plot.across.at(0.0)) * FILLED
    places = np.round(plot.up.at(edges), 1).tolist()  # before heights are taken, so that parts meet
    bars = zip(plot.years, one.values.tolist(), (plot.x - width / 2).tolist(), *places, strict=True)
    found = []
    for year, value, x, first, end in bars:
        if first != end:
            words = tooltip(f"{one.name}, {year}: {plot.form.words(value)}")
            found.append(rect(x, min(first, end), width, abs(first - end), words))
    return tag("g", *found, fill=one.colour, stroke=GROUND, stroke_width=0.4) if found else ""


def _total(whole: Drawn, plot: Plot) -> str:
    """The line of the total and its dots."""
    x, y = plot.x, plot.up.at(whole.values)
    dots = [
        tag("circle", tooltip(f"{whole.name}, {year}: {plot.form.words(value)}"), cx=a, cy=b, r=2.6)
        for year, value, a, b in zip(plot.years, whole.values.tolist(), x.tolist(), y.tolist(), strict=True)
        if math.isfinite(value)
    ]
    under = line(x, y, GROUND, width=3.2)
    return (
        under + line(x, y, whole.colour, width=1.4) + tag("g", *dots, fill=whole.colour, stroke=GROUND, stroke_width=1)
    )


def _key(found: Sequence[Drawn], whole: Drawn, plot: Plot, numbers: Array) -> Block:
    """The legend below, with the values at the cursor; its columns stay when the cursor moves."""
    widest = max(map(width_of, plot.form.longest(numbers)))
    entries = [Entry(one.name, one.colour, "block", plot.form.label(plot.here(one))) for one in found]
    entries.append(Entry(whole.name, whole.colour, "dots", plot.form.label(plot.here(whole))))
    return in_columns(entries, plot.up.start + 22, widest=widest)
