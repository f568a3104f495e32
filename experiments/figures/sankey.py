"""The Sankey diagram of who pays: who gave what to whom, and what was earned and used up."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from experiments.figures.gains import about, compared_pairs, discounted_rows, sector_names
from experiments.figures.look import ENGLISH, Look, pair_label
from experiments.figures.theme import columns_for, distinct, heading, legend, panels
from experiments.frames import rows_of
from experiments.gains import CREATED, TRANSFER
from experiments.study import Study
from experiments.units import Scale, number
from experiments.words import sum_decimals

EARNED, USED_UP = "earned by production", "used up"  # gross; value created is the one less the other
EARNED_OR_USED = "earned or used up in production"
LEFT_OUT = 0.01  # of all that is drawn: thinner ribbons are left out
REST = "0.6"
PURPOSES = [shade for place, shade in enumerate(distinct(10)) if place != 7]  # 7 is grey
GAP, WIDTH = 0.06, 0.02  # between the bars, and their width, of the diagram's height and width
FILLED, PALE = 0.6, 0.12  # opacity of what is given, and of what is no longer received


class Ribbon(NamedTuple):
    """What one gives to another under a purpose, yuan. less: it no longer gets so much from the other one."""

    giver: str
    taker: str
    purpose: str
    less: bool
    amount: float


def sankey(study: Study, look: Look = ENGLISH) -> Figure | None:
    """Givers on the left, takers on the right, purposes as ribbons; what was earned comes in, what it used goes out.

    An outlined ribbon is a payment that shrank: who is paid less gives, who pays less receives.
    """
    drawn = {pair: _ribbons(study, pair, look) for pair in compared_pairs(study)}
    if not drawn:
        return None
    ribbons = pd.DataFrame([one for ribbons in drawn.values() for one in ribbons], columns=Ribbon._fields)
    sizes = ribbons.groupby("purpose", sort=False)["amount"].sum().sort_values(ascending=False, kind="stable")
    shades = dict(zip(sizes.index, PURPOSES, strict=False))
    others = dict.fromkeys(sizes.index[len(shades) :], REST)
    scale = look.sums(ribbons["amount"])
    figure, axes = panels(len(drawn), columns=columns_for(len(drawn)), width=9.0, height=4.8)
    for ax, (pair, mine) in zip(axes, drawn.items(), strict=True):
        _draw_sankey(ax, mine, {**shades, **others}, scale)
        label = pair_label(study, pair, look)
        ax.set_title(look.say("{pair}: {unit} given, and received", pair=label, unit=scale.unit))
    handles = [Patch(color=shade, alpha=FILLED, label=look.say(name)) for name, shade in shades.items()]
    handles += [Patch(color=REST, alpha=FILLED, label=look.say("other purposes"))] if others else []
    less = look.say("outlined: no longer received from the one on the right")
    handles.append(Patch(facecolor=to_rgba("0.4", PALE), edgecolor="0.4", label=less))
    legend(figure, handles, [str(one.get_label()) for one in handles])
    texts = ("{case}: who gave what to whom", "{span}, discounted, {seeds}; flows below {least} of all left out")
    heading(figure, look, *(look.say(text, **about(study, look), least=f"{LEFT_OUT:.0%}") for text in texts))
    return figure


def _ribbons(study: Study, pair: tuple[str, str], look: Look) -> list[Ribbon]:
    """All ribbons that are thick enough to be seen."""
    found = []
    rows = discounted_rows(study, pair, TRANSFER)
    givers, takers = (sector_names(study, rows, look, other) for other in ("", "other_"))
    for giver, taker, row in zip(givers, takers, rows_of(rows), strict=True):
        ends = (giver, taker) if row.difference > 0.0 else (taker, giver)
        found.append(Ribbon(*ends, row.item, row.difference < 0.0, abs(row.difference)))
    rows = discounted_rows(study, pair, CREATED)
    created = pd.Series(rows["difference"].to_numpy(), index=sector_names(study, rows, look))
    for name, amount in created.groupby(level=0).sum().items():
        ends = (look.say(EARNED), str(name)) if amount > 0.0 else (str(name), look.say(USED_UP))
        found.append(Ribbon(*ends, EARNED_OR_USED, False, abs(amount)))
    total = sum(one.amount for one in found)
    return [one for one in found if one.amount >= LEFT_OUT * total]


def _draw_sankey(ax: Any, ribbons: list[Ribbon], shades: dict[str, Any], scale: Scale) -> None:
    """One diagram: bars of givers and takers, and a band for each ribbon."""
    sides: list[dict[str, float]] = [{}, {}]
    for one in ribbons:
        for side, name in zip(sides, (one.giver, one.taker), strict=True):
            side[name] = side.get(name, 0.0) + one.amount
    total = sum(one.amount for one in ribbons)
    tops = [_bars(ax, side, total, x, scale) for x, side in enumerate(sides)]
    places = [list(top) for top in tops]
    at = [dict(top) for top in tops]
    starts: dict[Ribbon, float] = {}
    for one in sorted(ribbons, key=lambda one: places[1].index(one.taker)):  # leave in the order in which they arrive
        starts[one] = at[0][one.giver]
        at[0][one.giver] -= one.amount / total
    for one in sorted(ribbons, key=lambda one: places[0].index(one.giver)):
        _band(ax, starts[one], at[1][one.taker], one, one.amount / total, shades[one.purpose])
        at[1][one.taker] -= one.amount / total
    rows = max(len(side) for side in sides)
    ax.set(xlim=(-0.62, 1.62), ylim=(-GAP * rows - 0.02, 1.03))
    ax.axis("off")


def _bars(ax: Any, side: dict[str, float], total: float, x: int, scale: Scale) -> dict[str, float]:
    """Draw the bars of one side, largest on top, with their labels; the upper end of each."""
    tops, top = {}, 1.0
    for name, amount in sorted(side.items(), key=lambda one: -one[1]):
        height = amount / total
        ax.add_patch(Rectangle((x - WIDTH * (1 - x), top - height), WIDTH, height, color="0.25", linewidth=0))
        away, way = (-0.03, "right") if x == 0 else (0.03, "left")
        label = f"{name}  {number(amount / scale.divisor, sum_decimals(scale))}"
        ax.text(x + away, top - height / 2.0, label, ha=way, va="center", fontsize=8.5)
        tops[name] = top
        top -= height + GAP
    return tops


def _band(ax: Any, left: float, right: float, ribbon: Ribbon, height: float, shade: Any) -> None:
    """A band of equal height from the left bar to the right one."""
    points = [(0.0, left), (0.5, left), (0.5, right), (1.0, right)]
    points += [(1.0, right - height), (0.5, right - height), (0.5, left - height), (0.0, left - height), (0.0, left)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    look = {"edgecolor": shade, "linewidth": 1.0} if ribbon.less else {"edgecolor": "none", "linewidth": 0.0}
    face = to_rgba(shade, PALE if ribbon.less else FILLED)
    ax.add_patch(PathPatch(Path(points, codes), facecolor=face, **look))
