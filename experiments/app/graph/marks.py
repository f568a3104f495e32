"""Villages, pooled projects and other holders as marks, each with its key and what is told of it."""

from __future__ import annotations

from html import escape

import numpy as np

from agents.table import Array
from experiments.app.graph.backdrop import diamond
from experiments.app.graph.colours import income_classes
from experiments.app.graph.families import mechanism_colour
from experiments.app.graph.scene import HOUSEHOLDS, Scene
from experiments.app.graph.titles import holder_title, own_arrivals, own_floor, project_title, village_titles
from experiments.words import agents
from model.partnerships import COUNTY, HOUSEHOLD, OUTSIDE, VILLAGE

SIDES, SIDE = (25.0, 95.0), 61.0  # units: smallest and largest square, and that of 100 million yuan
HOME_FLOORS = (300.0, 1000.0, 3000.0, 9000.0)  # m2 between classes of a village's own floor
SMALL = 15  # radius of a village up to which its outline is thin
HALO = 15  # units round a mark into which firms have moved


def side_of(capital: Array) -> Array:
    """Side of the square of a project, units: as the root of capital. capital: yuan. Same shape."""
    return np.clip(SIDE * np.sqrt(capital / 1e8), *SIDES)


def village_marks(scene: Scene, limits: tuple[float, float]) -> str:
    """A circle a village, in the colour of its income.

    It is on a square where the village has built, and outlined where it holds stakes. limits: of the scale of incomes,
    yuan/year.
    """
    land, stakes = scene.land, scene.frame.stakes
    holds = np.zeros(len(land.town), dtype=bool)
    holds[stakes.holder[stakes.kind == VILLAGE]] = True
    floor, came = own_floor(scene), own_arrivals(scene).astype(int)
    plinth = np.where(floor > 0.0, 1 + np.searchsorted(HOME_FLOORS, floor, side="right"), 0)
    classes = income_classes(scene.frame.column("Village", "recurrent_income"), limits)
    lit = scene.focus.villages if scene.focus else np.zeros(len(holds), dtype=bool)
    columns = (land.places.villages[:, 0], land.places.villages[:, 1], land.dots, classes, holds, plinth, came, lit)
    texts = village_titles(scene)
    marks = "".join(
        _village(row, text, *values)
        for row, (text, values) in enumerate(
            zip(texts, zip(*(one.tolist() for one in columns), strict=True), strict=True)
        )
    )
    return f'<g class="ms">{marks}</g>'


def _village(
    row: int, text: str, x: int, y: int, dot: int, shade: int, holds: bool, plinth: int, came: int, lit: bool
) -> str:
    """A village. plinth: class of its own floor, 0 for none; came: firms that moved in."""
    under = f'<circle class="halo" cx="{x}" cy="{y}" r="{dot + HALO}"/>' if came else ""
    if plinth:
        half = round(dot * (0.85 + 0.22 * plinth))
        under += f'<rect class="own" x="{x - half}" y="{y - half}" width="{2 * half}" height="{2 * half}"/>'
    look = f"i{shade}{(' h' if dot > SMALL else ' hs') if holds else ''}"
    if not under:
        on = " on" if lit else ""
        at = f'cx="{x}" cy="{y}" r="{dot}"'
        return f'<circle class="{look}{on}" data-key="Village-{row}" {at}><title>{text}</title></circle>'
    mark = f'{under}<circle class="{look}" cx="{x}" cy="{y}" r="{dot}"/>'
    if came > 1 and dot > SMALL:
        mark += _badge(x + dot, y - dot, came, 16)
    return f'<g data-key="Village-{row}"{_on(lit)}><title>{text}</title>{mark}</g>'


def _on(lit: bool) -> str:
    """The class of what is picked out."""
    return ' class="on"' if lit else ""


def pool_marks(scene: Scene) -> str:
    """A square a pooled project, the largest first, so that none hides another."""
    sides = np.rint(side_of(scene.capital[scene.pools])).astype(int)
    order = np.argsort(-sides, kind="stable")
    columns = (scene.pools, scene.spots[:, 0], scene.spots[:, 1], sides)
    ordered = list(zip(*(one[order].tolist() for one in columns), strict=True))
    squares = "".join(_pool(scene, row, x, y, side) for row, x, y, side in ordered)
    badges = "".join(_pool_badge(scene, row, x, y, side) for row, x, y, side in ordered)
    return f'<g class="ms">{squares}{badges}</g>'


def _pool(scene: Scene, row: int, x: int, y: int, side: int) -> str:
    """A project: filled from below as far as it is let, dashed while being built, red where a promise was not kept."""
    floor, let = float(scene.column("floor")[row]), float(scene.column("let")[row])
    own = bool(scene.column("business")[row])
    share = 1.0 if own else min(let / floor, 1.0) if floor > 0.0 else 0.0
    left, top, full = x - side // 2, y - side // 2, round(share * side)
    look = "p" if own or floor > 0.0 else "p site"
    rounded = f' rx="{side // 3}"' if own else ""
    colour, lit = mechanism_colour(scene.mechanism(row)), bool(scene.focus and scene.focus.projects[row])
    box = f'x="{left}" y="{top}" width="{side}" height="{side}"{rounded}'
    parts = [f'<rect class="{look}" {box} stroke="{colour}"/>']
    parts.append(f'<rect x="{left}" y="{top + side - full}" width="{side}" height="{full}"{rounded} fill="{colour}"/>')
    if scene.column("unpaid")[row] > 0.0:
        parts.append(f'<rect class="owed" {box}/>')
    if scene.column("failed")[row]:
        parts.append(f'<path class="failed" d="M{left} {top}l{side} {side}m0 {-side}l{-side} {side}"/>')
    title = project_title(scene, row)
    return f'<g data-key="Project-{row}"{_on(lit)}><title>{title}</title>{"".join(parts)}</g>'


def _pool_badge(scene: Scene, row: int, x: int, y: int, side: int) -> str:
    """How many firms moved into a project, at the corner of its square."""
    came, half = int(scene.came[row]), side // 2
    lit = bool(scene.focus and scene.focus.projects[row])
    return f"<g{_on(lit)}>{_badge(x + half, y - half, came, 21)}</g>" if came else ""


def _badge(x: int, y: int, firms: int, radius: int) -> str:
    """How many firms moved in, as a yellow disc at the corner of a mark."""
    wide = radius + 10 * (len(str(firms)) - 1)
    disc = f'<rect class="b" x="{x - wide}" y="{y - radius}" width="{2 * wide}" height="{2 * radius}" rx="{radius}"/>'
    return f'{disc}<text class="n{" s" if radius < 20 else ""}" x="{x}" y="{y + radius // 2 + 1}">+{firms}</text>'


def zone_marks(scene: Scene) -> tuple[str, str]:
    """Other owners' floor in the zones of counties: the ground under the pools, and firms that moved in, above."""
    old = np.flatnonzero((scene.column("village") < 0) & (scene.column("mechanism") < 0))
    grounds, badges = [], []
    for row, county in zip(old.tolist(), scene.column("county")[old].tolist(), strict=True):
        x, y = scene.land.places.zones[county].tolist()
        radius, came = scene.land.cleared(county), int(scene.came[row])
        circle = f'<circle class="zone" data-key="Project-{row}" cx="{x}" cy="{y}" r="{radius}">'
        grounds.append(f"{circle}<title>{project_title(scene, row)}</title></circle>")
        badges.append(_badge(x, y + radius, came, 21) if came else "")
    return "".join(grounds), f'<g class="zb">{"".join(badges)}</g>'


def holder_marks(scene: Scene) -> str:
    """Who else holds stakes: treasuries as diamonds, households of a county as a house, investors outside as a disc."""
    stakes, places = scene.frame.stakes, scene.land.places
    found = []
    for kind, row in sorted(set(zip(stakes.kind.tolist(), stakes.holder.tolist(), strict=True))):
        if kind == COUNTY:
            x, y = places.treasuries[row].tolist()
            found.append(f'<path class="o" d="{diamond(x, y)}"/>')
        elif kind == HOUSEHOLD:
            x, y = places.households[row].tolist()
            shape = f'<path d="M{x - 22} {y + 21}v-25l22-22 22 22v25z"/>'
            found.append(_holder(scene, kind, row, HOUSEHOLDS, shape + _below(x, y, agents("Household", scene.lang))))
        elif kind == OUTSIDE:
            x, y = places.outside[row].tolist()
            shape = f'<circle cx="{x}" cy="{y}" r="21"/>'
            found.append(_holder(scene, kind, row, "Outside", shape + _below(x, y, agents("Outside", scene.lang))))
    return "".join(found)


def _holder(scene: Scene, kind: int, row: int, key: str, shape: str) -> str:
    return f'<g class="o" data-key="{key}-{row}"><title>{holder_title(scene, kind, row)}</title>{shape}</g>'


def _below(x: int, y: int, text: str) -> str:
    """A name under a mark."""
    return f'<text class="t" x="{x}" y="{y + 60}">{escape(text)}</text>'
