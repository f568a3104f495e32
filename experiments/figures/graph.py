"""The partnership graph over the years: villages, towns and counties, and the pooled projects that they hold stakes in.

It is drawn from a table of stakes that a run leaves, one row a year, holder and project:

    seed, arm     which run
    year          at whose end the stakes stand
    holder_kind   Village, County, Household or Outside
    holder        row of the village or county; of households the row of their county, all of them together
    project       row of the project; only projects that stand on no village's own land
    mechanism     name of the mechanism that founded it
    county        row of the county in which it stands
    capital       yuan paid in and still held
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from experiments.figures.graph_layout import Layout, layout_of
from experiments.figures.look import ENGLISH, Look, arm_labels, case_title
from experiments.figures.theme import distinct, heading, legend, panels
from experiments.study import Study
from experiments.units import Scale, number
from experiments.words import name_of, sum_decimals
from model.registry import AT, MechanismError, find_mechanism, mechanisms

if TYPE_CHECKING:
    from model.cases import Case

PICTURES = 4
FAINT = "0.82"
KINDS = {"Village": "o", "County": "D", "Household": "p", "Outside": "X"}  # holders and how they are marked


def partnership_graph(
    study: Study, stakes: pd.DataFrame | None, look: Look = ENGLISH, *, arm: str = ""
) -> Figure | None:
    """The partnership graph in about four years, everything in the same place in all of them.

    Counties lie beside each other; inside them towns and villages lie where the case puts them, and projects in the
    county in which they stand. Lines are stakes: their colour is the project's mechanism, their width the capital.
    stakes: the table of this module, or None where no run left one; arm: whose, by default the arm with the most
    stakes. Drawn is the first seed. None without a stake.
    """
    if stakes is None or not len(stakes):
        return None
    arm = arm or str(stakes["arm"].value_counts(sort=False).idxmax())
    mine = stakes[(stakes["arm"] == arm) & (stakes["seed"] == stakes["seed"].min())]
    mine = mine[mine["year"] <= study.plan.shown_years[0]]
    if not len(mine):
        return None
    layout, shades = layout_of(study.plan.case, mine), _shades(mine)
    years = chosen_years(mine)
    scale = look.sums(mine.groupby("year")["capital"].sum())
    (west, east), (south, north) = layout.limits()
    figure, axes = panels(len(years), columns=2, width=6.4, height=6.4 * (north - south) / (east - west) + 0.3)
    most = float(mine.groupby(["year", "project"])["capital"].sum().max())
    for ax, year in zip(axes, years, strict=True):
        rows = mine[mine["year"] == year]
        _draw_land(ax, study.plan.case, layout, look)
        _draw_stakes(ax, rows, layout, shades, most)
        ax.set_title(_counted(rows, scale, look))
        ax.set(xlim=(west, east), ylim=(south, north), aspect="equal")
        ax.axis("off")
    _key(figure, mine, shades, look)
    label = arm_labels(study, look).get(arm, arm)
    text = "{case}: who holds stakes in pooled projects, {arm}, seed {seed}"
    seed = int(mine["seed"].iloc[0])
    heading(figure, look, look.say(text, case=case_title(study, look), arm=label.replace("\n", ""), seed=seed))
    return figure


def chosen_years(stakes: pd.DataFrame) -> list[int]:
    """About four of the years in which somebody holds a stake, from the first to the last, as evenly as can be."""
    years = sorted({int(year) for year in stakes["year"]})
    return sorted({years[round(place)] for place in np.linspace(0, len(years) - 1, PICTURES).tolist()})


def _counted(rows: pd.DataFrame, scale: Scale, look: Look) -> str:
    """The year, how many villages hold stakes in how many projects, and the capital of all holders."""
    villages = int(rows.loc[rows["holder_kind"] == "Village", "holder"].nunique())
    counted = {"year": int(rows["year"].iloc[0]), "villages": villages, "projects": int(rows["project"].nunique())}
    capital = number(float(rows["capital"].sum()) / scale.divisor, min(sum_decimals(scale), 1))
    text = "{year}: {villages} villages, {projects} projects, {capital} {unit}"
    return look.say(text, **counted, capital=capital, unit=scale.unit)


def _family(name: str) -> str:
    """The name of a mechanism without the years in which it is open: those are no mechanism of their own."""
    return name.partition(AT)[0]


def _shades(stakes: pd.DataFrame) -> dict[str, Any]:
    """A colour a mechanism, in order of version, whatever its years; those that are no longer known come last."""
    found = dict.fromkeys(_family(name) for name in stakes["mechanism"].unique())
    known = [name for name in mechanisms() if name in found]
    names = [*known, *sorted(set(found) - set(known))]
    return dict(zip(names, distinct(len(names)), strict=True))


def _draw_land(ax: Any, case: Case, layout: Layout, look: Look) -> None:
    """Towns and villages, faint, each village tied to its town; names of counties and of the host's towns."""
    ties = np.stack([layout.villages, layout.towns[layout.town]], axis=1)
    ax.add_collection(LineCollection(list(ties), colors=FAINT, linewidths=0.4, zorder=1))
    ax.scatter(*layout.villages.T, s=5, color=FAINT, zorder=2, linewidths=0)
    ax.scatter(*layout.towns.T, s=14, marker="^", color="0.65", zorder=2, linewidths=0)
    about = {"textcoords": "offset points", "ha": "center", "path_effects": [withStroke(linewidth=2, foreground="w")]}
    for town, at in zip(case.towns, layout.towns.tolist(), strict=True):
        if town.county == case.counties[0].name:
            ax.annotate(name_of(town, look.lang), at, (0, -9), fontsize=6.5, color="0.4", zorder=6, **about)
    for row, county in enumerate(case.counties):
        ax.annotate(name_of(county, look.lang), layout.nodes["County", row], (0, 6), fontsize=9, zorder=6, **about)


def _draw_stakes(ax: Any, rows: pd.DataFrame, layout: Layout, shades: dict[str, Any], most: float) -> None:
    """Stakes as lines, projects as squares as large as their capital, holders darker than those who hold nothing."""
    holders = [layout.nodes[kind, holder] for kind, holder in zip(rows["holder_kind"], rows["holder"], strict=True)]
    projects = [layout.nodes["Project", int(project)] for project in rows["project"]]
    width = 0.4 + 3.0 * np.sqrt(rows["capital"].to_numpy() / most)
    colours = [(*shades[_family(name)], 0.45) for name in rows["mechanism"]]
    lines = list(zip(holders, projects, strict=True))
    ax.add_collection(LineCollection(lines, colors=colours, linewidths=width, zorder=3))
    for kind, marker in KINDS.items():
        points = [at for at, one in zip(holders, rows["holder_kind"], strict=True) if one == kind]
        if points:
            ax.scatter(*np.array(points).T, s=9 if kind == "Village" else 40, marker=marker, color="0.25", zorder=4)
    for _, mine in rows.groupby("project"):
        x, y = layout.nodes["Project", int(mine["project"].iloc[0])]
        size, shade = 25.0 + 200.0 * mine["capital"].sum() / most, shades[_family(mine["mechanism"].iloc[0])]
        ax.scatter(x, y, s=size, marker="s", color=shade, edgecolor="white", zorder=5)


def _key(figure: Figure, stakes: pd.DataFrame, shades: dict[str, Any], look: Look) -> None:
    """What colours and marks mean."""
    handles = [Line2D([], [], marker="s", color=shade, markersize=7, linewidth=1.5) for shade in shades.values()]
    labels = [_titled(family, stakes, look) for family in shades]
    for kind, marker in KINDS.items():
        if (stakes["holder_kind"] == kind).any():
            handles.append(Line2D([], [], marker=marker, color="0.25", linestyle="none", markersize=5))
            labels.append(look.say("holds a stake: {kind}", kind=look.agents(kind)))
    legend(figure, handles, labels)


def _titled(family: str, stakes: pd.DataFrame, look: Look) -> str:
    """The title of a mechanism, with its years where it has one window; its bare name where it is not known."""
    names = [name for name in stakes["mechanism"].unique() if _family(name) == family]
    try:
        return look.title(find_mechanism(names[0] if len(names) == 1 else family))
    except MechanismError:
        return family
