"""What never changes in the picture: counties as soft areas, and names; made once for a case and a language.

The texts have gaps {c0}, {t5} for what is told of county 0 and town 5 in the year.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import NamedTuple

import numpy as np
from scipy.spatial import ConvexHull

from agents.table import Array
from experiments.app.graph.land import Land
from experiments.app.graph.lines import short
from experiments.words import name_of, say

ROUND = 1.0 / 6.0  # of Catmull and Rom's curve through the corners of an area


class Backdrop(NamedTuple):
    """Areas lie under everything, names above it."""

    areas: str
    names: str


@lru_cache(maxsize=8)
def backdrop(land: Land, lang: str) -> Backdrop:
    """The backdrop of a land in a language."""
    return Backdrop(_areas(land, lang), _town_names(land, lang))


def _areas(land: Land, lang: str) -> str:
    """Counties with their treasuries, and the ties of the host's villages to their towns."""
    found = []
    for row, county in enumerate(land.case.counties):
        x, y = land.centres[row].tolist()
        size = int(land.sizes[row])
        points = land.area(row)
        shape = (
            f'<path class="a e" d="{_outline(points)}"/><path class="a" d="{_outline(points)}"/>'
            if len(points)
            else (f'<circle class="a" cx="{x}" cy="{y}" r="{size}"/>')
        )
        top = int(land.places.treasuries[row, 1])
        treasury = f'<path class="td" d="{diamond(x, top)}"/>'
        name = f'<text class="c" x="{x}" y="{top - 35}">{_fixed(name_of(county, lang))}</text>'
        found.append(f'<g data-key="County-{row}"><title>{{c{row}}}</title>{shape}{treasury}{name}</g>')
    host = land.village_county == 0
    there = land.places.villages[host]
    ends = np.concatenate([there, land.places.towns[land.town[host]] - there], axis=1).tolist()
    ties = short("".join("M{} {}l{} {}".format(*one) for one in ends))
    return f'{"".join(found)}<path class="tie" d="{ties}"/>'


def _fixed(text: str) -> str:
    """A text that stays as it is when gaps are filled in, escaped."""
    return escape(text).replace("{", "{{").replace("}", "}}")


def diamond(x: int, y: int) -> str:
    """The path of a treasury's mark. x, y: its middle, units."""
    return f"M{x} {y - 25}l25 25-25 25-25-25z"


def _outline(points: Array) -> str:
    """A smooth closed curve round points, whole units."""
    corners = points[ConvexHull(points).vertices].astype(float)
    after, next_after, before = (np.roll(corners, -shift, axis=0) for shift in (1, 2, -1))
    out = corners + ROUND * (after - before)
    into = after - ROUND * (next_after - corners)
    curves = np.rint(np.concatenate([out, into, after], axis=1)).astype(int).tolist()
    start = "M{:.0f} {:.0f}".format(*corners[0])
    return start + "".join("C{} {} {} {} {} {}".format(*one) for one in curves) + "z"


def _town_names(land: Land, lang: str) -> str:
    """Towns as small triangles, those of the host with their names; the others are fainter. And the host's zone."""
    found = []
    for row, (town, (x, y)) in enumerate(zip(land.case.towns, land.places.towns.tolist(), strict=True)):
        host = land.county[row] == 0
        name = f'<text class="t" x="{x}" y="{y + 31}">{_fixed(name_of(town, lang))}</text>' if host else ""
        size = 12 if host else 8
        mark = f'<path class="tm" d="M{x} {y - size}l{size} {2 * size}h{-2 * size}z"/>'
        found.append(f'<g data-key="Town-{row}"><title>{{t{row}}}</title>{mark}{name}</g>')
    x, y = land.places.zones[0].tolist()
    return f'{"".join(found)}<text class="t z" x="{x - land.cleared(0) - 10}" y="{y}">{say("zone", lang)}</text>'
