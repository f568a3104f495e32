"""Stakes as lines, bundled by the holders' towns; those into another county by the side of theirs that faces it."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from agents.table import Array
from experiments.app.graph.colours import width_classes
from experiments.app.graph.families import mechanism_colour
from experiments.app.graph.land import Land
from experiments.app.graph.scene import Scene
from model.partnerships import VILLAGE

OUT, IN, PULL = 0.7, 0.62, 0.22  # of the way: from a village to its town, from a project to there, and over to it
GATE = 1.12  # radii of a county from its middle to where lines leave it


def stake_lines(scene: Scene) -> str:
    """All stakes: one path of curves for each colour, width and brightness, narrow ones above."""
    stakes = scene.frame.stakes
    if not len(stakes.kind):
        return ""
    curves = _curves(scene).tolist()
    number = scene.column("mechanism")[stakes.project].tolist()
    lit = scene.focus.stakes.tolist() if scene.focus else [False] * len(curves)
    groups = defaultdict[tuple[bool, int, str], list[str]](list)
    colours = [mechanism_colour(one) for one in scene.mechanisms]
    for one, which, width, on in zip(curves, number, width_classes(stakes.capital).tolist(), lit, strict=True):
        groups[on, -width, colours[which]].append("M{} {}c{} {} {} {} {} {}".format(*one))
    return "".join(
        f'<path class="l w{-width}{" on" if on else ""}" stroke="{colour}" d="{short("".join(paths))}"/>'
        for (on, width, colour), paths in sorted(groups.items())
    )


def _curves(scene: Scene) -> Array:
    """Start, and from there two controls and the end of each stake's curve, whole units, shape (stakes, 8)."""
    land, stakes = scene.land, scene.frame.stakes
    place = np.zeros((len(scene.capital), 2))
    place[scene.pools] = scene.spots
    start, end = land.holders(stakes.kind, stakes.holder).astype(float), place[stakes.project]
    through = start.copy()  # what lines of neighbours have in common: their town
    ours = stakes.kind == VILLAGE
    through[ours] = land.places.towns[land.town[stakes.holder[ours]]]
    home, there = np.zeros(len(ours), dtype=int), scene.column("county")[stakes.project]
    home[ours] = land.village_county[stakes.holder[ours]]
    abroad = ours & (home != there)
    through[abroad] = _gates(land, home[abroad], there[abroad])
    far, over = np.where(abroad, 1.0, OUT)[:, None], np.where(abroad, 0.0, PULL)[:, None]
    out = start + far * (through - start) + over * (end - through)
    into = end + IN * (through - end)
    curves: Array = np.rint(np.concatenate([start, out - start, into - start, end - start], axis=1)).astype(int)
    return curves


def _gates(land: Land, home: Array, there: Array) -> Array:
    """Where lines from one county to another leave it, units. home, there: rows of counties. Shape (lines, 2)."""
    way = (land.centres[there] - land.centres[home]).astype(float)
    gates: Array = land.centres[home] + GATE * land.sizes[home][:, None] * way / np.hypot(*way.T)[:, None]
    return gates


def short(path: str) -> str:
    """The same path in fewer letters: a minus parts two numbers as well as a blank."""
    return path.replace(" -", "-")
