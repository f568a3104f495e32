"""Values from the lowest to the highest, side by side: Pen's parade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.app.charts.axes import Axis, columns, label_room, percent_grid, span_of, spread, ticks, value_grid
from experiments.app.charts.curve import LARGEST, Curve, Form, finite, form_of, numbers_in, summary
from experiments.app.charts.legend import Entry, in_rows
from experiments.app.charts.palette import QUIET, readable
from experiments.app.charts.strokes import lines
from experiments.app.charts.svg import (
    EDGE,
    SMALL,
    WIDTH,
    fitted,
    heading,
    nothing,
    paragraph,
    picture,
    tag,
    text,
    width_of,
)
from experiments.units import Scale

if TYPE_CHECKING:
    from agents.table import Array

HEIGHT = 150.0  # of the plot
STEPS, MOST = 40, 201  # up to so many values each has a step of its own; beyond so many, quantiles stand for them
TOLD = np.linspace(0.025, 0.975, 20)  # where the pointer is told values
APART, OFF = 11.0, 6.0  # labels, and from the end of a line to its label
HALF = 0.5  # of all
CUT = "↑"  # before the highest value of a line that leaves the plot


class Parade(NamedTuple):
    """One world's values in their order, in the unit that is shown. ranked: all of them, rising; x, y: its line."""

    name: str
    colour: str
    ranked: Array
    x: Array
    y: Array


def parade(
    curves: Sequence[Curve],
    *,
    title: str,
    x_title: str,
    scale: Scale,
    marks: Sequence[tuple[float, str]] = (),
    top: float | None = None,
    empty: str = "",
) -> str:
    """All values in a row, the lowest first and the highest last, as steps where there are few of them.

    marks: values with their names, as dashed lines; top: above zero, where the plot ends, in the unit of the values,
    with an arrow at the highest value of a line that goes on; scale: what values are divided by, and the unit that
    results; empty: words where there is nothing to draw.
    """
    end = top / scale.divisor if top is not None and top > 0.0 else math.inf
    found = [one for curve in curves if len((one := _parade(curve, scale, end)).ranked)]
    if not found:
        return nothing("parade", title, scale.unit, empty)
    marked = [(value / scale.divisor, name) for value, name in marks if abs(value / scale.divisor) <= min(end, LARGEST)]
    form, head = form_of(numbers_in(*(one.ranked for one in found)), scale), heading(title, scale.unit)
    key = in_rows([Entry(one.name, one.colour, "line") for one in found], head.bottom)
    up, places = _upwards(found, [value for value, _ in marked], end, key.bottom + 8)
    highest = np.array([one.ranked[-1] for one in found])
    margin = OFF + max(width_of(CUT + label, bold=True) for label in form.longest(highest))
    across = Axis(0.0, 1.0, label_room(places), WIDTH - EDGE - margin)
    below = paragraph(x_title, up.start + 20, left=across.start)
    parts = [head.svg, key.svg, value_grid(up, places, across.start, across.stop), percent_grid(across, up.start)]
    parts.append(lines(*zip(*((across.at(one.x), up.at(one.y), one.colour) for one in found), strict=True)))
    parts += [_marks(marked, found, across, up, form), _ends(found, across, up, form, end)]
    parts += [_told(found, across, up, form), below.svg]
    return picture("parade", parts, below.bottom + 2, told=_parade_summary(found, title, form))


def _parade(curve: Curve, scale: Scale, end: float) -> Parade:
    """The line of a curve up to where the plot ends."""
    ranked = np.sort(numbers_in(finite(curve.values, scale.divisor)))
    if len(ranked) <= STEPS:
        x, y = np.repeat(np.linspace(0.0, 1.0, len(ranked) + 1), 2)[1:-1], np.repeat(ranked, 2)
    else:
        x = np.linspace(0.0, 1.0, min(len(ranked), MOST))
        y = np.quantile(ranked, x)
    return Parade(curve.name, curve.colour, ranked, *cut(x, y, end))


def cut(x: Array, y: Array, end: float) -> tuple[Array, Array]:
    """The part of a rising line up to the height of an end, and the point where it gets there."""
    if not len(y) or y[-1] <= end:
        return x, y
    first = int(np.argmax(y > end))
    before = max(first - 1, 0)
    way = (end - y[before]) / (y[first] - y[before]) if first else 0.0
    return np.append(x[:first], x[before] + way * (x[first] - x[before])), np.append(y[:first], end)


def _upwards(found: Sequence[Parade], marked: Sequence[float], end: float, top: float) -> tuple[Axis, list[float]]:
    """The axis of values from zero or below, and its ticks; a cut plot ends where it is cut."""
    places = ticks(*span_of(numbers_in(*(one.y for one in found), np.array(marked, dtype=float)), zero=True))
    if any(one.ranked[-1] > end for one in found):
        return Axis(places[0], end, top + HEIGHT, top), [place for place in places if place <= end]
    return Axis(places[0], places[-1], top + HEIGHT, top), places


def _marks(marks: Sequence[tuple[float, str]], found: Sequence[Parade], across: Axis, up: Axis, form: Form) -> str:
    """Dashed lines, above each its name and value: of the first ones where there is no room for all.

    They stand on the right where most are above the line, on the left where most are below: there the plot is empty.
    """
    drawing = [
        tag("line", x1=across.start, x2=across.stop, y1=y, y2=y, stroke=QUIET, stroke_dasharray="4 3")
        for y in (up.at(value) for value, _ in marks)
    ]
    named = marks[: _room(up)]
    wanted = up.at(np.array([value for value, _ in named], dtype=float)) - SMALL * 0.5
    places = spread(wanted, APART, up.stop + SMALL / 2, up.start - SMALL / 2).tolist()
    for (value, name), y in zip(named, places, strict=True):
        words = fitted(f"{name} {form.label(value)}", across.stop - across.start - 8)
        above = float(np.mean([np.mean(one.ranked > value) for one in found])) > HALF
        x, anchor = (across.stop - 4, "end") if above else (across.start + 4, None)
        drawing.append(text(x, y + SMALL * 0.2, words, anchor=anchor, fill=QUIET, halo=True))
    return "".join(drawing)


def _ends(found: Sequence[Parade], across: Axis, up: Axis, form: Form, end: float) -> str:
    """The highest value of each line at its end: of the first ones where there is no room for all."""
    shown = found[: _room(up)]
    wanted = up.at(np.array([one.y[-1] for one in shown]))
    places = spread(wanted, APART, up.stop + SMALL / 2, up.start - SMALL / 2).tolist()
    return "".join(
        text(
            across.stop + OFF,
            y + SMALL * 0.35,
            (CUT if one.ranked[-1] > end else "") + form.label(float(one.ranked[-1])),
            fill=readable(one.colour),
            bold=True,
        )
        for one, y in zip(shown, places, strict=True)
    )


def _room(up: Axis) -> int:
    """How many labels have room above each other."""
    return int((up.start - up.stop - SMALL) / APART) + 1


def _told(found: Sequence[Parade], across: Axis, up: Axis, form: Form) -> str:
    """What is told along the parade: who stands there."""
    rows = [one.ranked[np.minimum((TOLD * len(one.ranked)).astype(int), len(one.ranked) - 1)] for one in found]
    texts = [
        [
            f"{share:.1%}",
            *(f"{one.name}: {form.words(float(row[place]))}" for one, row in zip(found, rows, strict=True)),
        ]
        for place, share in enumerate(TOLD)
    ]
    return columns(across.at(TOLD), up.stop, up.start, (across.start, across.stop), texts)


def _parade_summary(found: Sequence[Parade], title: str, form: Form) -> str:
    """The title, and of each world the lowest, the middle and the highest value."""
    ends = [(one.ranked[0], np.median(one.ranked), one.ranked[-1]) for one in found]
    values = [f"{form.figure(low)} – {form.figure(middle)} – {form.words(high)}" for low, middle, high in ends]
    return summary(title, "", [(one.name, value) for one, value in zip(found, values, strict=True)])
