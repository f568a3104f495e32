"""Figures of the villages of the host county: their incomes, inequality, growth by rank, winners and losers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.distribution import lorenz as lorenz_curve
from experiments.effects import Floats, Paired, paired
from experiments.figures.look import (
    ENGLISH,
    Look,
    arm_labels,
    baseline_label,
    host_name,
    intervals_of,
    seeds_of,
)
from experiments.figures.theme import (
    LINE,
    arm_colours,
    arm_pairs,
    band,
    heading,
    legend,
    nested_widths,
    panels,
    thousands,
)
from experiments.incidence import group_of, growth_incidence
from experiments.study import Study
from model.inequality import gini

LINE_OF_POVERTY = 1e6  # yuan a year, the programme line of 2013
SHARES = np.linspace(0.0, 1.0, 101)  # at which Lorenz curves of different seeds are averaged
GROUPS = (10, 5)  # equal groups of villages: tenths where each has two villages at least, else fifths, else one each
LEAST = 1.0  # yuan a year: a smaller change is rounding
INCOME, WITH_AID = ("recurrent_income",), ("recurrent_income", "aid")


def host_incomes(study: Study, year: int, columns: Sequence[str]) -> dict[str, Floats]:
    """The sum of some columns for each village of the host county in a year, by arm: yuan, shape (seeds, villages)."""
    rows = study.villages[(study.villages["year"] == year) & (study.villages["county"] == 0)]
    rows = rows.sort_values(["seed", "village"], kind="stable")
    found = {}
    for arm in arm_colours(study):
        mine = rows[rows["arm"] == arm]
        found[arm] = mine[list(columns)].sum(axis=1).to_numpy().reshape(mine["seed"].nunique(), -1)
    return found


def _about(study: Study, look: Look) -> dict[str, object]:
    """What the titles name."""
    return {
        "host": host_name(study, look),
        "year": study.plan.shown_years[0],
        "baseline": baseline_label(study, look),
        "seeds": seeds_of(study, look),
        "intervals": intervals_of(study, look),
    }


def village_incomes(study: Study, look: Look = ENGLISH) -> Figure:
    """The distribution of the recurrent income of the host county's villages by arm in the last year, all seeds."""
    year = study.plan.shown_years[0]
    incomes, shades, labels = host_incomes(study, year, INCOME), arm_colours(study), arm_labels(study, look)
    everybody = np.concatenate([one.ravel() for one in incomes.values()])
    scale = look.sums(everybody)
    figure, (ax,) = panels(1, columns=1, width=6.4, height=3.8)
    for (arm, shade), width in zip(shades.items(), nested_widths(len(shades)), strict=True):
        values = np.sort(incomes[arm].ravel()) / scale.divisor
        share = np.arange(1, len(values) + 1) / len(values)
        ax.step(values, 100.0 * share, where="post", color=shade, label=labels[arm], linewidth=width)
    line = LINE_OF_POVERTY / scale.divisor
    ax.axvline(line, color="0.3", linewidth=0.8, linestyle="--")
    ax.text(line, 97.0, f" {look.say('1 million yuan')}", va="top", fontsize=8, color="0.3")
    top = np.quantile(everybody, 0.995) / scale.divisor
    ax.set(xlim=(0.0, max(top, 1.2 * line)), ylim=(0.0, 100.0))
    ax.set_xlabel(look.say("recurrent income of a village in {year}, {unit}", year=year, unit=scale.unit))
    ax.set_ylabel(look.say("villages with at most this, %"))
    thousands(ax, "xaxis")
    ax.legend(loc="lower right")
    text = "Recurrent income of the villages of {host}, {seeds}"
    heading(figure, look, look.say(text, **_about(study, look)))
    return figure


def lorenz(study: Study, look: Look = ENGLISH) -> Figure:
    """Lorenz curves of the villages' recurrent income by arm, and how much each lies above the baseline's.

    Mean over seeds at each share of the villages; the bands are 95% intervals of the paired difference.
    """
    year = study.plan.shown_years[0]
    incomes = host_incomes(study, year, INCOME)
    curves = {arm: 100.0 * np.array([_shares_held(one) for one in values]) for arm, values in incomes.items()}
    shades, labels, pairs = arm_colours(study), arm_labels(study, look), arm_pairs(study)
    figure, (ax, *more) = panels(2 if pairs else 1, columns=2, width=5.2, height=4.4)
    ax.plot([0.0, 100.0], [0.0, 100.0], **LINE)
    for (arm, shade), width in zip(shades.items(), nested_widths(len(shades)), strict=True):
        mean = float(np.mean([gini(one) for one in incomes[arm]]))
        label = look.say("{arm}: Gini {gini}", arm=labels[arm], gini=f"{mean:.3f}")
        ax.plot(100.0 * SHARES, curves[arm].mean(axis=0), color=shade, label=label, linewidth=width)
    ax.set(xlim=(0.0, 100.0), ylim=(0.0, 100.0), title=look.say("Lorenz curves"))
    ax.set_ylabel(look.say("their share of all recurrent income, %"))
    for side in more:
        for pair, shade in pairs.items():
            found = paired(curves[pair[0]], curves[pair[1]])
            band(side, 100.0 * SHARES, found.difference, found.low, found.high, color=shade, linewidth=1.6)
        side.axhline(0.0, **LINE)
        side.set(xlim=(0.0, 100.0), title=look.say("Above {baseline}", baseline=baseline_label(study, look)))
        side.set_ylabel(look.say("share of all recurrent income, percentage points"))
    for one in (ax, *more):
        one.set_xlabel(look.say("poorest villages, % of all"))
    legend(figure, *ax.get_legend_handles_labels())
    text = "Inequality between the villages of {host} in {year}, {seeds}{intervals}"
    heading(figure, look, look.say(text, **_about(study, look)))
    return figure


def _shares_held(incomes: Floats) -> Floats:
    """The share of all income that the poorest hold, at each of ``SHARES``. incomes: shape (villages,)."""
    curve = lorenz_curve(incomes)
    held: Floats = np.interp(SHARES, curve["population"], curve["income"])
    return held


def equal_groups(villages: int) -> int:
    """Into how many groups of equal size so many villages are put."""
    return next((groups for groups in GROUPS if villages >= 2 * groups), villages)


def _ends(groups: int) -> Floats:
    """The upper ends of equal groups, percentiles."""
    return 100.0 * np.arange(1, groups + 1) / groups


def _middles(groups: int) -> Floats:
    """The middle of equal groups, percentiles: where they are drawn."""
    return _ends(groups) - 50.0 / groups


def growth_incidence_curves(study: Study, look: Look = ENGLISH) -> Figure:
    """Yearly growth of village income by rank since the opening year, and what each arm adds at each rank.

    Anonymous (Ravallion and Chen 2003): the poorest tenth of one year or arm against the poorest tenth of the other,
    whichever villages these are. Mean over seeds; the bands are 95% intervals of the effect.
    """
    year, opening = study.plan.shown_years[0], study.plan.case.first_year - 1
    before, after = host_incomes(study, opening, INCOME), host_incomes(study, year, INCOME)
    shades, labels, pairs = arm_colours(study), arm_labels(study, look), arm_pairs(study)
    groups = equal_groups(next(iter(after.values())).shape[1])
    figure, (ax, *more) = panels(2 if pairs else 1, columns=2, width=5.2, height=3.8)
    for (arm, shade), width in zip(shades.items(), nested_widths(len(shades)), strict=True):
        growth = np.maximum(1.0 + _growth(before[arm], after[arm], groups), 0.0) ** (1.0 / (year - opening)) - 1.0
        ax.plot(_middles(groups), 100.0 * growth.mean(axis=0), ".-", color=shade, label=labels[arm], linewidth=width)
    ax.set_title(look.say("Growth since {opening}", opening=opening))
    ax.set_ylabel(look.say("growth of recurrent income, % a year"))
    for side in more:
        for (baseline, arm), shade in pairs.items():
            found = _mean_of(100.0 * _growth(after[baseline], after[arm], groups))
            band(side, _middles(groups), found.difference, found.low, found.high, color=shade, marker=".")
        side.axhline(0.0, **LINE)
        side.set_title(look.say("Effect against {baseline}", baseline=baseline_label(study, look)))
        side.set_ylabel(look.say("recurrent income at this rank, % more"))
    for one in (ax, *more):
        one.set(xlim=(0.0, 100.0))
        one.set_xlabel(look.say("percentile of villages, poorest first"))
    legend(figure, *ax.get_legend_handles_labels())
    text = "Villages of {host}: growth incidence to {year}, anonymous (ranks, not villages), {seeds}{intervals}"
    heading(figure, look, look.say(text, **_about(study, look)))
    return figure


def _growth(before: Floats, after: Floats, groups: int) -> Floats:
    """Anonymous growth of equal groups by rank, 1 = doubled: shape (seeds, groups)."""
    ends = _ends(groups).tolist()
    found = [growth_incidence(*seed, ends)["anonymous"].to_numpy() for seed in zip(before, after, strict=True)]
    return np.array(found)


def _mean_of(values: Floats) -> Paired:
    """Mean over seeds with its interval; values are differences already."""
    return paired(np.zeros_like(values), values)


def _share(values: Floats) -> Paired:
    """The same for shares: an interval within 0 and 1."""
    found = _mean_of(values)
    return found._replace(low=np.clip(found.low, 0.0, 1.0), high=np.clip(found.high, 0.0, 1.0))


def winners_and_losers(study: Study, look: Look = ENGLISH) -> Figure | None:
    """The effect on a village's income by its rank in the baseline's opening year, and the share of villages that lose.

    The same villages in both arms, paired by seed; income is recurrent income and the aid of the year. Mean over the
    villages of a group and over seeds, with 95% intervals.
    """
    pairs = arm_pairs(study)
    if not pairs:
        return None
    year, opening = study.plan.shown_years[0], study.plan.case.first_year - 1
    incomes = host_incomes(study, year, WITH_AID)
    first = host_incomes(study, opening, INCOME)[study.plan.scenarios[0].name]
    groups = equal_groups(first.shape[1])
    member = np.array([group_of(one, _ends(groups)) for one in first])
    changes = {pair: incomes[pair[1]] - incomes[pair[0]] for pair in pairs}
    effects = {pair: _mean_of(_by_group(change, member, groups)) for pair, change in changes.items()}
    scale = look.scale("yuan/year", np.concatenate([one.difference for one in effects.values()]))
    figure, (ax, side) = panels(2, columns=2, width=5.6, height=4.0)
    _dodged(ax, {arm: effects[_, arm] for _, arm in pairs}, study, look, scale.divisor)
    losing = {pair[1]: _share(_by_group(change < -LEAST, member, groups)) for pair, change in changes.items()}
    _dodged(side, losing, study, look, 0.01)
    ax.set_title(look.say("Effect on the villages' income"))
    ax.set_ylabel(look.say("recurrent income and aid, {unit}", unit=scale.unit))
    side.set(title=look.say("Villages that lose"), ylim=(-4.0, 104.0))
    side.set_ylabel(look.say("villages with less than in the baseline, %"))
    for one in (ax, side):
        text = "villages by income in {opening}: {groups} equal groups, poorest first"
        one.set_xlabel(look.say(text, opening=opening, groups=groups))
        thousands(one, "yaxis")
    legend(figure, *ax.get_legend_handles_labels())
    text = "Winners and losers among the villages of {host} in {year}, against {baseline}, {seeds}{intervals}"
    heading(figure, look, look.say(text, **_about(study, look)))
    return figure


def _by_group(values: Floats | Any, member: Any, groups: int) -> Floats:
    """Mean over the villages of each group. values, member: shape (seeds, villages). Returns (seeds, groups)."""
    rows = [
        np.bincount(group, weights=one, minlength=groups) / np.bincount(group, minlength=groups)
        for one, group in zip(values, member, strict=True)
    ]
    return np.array(rows)


def _dodged(ax: Any, found: Mapping[str, Paired], study: Study, look: Look, divisor: float) -> None:
    """Dots with intervals by group, the arms side by side."""
    shades, labels = arm_colours(study), arm_labels(study, look)
    aside = np.linspace(-0.3, 0.3, len(found)) if len(found) > 1 else [0.0]
    for (arm, one), step in zip(found.items(), aside, strict=True):
        at = np.arange(1, len(one.difference) + 1) + step
        ax.vlines(at, one.low / divisor, one.high / divisor, color=shades[arm], linewidth=1.4)
        ax.plot(at, one.difference / divisor, "o", color=shades[arm], markersize=4, label=labels[arm])
    ax.axhline(0.0, **LINE)
    ax.set_xticks(range(1, len(one.difference) + 1))
    ax.grid(visible=False, axis="x")
