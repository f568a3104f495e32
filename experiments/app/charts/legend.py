"""Legends: what the colours of a chart stand for, in rows or, with values, in columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from experiments.app.charts.palette import GROUND
from experiments.app.charts.svg import EDGE, LINE, SMALL, WIDTH, Block, fitted, tag, text, tooltip, width_of, wrapped

MARK = 14.0  # what a mark takes at most
GAP = 4.0  # between a mark and its name
APART = 14.0  # from one entry to the next


class Entry(NamedTuple):
    """A name and its colour. mark: line, block or dots; value: at the cursor, in words."""

    name: str
    colour: str
    mark: str
    value: str = ""


def mark_of(entry: Entry, x: float, baseline: float) -> str:
    """What the chart draws in that colour, in small."""
    y = baseline - SMALL * 0.35
    if entry.mark == "block":
        return tag("rect", x=x, y=y - 5, width=10.0, height=10.0, rx=1.5, fill=entry.colour)
    line = tag("line", x1=x, x2=x + MARK, y1=y, y2=y, stroke=entry.colour, stroke_width=2.4)
    if entry.mark == "line":
        return line
    return line + tag("circle", cx=x + MARK / 2, cy=y, r=2.8, fill=entry.colour, stroke=GROUND)


def in_rows(entries: Sequence[Entry], top: float) -> Block:
    """Entries one after the other, on the next row where a row is full; names that fill more than a row are cut."""
    x, baseline, found = EDGE, top + LINE - 3, []
    for entry in entries:
        name = fitted(entry.name, WIDTH - 2 * EDGE - MARK - GAP)
        width = MARK + GAP + width_of(name)
        if x > EDGE and x + width > WIDTH - EDGE:
            x, baseline = EDGE, baseline + LINE
        found.append(_entry(entry, [name], x, baseline))
        x += width + APART
    return Block("".join(found), baseline + 3 if found else top)


def in_columns(entries: Sequence[Entry], top: float, *, widest: float) -> Block:
    """Entries with their values in up to three columns of the same width. widest: of all values, now and later."""
    room = WIDTH - 2 * EDGE
    need = MARK + GAP + max((width_of(entry.name) for entry in entries), default=0.0) + GAP + widest
    many = max(min(int((room + APART) / (need + APART)), 3, len(entries)), 1)
    rows, width = math.ceil(len(entries) / many), (room + APART) / many - APART
    found = []
    for place, entry in enumerate(entries):
        x = EDGE + place // rows * (width + APART)
        baseline = top + LINE * (place % rows + 1) - 3
        found.append(_entry(entry, [fitted(entry.name, width - MARK - 2 * GAP - widest)], x, baseline))
        found.append(text(x + width, baseline, entry.value, anchor="end"))
    return Block("".join(found), top + LINE * rows)


def beside(entries: Sequence[Entry], left: float, top: float) -> Block:
    """Entries below each other in what is free on the right, their names in up to three lines."""
    baseline, found = top + SMALL, []
    for entry in entries:
        lines = wrapped(entry.name, WIDTH - EDGE - left - MARK - GAP, most=3 if len(entries) <= 4 else 1)
        found.append(_entry(entry, lines, left, baseline))
        baseline += LINE * max(len(lines), 1) + 3
    return Block("".join(found), baseline - SMALL)


def _entry(entry: Entry, lines: Sequence[str], x: float, baseline: float) -> str:
    """A mark and the lines of its name; the whole name is told when the pointer rests on it."""
    names = (text(x + MARK + GAP, baseline + LINE * row, line) for row, line in enumerate(lines))
    return tag("g", tooltip(entry.name), mark_of(entry, x, baseline), *names)
