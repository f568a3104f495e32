"""Whence an effect comes: Shapley shares as bars with their intervals, a panel an outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from experiments.attribution.channels import CHANNELS
from experiments.attribution.shapley import ALL_OFF, ALL_ON, TOTAL
from experiments.figures.look import ENGLISH, Look
from experiments.figures.theme import heading, legend, panels, thousands
from model.registry import mechanisms

SHARE, SUM, RENT = "#0173b2", "0.45", "#de8f05"


def shares_of_effect(table: pd.DataFrame, look: Look = ENGLISH, *, title: str = "") -> Figure | None:
    """Shares by player, the largest on top, then their sum and what is left with all off.

    table: of ``batches.parted.shares_table``, one year. What of a share comes with the rent of villages' own property
    is a thin bar inside. None without a row.
    """
    outcomes = list(dict.fromkeys(table["outcome"])) if len(table) else []
    if not outcomes:
        return None
    figure, axes = panels(len(outcomes), columns=2, width=5.4, height=0.3 * table["player"].nunique() + 0.9)
    inside = False
    for ax, outcome in zip(axes, outcomes, strict=True):
        rows = table[(table["outcome"] == outcome) & (table["player"] != ALL_ON)]
        inside |= _panel(ax, rows, look)
        ax.set_title(look.wrapped(look.outcome(outcome), 44))
    handles, names = [Patch(color=SHARE), Patch(color=SUM)], ["share of the effect", "sum, and what is left"]
    if inside:
        handles.append(Patch(color=RENT))
        names.append("of it rent of villages' own property")
    legend(figure, handles, [look.say(name) for name in names])
    heading(figure, look, title, look.say("Shapley shares of the effect, 95% intervals"))
    return figure


def _panel(ax: Any, rows: pd.DataFrame, look: Look) -> bool:
    """The bars of one outcome; whether rent of own property is told inside them."""
    sums = rows["player"].isin([TOTAL, ALL_OFF])
    rows = pd.concat([rows[~sums].sort_values("share", ascending=False, kind="stable"), rows[sums]])
    scale = look.scale(rows["unit"].iloc[0], rows["share"])
    at, share = np.arange(len(rows)), rows["share"].to_numpy() / scale.divisor
    shades = [SUM if player in (TOTAL, ALL_OFF) else SHARE for player in rows["player"]]
    ax.barh(at, share, height=0.7, color=shades)
    ax.hlines(at, rows["low"] / scale.divisor, rows["high"] / scale.divisor, color="0.2", linewidth=1.0)
    displaced = rows["displaced"].to_numpy(dtype=float) if "displaced" in rows else np.full(len(rows), np.nan)
    known = np.isfinite(displaced)
    ax.barh(at[known] + 0.22, displaced[known] / scale.divisor, height=0.2, color=RENT)
    ax.axvline(0.0, color="0.3", linewidth=0.8)
    ax.set_yticks(at, [player_name(str(player), look) for player in rows["player"]])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlabel(scale.unit)
    ax.grid(visible=False, axis="y")
    thousands(ax, "xaxis")
    return bool(known.any())


def player_name(player: str, look: Look) -> str:
    """What a player is called: a channel, one or more mechanisms, or one of the sums."""
    if player in CHANNELS:
        return look.title(CHANNELS[player])
    if player in (TOTAL, ALL_OFF):
        return look.say(player)
    known = mechanisms()
    return " + ".join(look.title(known[name]) if name in known else name for name in player.split("+"))
