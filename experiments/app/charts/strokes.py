"""Lines and bands through points, broken where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.app.charts.svg import num, tag

if TYPE_CHECKING:
    from agents.table import Array

WIDTH_OF_LINE = 2.0
DASH = 7.0  # of a colour, where lines lie on each other
NEAR = 0.7  # lines that are nearer than this lie on each other


def lines(x: Sequence[Array], y: Sequence[Array], colours: Sequence[str]) -> str:
    """All lines; where some lie on each other their colours take turns. x, y: of each line, shape (points,)."""
    found = [line(*one) for one in zip(x, y, colours, strict=True)]
    for place, (mine, height) in enumerate(zip(x, y, strict=True)):
        hidden = np.zeros(len(mine), dtype=bool)
        for other, over in zip(x[place + 1 :], y[place + 1 :], strict=True):
            there = over if other is mine else np.interp(mine, other, over)
            hidden |= np.abs(there - height) < NEAR
        if hidden.any():
            turns = f"{num(DASH)} {num(DASH * (len(x) - 1))}"
            shared = np.where(hidden, height, np.nan)
            found.append(line(mine, shared, colours[place], dashes=turns, offset=-DASH * place))
    return "".join(found)


def line(
    x: Array,
    y: Array,
    colour: str,
    *,
    width: float = WIDTH_OF_LINE,
    dashes: str | None = None,
    offset: float | None = None,
) -> str:
    """A line through points, shape (points,); a point between two gaps is a dot. dashes, offset: as SVG has them."""
    parts = [_points(x[first:end], y[first:end]) for first, end in runs(np.isfinite(y))]
    if not parts:
        return ""
    return tag(
        "path",
        d="".join(f"M{part if ' L' in part else part + 'h0'}" for part in parts),
        fill="none",
        stroke=colour,
        stroke_width=width,
        stroke_linejoin="round",
        stroke_linecap="butt" if dashes else "round",
        stroke_dasharray=dashes,
        stroke_dashoffset=offset,
    )


def band(x: Array, low: Array, high: Array, colour: str) -> str:
    """The area between two lines, lighter than the colour; nothing where either is missing."""
    parts = []
    for first, end in runs(np.isfinite(low) & np.isfinite(high)):
        there = np.concatenate([x[first:end], x[first:end][::-1]])
        parts.append(f"M{_points(there, np.concatenate([high[first:end], low[first:end][::-1]]))}Z")
    return tag("path", d="".join(parts), fill=colour, fill_opacity=0.16) if parts else ""


def runs(there: Array) -> list[tuple[int, int]]:
    """Where values follow each other without a gap: first, and one behind the last. there: bool, shape (points,)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _points(x: Array, y: Array) -> str:
    """Points as a path lists them."""
    return " L".join(f"{num(a)} {num(b)}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
