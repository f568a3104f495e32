"""Axes: from values to places, ticks at round numbers, the years below a chart and the cursor in one of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from experiments.app.charts.curve import is_short
from experiments.app.charts.palette import AXIS, CURSOR, GRID, INK, QUIET
from experiments.app.charts.svg import EDGE, SMALL, WIDTH, rect, tag, text, tooltip, width_of
from experiments.units import number

if TYPE_CHECKING:
    from agents.table import Array

Number = TypeVar("Number", float, "Array")
FACTORS = (1.0, 2.0, 2.5, 5.0, 10.0)
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
YEAR_ROOM, CURSOR_ROOM = 44.0, 30.0  # from the middle of one year's label to the next one's, and to the cursor's
NEAR_ZERO = 0.6  # the least value relative to the largest up to which an axis starts at zero
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
FLAT = 1e-9  # relative: values that differ by less are one


@dataclass(frozen=True)
class Axis:
    """Where values stand: low at start and high at stop, in units of the chart."""

    low: float
    high: float
    start: float
    stop: float

    def at(self, value: Number) -> Number:
        """The place of a value, or of each of an array of them."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.stop - self.start)


def span_of(values: Array, *, zero: bool = False) -> tuple[float, float]:
    """The lowest and the highest value that an axis shows. values: finite; zero: whether zero is shown in any case.

    Zero is also shown where it is near, and where all values are the same.
    """
    low, high = float(values.min()), float(values.max())
    near = 0.0 <= low <= NEAR_ZERO * high or NEAR_ZERO * low <= high <= 0.0
    if zero or near or high - low <= FLAT * max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0)
    return (low, high) if high > low else (0.0, 1.0)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers at equal steps, at most so many steps within the span; the outer ones enclose it."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * factor for factor in FACTORS if (high - low) / (power * factor) <= most * (1 + FLAT))
    first, last = math.floor(low / step + FLAT), math.ceil(high / step - FLAT)
    return [place * step for place in range(first, max(last, first + 1) + 1)]


def tick_labels(places: Sequence[float]) -> list[str]:
    """The numbers beside ticks, with as many decimals as their step needs."""
    step = places[1] - places[0]
    if is_short(max(map(abs, places))):
        return [f"{place:.3g}" for place in places]
    decimals = max(-math.floor(math.log10(step) + FLAT), 0)
    if abs(round(step, decimals) - step) > FLAT * step:
        decimals += 1
    return [number(place, decimals) for place in places]


def label_room(places: Sequence[float]) -> float:
    """What the numbers beside ticks take on the left."""
    return EDGE + max(map(width_of, tick_labels(places))) + 6


def value_grid(axis: Axis, places: Sequence[float], left: float, right: float) -> str:
    """Thin lines across at ticks, their numbers on the left, and the zero line where zero is in between."""
    found = []
    for place, label in zip(places, tick_labels(places), strict=True):
        y, zero = axis.at(place), place == 0.0
        found.append(tag("line", x1=left, x2=right, y1=y, y2=y, stroke=AXIS if zero else GRID))
        found.append(text(left - 6, y + SMALL * 0.35, label, anchor="end", fill=QUIET))
    return "".join(found)


def year_grid(axis: Axis, first: int, last: int, year: int, bottom: float) -> str:
    """Round years below a chart, without those that the cursor's year, in bold, would touch."""
    most = max(abs(axis.stop - axis.start) / YEAR_ROOM, 1.0)
    step = next((step for step in YEAR_STEPS if (last - first) / step <= most), YEAR_STEPS[-1])
    there = first <= year <= last
    here = _inside(axis.at(float(year)))
    found = []
    for one in range(first + -first % step, last + 1, step):
        x = axis.at(float(one))
        found.append(tag("line", x1=x, x2=x, y1=bottom, y2=bottom + 3, stroke=AXIS))
        if not there or abs(_inside(x) - here) >= CURSOR_ROOM:
            found.append(text(_inside(x), bottom + 14, str(one), anchor="middle", fill=QUIET))
    if there:
        found.append(text(here, bottom + 14, str(year), anchor="middle", fill=INK, bold=True))
    return "".join(found)


def _inside(x: float) -> float:
    """The middle of a year's label, so that it doesn't leave the chart."""
    half = width_of("0000", bold=True) / 2 + 1
    return min(max(x, half), WIDTH - half)


def percent_grid(axis: Axis, bottom: float) -> str:
    """Shares of all, in quarters, below a chart."""
    found = []
    for share in QUARTERS:
        x = axis.at(share)
        found.append(tag("line", x1=x, x2=x, y1=bottom, y2=bottom + 3, stroke=AXIS))
        found.append(text(x, bottom + 14, f"{share:.0%}", anchor="middle", fill=QUIET))
    return "".join(found)


def percent_rows(axis: Axis, left: float, right: float) -> str:
    """Thin lines across at quarters, their shares on the left."""
    found = []
    for share in QUARTERS:
        y = axis.at(share)
        found.append(tag("line", x1=left, x2=right, y1=y, y2=y, stroke=GRID if share else AXIS))
        found.append(text(left - 6, y + SMALL * 0.35, f"{share:.0%}", anchor="end", fill=QUIET))
    return "".join(found)


def cursor(x: float, top: float, bottom: float) -> str:
    """A thin upright line."""
    return tag("line", x1=x, x2=x, y1=top, y2=bottom, stroke=CURSOR, stroke_width=0.8)


def columns(places: Array, top: float, bottom: float, ends: tuple[float, float], texts: Sequence[Sequence[str]]) -> str:
    """Unseen columns that tell what stands at each place when the pointer rests there. places: rising; ends: in x."""
    edges = [ends[0], *((places[1:] + places[:-1]) / 2).tolist(), ends[1]]
    found = [
        rect(left, top, right - left, bottom - top, tooltip(*lines))
        for left, right, lines in zip(edges[:-1], edges[1:], texts, strict=True)
    ]
    return tag("g", *found, fill_opacity=0)


def spread(places: Array, gap: float, low: float, high: float) -> Array:
    """Places moved as little as it takes to lie a gap apart between low and high, in their order. Shape (labels,).

    Those that would overlap form a block around the middle of where they want to be. Raises ValueError when they
    have no room.
    """
    if (len(places) - 1) * gap > high - low:
        raise ValueError(f"{len(places)} labels {gap} apart have no room in {high - low}")
    order = np.argsort(places, kind="stable")
    blocks: list[list[float]] = []  # sum of where labels want to be, less their gaps; and how many
    for rank, place in enumerate(places[order].tolist()):
        blocks.append([place - rank * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, many = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + many]
    wanted = np.concatenate([np.zeros(0), *(np.full(int(many), total / many) for total, many in blocks)])
    moved = np.empty(len(places))
    moved[order] = np.clip(wanted, low, high - (len(places) - 1) * gap) + gap * np.arange(len(places))
    return moved
