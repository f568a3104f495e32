"""The waterfall of who pays: from the value created to the gains of all sectors; and what the Sankey diagram shares."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.effects import Floats
from experiments.figures.look import ENGLISH, Look, case_title, pair_label, sector_label, seeds_of, span_of
from experiments.figures.theme import DOWN, LINE, UP, columns_for, heading, panels, thousands
from experiments.gains import CREATED, DISCOUNTED, GAIN, VALUE
from experiments.study import Study
from experiments.units import Scale, number
from experiments.words import sum_decimals
from model.accounts import APPRECIATION, CAPITAL_CHARGE, DEPRECIATION
from model.flows import COST, REASONS

CHARGES = (DEPRECIATION, CAPITAL_CHARGE)
REST_OF_ITEMS = "all other items"
MOST_ITEMS = 9
LEAST_GAIN = 0.001  # of the largest: smaller ones are left out
SUM = "0.35"


def discounted_rows(study: Study, pair: tuple[str, str], table: str) -> pd.DataFrame:
    """The discounted sums of a table of one pair up to the year that is shown, largest first, in yuan."""
    rows = study.who_pays
    chosen = (rows["baseline"] == pair[0]) & (rows["arm"] == pair[1]) & (rows["table"] == table)
    return rows[chosen & (rows["measure"] == DISCOUNTED) & (rows["year"] == study.plan.shown_years[0])]


def sector_names(study: Study, rows: pd.DataFrame, look: Look, other: str = "") -> list[str]:
    """What the sectors of some rows are called. other: "other_" for those who take."""
    ends = zip(rows[f"{other}kind"], rows[f"{other}county"], strict=True)
    return [sector_label(study, kind, county, look) for kind, county in ends]


def about(study: Study, look: Look) -> dict[str, str]:
    """What the titles name."""
    return {"case": case_title(study, look), "span": span_of(study, look), "seeds": seeds_of(study, look)}


def compared_pairs(study: Study) -> list[tuple[str, str]]:
    """The pairs between which anything differs."""
    return [pair for pair in study.plan.main_pairs if len(study.who_pays) and len(discounted_rows(study, pair, GAIN))]


class Steps(NamedTuple):
    """The two halves of a waterfall, yuan: value created by item, and gains by sector, largest first; their sum."""

    items: pd.Series
    gains: pd.Series
    total: float


def waterfall(study: Study, look: Look = ENGLISH) -> Figure | None:
    """Value created by item, and below it how the sectors' gains and losses add up to the same sum: a panel an arm."""
    steps = {pair: _steps(study, pair, look) for pair in compared_pairs(study)}
    if not steps:
        return None
    most = max(len(one.items) + len(one.gains) for one in steps.values())
    scale = look.sums([value for one in steps.values() for half in (one.items, one.gains) for value in half])
    figure, axes = panels(len(steps), columns=columns_for(len(steps)), width=8.6, height=0.25 * (most + 5))
    for ax, (pair, one) in zip(axes, steps.items(), strict=True):
        _draw_steps(ax, one, scale, look)
        ax.set(title=pair_label(study, pair, look), xlabel=scale.unit)
    texts = ("{case}: value created, and who gained", "{span}, discounted, {seeds}")
    heading(figure, look, *(look.say(text, **about(study, look)) for text in texts))
    return figure


def _steps(study: Study, pair: tuple[str, str], look: Look) -> Steps:
    """Value created by item, the small ones together, and gains by sector that can be seen."""
    items = discounted_rows(study, pair, CREATED).groupby("item")["difference"].sum()
    items = items.loc[items.abs().sort_values(ascending=False, kind="stable").index]
    if len(items) > MOST_ITEMS:
        items = pd.concat([items.iloc[:MOST_ITEMS], pd.Series({REST_OF_ITEMS: items.iloc[MOST_ITEMS:].sum()})])
    rows = discounted_rows(study, pair, GAIN)
    gains = pd.Series(rows["difference"].to_numpy(), index=sector_names(study, rows, look))
    gains = gains.sort_values(ascending=False, kind="stable")
    seen = gains[gains.abs() >= LEAST_GAIN * gains.abs().max()]
    return Steps(items.sort_values(ascending=False, kind="stable"), seen, float(gains.sum()))


def _worded(item: str, amount: float, look: Look) -> str:
    """An item; less of a cost counts as created, less of a product as lost."""
    is_cost = item in CHARGES or (item in REASONS and REASONS[item].nature == COST)
    is_known = item in (*CHARGES, APPRECIATION) or item in REASONS
    less = is_known and is_cost == (amount > 0.0) and amount
    return look.say("less {item}", item=look.say(item)) if less else look.say(item)


def _draw_steps(ax: Any, steps: Steps, scale: Scale, look: Look) -> None:
    """Two runs of bars from zero, each bar from where the one before ended: items to their sum, gains to the same."""
    labels = [_worded(str(name), amount, look) for name, amount in steps.items.items()]
    labels += [look.say(VALUE).upper(), ""]
    for name, amount in steps.gains.items():
        labels.append(look.say("gain: {who}" if amount > 0.0 else "loss: {who}", who=name))
    labels.append(look.say("sum of all gains").upper())
    sizes = [half.to_numpy() / scale.divisor for half in (steps.items, steps.gains)]
    ends = np.concatenate([np.cumsum([0.0, *half]) for half in sizes])
    reach = max(float(ends.max() - ends.min()), 1e-9)
    for half, first in zip(sizes, (0, len(steps.items) + 2), strict=True):
        _draw_run(ax, half, steps.total / scale.divisor, first, 0.01 * reach, sum_decimals(scale))
    ax.axvline(0.0, **LINE)
    ax.set_xlim(ends.min() - 0.03 * reach, ends.max() + 0.12 * reach)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    thousands(ax, "xaxis")


def _draw_run(ax: Any, sizes: Floats, total: float, first: int, gap: float, decimals: int) -> None:
    """Bars from zero on, each from where the one before ended, and their sum. first: row of the first bar."""
    ends = np.cumsum([0.0, *sizes])
    rows = first + np.arange(len(sizes) + 1)
    moves, starts = np.append(sizes, total), np.append(ends[:-1], 0.0)
    shades = [*(UP if size >= 0.0 else DOWN for size in sizes), SUM]
    ax.barh(rows, moves, left=starts, height=0.7, color=shades)
    ax.vlines(ends[1:], rows[:-1], rows[1:], color="0.5", linewidth=0.7)
    for row, start, move in zip(rows.tolist(), starts.tolist(), moves.tolist(), strict=True):
        ax.text(max(start, start + move) + gap, row, number(move, decimals, signed=True), va="center", fontsize=8)
