"""Grouped bars that lie, a row a series, each with its value at its end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from experiments.app.charts.axes import Axis, span_of
from experiments.app.charts.curve import PERCENT, Curve, Drawn, Form, drawn, form_of, numbers_in, summary
from experiments.app.charts.legend import Entry, in_rows
from experiments.app.charts.palette import AXIS, INK, QUIET
from experiments.app.charts.svg import (
    EDGE,
    LINE,
    SMALL,
    WIDTH,
    heading,
    nothing,
    picture,
    tag,
    text,
    tooltip,
    width_of,
    wrapped,
)
from experiments.units import Scale

NAMES = 132.0  # the most that the names of groups take
PITCH = 12.0  # from one bar to the next
THICK = 9.5  # a bar
APART = 8.0  # groups
OFF = 4.0  # from the end of a bar to its value


class Group(NamedTuple):
    """A group of bars. name: in full; lines: as it is written; top, height: of its rows in the chart."""

    name: str
    lines: Sequence[str]
    top: float
    height: float


def bars(
    groups: Sequence[str],
    series: Sequence[Curve],
    *,
    title: str,
    scale: Scale,
    share: bool = False,
    empty: str = "",
) -> str:
    """A group of bars a category, a bar a series.

    groups: names; series: values of shape (groups,), NaN where there is none; scale: what values are divided by, and
    the unit that results; share: values are shares and shown in percent instead; empty: words where there is nothing.
    """
    scale = PERCENT if share else scale
    found = drawn(series, scale, len(groups))
    numbers = numbers_in(*(one.values for one in found))
    if not len(numbers):
        return nothing("bars", title, scale.unit, empty)
    form = form_of(numbers, scale)
    head = heading(title, "" if share else scale.unit)
    key = in_rows([Entry(one.name, one.colour, "block") for one in found], head.bottom)
    rows = _groups(groups, len(found), key.bottom + 6)
    left = EDGE + max(width_of(line) for row in rows for line in row.lines or [""]) + 8
    before, after = (max(map(width_of, form.longest(one))) + OFF for one in (np.minimum(numbers, 0.0), numbers))
    low, high = span_of(numbers, zero=True)
    across = Axis(low, high, left + (before if low < 0.0 else 0.0), WIDTH - EDGE - after)
    parts = [head.svg, key.svg, *(_group(row, place, found, across, form) for place, row in enumerate(rows))]
    bottom = rows[-1].top + rows[-1].height
    zero = tag("line", x1=across.at(0.0), x2=across.at(0.0), y1=key.bottom + 4, y2=bottom + 2, stroke=AXIS)
    return picture("bars", [*parts, zero], bottom + 6, told=_summary(groups, found, title, form))


def _groups(names: Sequence[str], bars: int, top: float) -> list[Group]:
    """Where the bars of each group lie: as high as its bars and as its name, which has up to two lines."""
    found = []
    for name in names:
        lines = wrapped(name, NAMES, most=2)
        height = max(bars * PITCH, len(lines) * LINE)
        found.append(Group(name, lines, top, height))
        top += height + APART
    return found


def _group(row: Group, place: int, found: Sequence[Drawn], across: Axis, form: Form) -> str:
    """The name of a group and its bars. place: of the group among all."""
    middle, left = row.top + row.height / 2, EDGE
    first = middle - (len(row.lines) - 1) * LINE / 2 + SMALL * 0.35
    parts = [text(left, first + LINE * line, words) for line, words in enumerate(row.lines)]
    top = middle - len(found) * PITCH / 2
    for number, one in enumerate(found):
        y, value = top + PITCH * number + (PITCH - THICK) / 2, float(one.values[place])
        parts.append(_bar(y, value, across, form, one.colour, f"{row.name}, {one.name}: {form.words(value)}"))
    return tag("g", tooltip(row.name), *parts)


def _bar(y: float, value: float, across: Axis, form: Form, colour: str, words: str) -> str:
    """A bar from zero and its value behind its end; only a dash where there is no value."""
    there = math.isfinite(value)
    zero, end = across.at(0.0), across.at(value if there else 0.0)
    x, anchor = (end - OFF, "end") if value < 0.0 else (end + OFF, None)
    label = text(x, y + THICK / 2 + SMALL * 0.35, form.label(value), anchor=anchor, fill=INK if there else QUIET)
    if not there:
        return label
    return tag("rect", tooltip(words), x=min(zero, end), y=y, width=abs(end - zero), height=THICK, fill=colour) + label


def _summary(groups: Sequence[str], found: Sequence[Drawn], title: str, form: Form) -> str:
    """The title, and all values."""
    values = [
        (f"{group}: {one.name}", form.words(float(one.values[place])))
        for place, group in enumerate(groups)
        for one in found
    ]
    return summary(title, "", values)
