"""Figures of who pays: from the value created to the gains (waterfall), and who gave what to whom (Sankey diagram)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from experiments.figures.theme import columns_for, pair_label, panels, seeds_of, thousands
from experiments.frames import rows_of
from experiments.gains import CREATED, DISCOUNTED, GAIN, TRANSFER, VALUE, sector_name
from experiments.study import Study
from experiments.units import MILLION, number
from model.accounts import APPRECIATION, CAPITAL_CHARGE, DEPRECIATION
from model.flows import COST, REASONS

EARNED, USED_UP = "earned by production", "used up"  # gross; value created is the one less the other
EARNED_OR_USED = "earned or used up in production"
CHARGES = (DEPRECIATION, CAPITAL_CHARGE)
MOST_ITEMS = 9
LEFT_OUT = 0.01  # of all that is drawn: thinner ribbons are left out
UP, DOWN, SUM, REST = "#0173b2", "#de8f05", "0.35", "0.6"
PURPOSES = [shade for place, shade in enumerate(sns.color_palette("colorblind", 10)) if place != 7]  # 7 is grey
GAP, WIDTH = 0.06, 0.02  # between the bars of a Sankey diagram, and their width, of its height and width


def _rows(study: Study, pair: tuple[str, str], table: str) -> pd.DataFrame:
    """The discounted sums of a table of one pair up to the year that is shown, largest first, in million yuan."""
    rows = study.who_pays
    chosen = (rows["baseline"] == pair[0]) & (rows["arm"] == pair[1]) & (rows["table"] == table)
    rows = rows[chosen & (rows["measure"] == DISCOUNTED) & (rows["year"] == study.plan.shown_years[0])]
    return rows.assign(amount=rows["difference"] / MILLION)


def _sectors(rows: pd.DataFrame, kind: str = "kind", county: str = "county") -> list[str]:
    return [sector_name(*pair) for pair in zip(rows[kind], rows[county], strict=True)]


def _span(study: Study) -> str:
    first, last = study.plan.case.first_year, study.plan.shown_years[0]
    return f"{first} to {last}, discounted, {seeds_of(study)}"


def _pairs(study: Study) -> list[tuple[str, str]]:
    """The pairs between which anything differs."""
    return [pair for pair in study.plan.main_pairs if len(study.who_pays) and len(_rows(study, pair, GAIN))]


def waterfall(study: Study) -> Figure | None:
    """Value created by item, its sum, and how the sectors' gains and losses add up to the same: a panel an arm."""
    pairs = _pairs(study)
    if not pairs:
        return None
    steps = [_steps(study, pair) for pair in pairs]
    most = max(len(items) + len(gains) for items, gains in steps)
    figure, axes = panels(len(pairs), columns=columns_for(len(pairs)), width=8.6, height=0.25 * (most + 4))
    for ax, pair, (items, gains) in zip(axes, pairs, steps, strict=True):
        _draw_steps(ax, items, gains)
        ax.set(title=pair_label(pair), xlabel="million yuan")
    figure.suptitle(f"{study.plan.case.title}: value created, and who gained\n{_span(study)}")
    return figure


def _steps(study: Study, pair: tuple[str, str]) -> tuple[pd.Series, pd.Series]:
    """Value created by item, the small ones together, and gains by sector; largest gains first."""
    items = _rows(study, pair, CREATED).groupby("item")["amount"].sum()
    items = items.loc[items.abs().sort_values(ascending=False, kind="stable").index]
    if len(items) > MOST_ITEMS:
        items = pd.concat([items.iloc[:MOST_ITEMS], pd.Series({"all other items": items.iloc[MOST_ITEMS:].sum()})])
    rows = _rows(study, pair, GAIN)
    gains = pd.Series(rows["amount"].to_numpy(), index=_sectors(rows)).sort_values(ascending=False, kind="stable")
    gains = gains[gains.abs() >= 0.001 * gains.abs().max()]
    return items.sort_values(ascending=False, kind="stable"), gains


def _worded(item: str, amount: float) -> str:
    """An item; less of a cost counts as created, less of a product as lost."""
    is_cost = item in CHARGES or (item in REASONS and REASONS[item].nature == COST)
    is_known = item in (*CHARGES, APPRECIATION) or item in REASONS
    return f"less {item}" if is_known and is_cost == (amount > 0.0) and amount else item


def _draw_steps(ax: Any, items: pd.Series, gains: pd.Series) -> None:
    """Bars that start where the one before ended: up to the sum of the items, and from there by gains down to zero."""
    total = float(items.sum())
    labels = [*(_worded(str(name), amount) for name, amount in items.items()), VALUE.upper()]
    labels += [f"gain: {name}" for name in gains.index]
    sizes = np.array([*items, total, *gains])
    starts = np.concatenate([np.cumsum([0.0, *items])[:-1], [0.0], total - np.cumsum([0.0, *gains])[:-1]])
    moves = np.array([*items, total, *-gains])
    shades = [UP if size >= 0.0 else DOWN for size in sizes]
    shades[len(items)] = SUM
    rows = np.arange(len(sizes))
    ax.barh(rows, moves, left=starts, height=0.7, color=shades)
    ends = starts + moves
    ax.vlines(ends[:-1], rows[:-1], rows[1:], color="0.5", linewidth=0.7)
    reach = max(np.maximum(starts, ends).max() - np.minimum(starts, ends).min(), 1e-9)
    for row, size in enumerate(sizes.tolist()):
        at = max(starts[row], ends[row]) + 0.01 * reach
        ax.text(at, row, number(size, 1, signed=True), va="center", fontsize=8)
    ax.set_xlim(min(0.0, np.minimum(starts, ends).min()) - 0.03 * reach, np.maximum(starts, ends).max() + 0.12 * reach)
    ax.axvline(0.0, color="0.3", linewidth=0.8)
    ax.set_yticks(rows, labels)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    thousands(ax, "xaxis")


class Ribbon(NamedTuple):
    """What one gives to another under a purpose. less: less of it flows the other way than in the baseline."""

    giver: str
    taker: str
    purpose: str
    less: bool
    amount: float


def sankey(study: Study) -> Figure | None:
    """Givers on the left, takers on the right, purposes as ribbons; what was earned comes in, what it used goes out."""
    drawn = {pair: _ribbons(study, pair) for pair in _pairs(study)}
    if not drawn:
        return None
    sizes = pd.Series({one.purpose: 0.0 for ribbons in drawn.values() for one in ribbons})
    for one in (one for ribbons in drawn.values() for one in ribbons):
        sizes[one.purpose] += one.amount
    ranked = sizes.sort_values(ascending=False, kind="stable").index
    shades = dict(zip(ranked, PURPOSES, strict=False))
    shades |= dict.fromkeys(ranked[len(shades) :], REST)
    figure, axes = panels(len(drawn), columns=columns_for(len(drawn)), width=9.0, height=4.8)
    for ax, (pair, ribbons) in zip(axes, drawn.items(), strict=True):
        _draw_sankey(ax, ribbons, shades)
        ax.set_title(f"{pair_label(pair)}: million yuan given, and received")
    handles = [Patch(color=shades[name], label=name) for name in ranked[: len(PURPOSES)]]
    handles += [Patch(color=REST, label="other purposes")] if len(ranked) > len(PURPOSES) else []
    handles.append(Patch(facecolor="white", edgecolor="0.4", hatch="////", label="the other way, less than before"))
    figure.legend(handles=handles, loc="outside lower center", ncols=4)
    small = f"flows below {LEFT_OUT:.0%} of all left out"
    figure.suptitle(f"{study.plan.case.title}: who gave what to whom\n{_span(study)}; {small}")
    return figure


def _ribbons(study: Study, pair: tuple[str, str]) -> list[Ribbon]:
    """All ribbons that are thick enough to be seen."""
    found = []
    rows = _rows(study, pair, TRANSFER)
    takers = _sectors(rows, "other_kind", "other_county")
    for giver, taker, row in zip(_sectors(rows), takers, rows_of(rows), strict=True):
        ends = (giver, taker) if row.amount > 0.0 else (taker, giver)
        found.append(Ribbon(*ends, row.item, row.amount < 0.0, abs(row.amount)))
    rows = _rows(study, pair, CREATED)
    for name, amount in pd.Series(rows["amount"].to_numpy(), index=_sectors(rows)).groupby(level=0).sum().items():
        ends = (EARNED, str(name)) if amount > 0.0 else (str(name), USED_UP)
        found.append(Ribbon(*ends, EARNED_OR_USED, False, abs(amount)))
    total = sum(one.amount for one in found)
    return [one for one in found if one.amount >= LEFT_OUT * total]


def _draw_sankey(ax: Any, ribbons: list[Ribbon], shades: dict[str, Any]) -> None:
    """One diagram: bars of givers and takers, and a band for each ribbon."""
    sides: list[dict[str, float]] = [{}, {}]
    for one in ribbons:
        for side, name in zip(sides, (one.giver, one.taker), strict=True):
            side[name] = side.get(name, 0.0) + one.amount
    total = sum(one.amount for one in ribbons)
    tops = [_bars(ax, side, total, number_) for number_, side in enumerate(sides)]
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


def _bars(ax: Any, side: dict[str, float], total: float, x: int) -> dict[str, float]:
    """Draw the bars of one side, largest on top, with their labels; the upper end of each."""
    tops, top = {}, 1.0
    for name, amount in sorted(side.items(), key=lambda one: -one[1]):
        height = amount / total
        ax.add_patch(Rectangle((x - WIDTH * (1 - x), top - height), WIDTH, height, color="0.25", linewidth=0))
        away, way = (-0.03, "right") if x == 0 else (0.03, "left")
        ax.text(x + away, top - height / 2.0, f"{name}  {number(amount, 1)}", ha=way, va="center", fontsize=8.5)
        tops[name] = top
        top -= height + GAP
    return tops


def _band(ax: Any, left: float, right: float, ribbon: Ribbon, height: float, shade: Any) -> None:
    """A band of equal height from the left bar to the right one."""
    points = [(0.0, left), (0.5, left), (0.5, right), (1.0, right)]
    points += [(1.0, right - height), (0.5, right - height), (0.5, left - height), (0.0, left - height), (0.0, left)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    look = {"hatch": "////", "edgecolor": "white"} if ribbon.less else {"edgecolor": "none"}
    ax.add_patch(PathPatch(Path(points, codes), facecolor=shade, alpha=0.6, linewidth=0, **look))
