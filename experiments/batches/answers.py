"""The answers of a batch: effects at every point with their intervals, and what was expected against what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.batches.plan import BatchPlan
from experiments.effects import EXACT, NOT_DEFINED, ONE_SEED, Floats, paired, ratio_effect
from experiments.intervals import bca, holm, p_values, simultaneous
from model.draws import Draws
from model.indicators import INDICATORS, RATIOS

if TYPE_CHECKING:
    from experiments.design import Expected

MOST_RESAMPLED = 200  # points up to which bootstrap intervals are worked out: samples of a design have t alone
KEYS = ["point", "name", "baseline", "arm", "year", "outcome", "title", "unit", "primary"]
MEASURES = [
    *("baseline_mean", "arm_mean", "effect", "low", "high", "bca_low", "bca_high", "joint_low", "joint_high"),
    *("p", "p_holm", "seeds", "times_fewer_runs", "note"),
]
AS_EXPECTED, AGAINST, UNDECIDED = "as expected", "against expectation", "undecided"


def effects_by_point(plan: BatchPlan, outcomes: Mapping[str, Floats], years: Sequence[int]) -> pd.DataFrame:
    """One row a point, pair, year and outcome, in yuan and so on; empty where nothing is compared.

    outcomes: by arm, shape (points, seeds, years, outcomes). low, high: Student's t; bca: bootstrap; joint: interval
    that holds for all pairs compared together (max-t bootstrap); p_holm: of the secondary outcomes of a
    point and year, all pairs together. Outcomes that only ratios or targets need are left out.
    """
    if not plan.pairs:
        return pd.DataFrame(columns=[*KEYS, *MEASURES])
    kept = {arm: np.moveaxis(values, 1, 0) for arm, values in outcomes.items()}
    named = [plan.outcomes.index(name) for name in plan.shown]
    by_seed = {arm: values[..., named] for arm, values in kept.items()}
    blocks = [_indicator_rows(plan, pair, by_seed, years) for pair in plan.pairs]
    frame = pd.concat(blocks, ignore_index=True)
    if len(plan.points) <= MOST_RESAMPLED:
        _add_joint(plan, frame, by_seed)
    frame["p_holm"] = _holm(frame)
    frame = pd.concat([frame, *_ratio_rows(plan, kept, years)], ignore_index=True)
    order = {pair: row for row, pair in enumerate(plan.pairs)}
    frame["place"] = [order[pair] for pair in zip(frame["baseline"], frame["arm"], strict=True)]
    return frame.sort_values(["point", "place", "year"], kind="stable")[[*KEYS, *MEASURES]].reset_index(drop=True)


def _labels(plan: BatchPlan, pair: tuple[str, str], years: Sequence[int], names: Sequence[str]) -> pd.DataFrame:
    """The columns that say what a row is about: points, then years, then outcomes."""
    about = {name: (INDICATORS | RATIOS)[name] for name in names}
    rows = [
        (row, point.name, *pair, year, name, one.title, one.unit, name in plan.primary)
        for row, point in enumerate(plan.points)
        for year in years
        for name, one in about.items()
    ]
    return pd.DataFrame(rows, columns=KEYS)


def _indicator_rows(
    plan: BatchPlan, pair: tuple[str, str], by_seed: Mapping[str, Floats], years: Sequence[int]
) -> pd.DataFrame:
    """Effects of one pair on all indicators."""
    before, after = by_seed[pair[0]], by_seed[pair[1]]
    found = paired(before, after)
    frame = _labels(plan, pair, years, plan.shown)
    for name in ("baseline_mean", "arm_mean", "low", "high", "seeds", "times_fewer_runs"):
        frame[name] = getattr(found, name).ravel()
    frame["effect"] = found.difference.ravel()
    frame["note"] = np.select(
        [frame["seeds"] == 0, frame["seeds"] == 1, np.isinf(frame["times_fewer_runs"])],
        [NOT_DEFINED, ONE_SEED, EXACT],
        "",
    )
    columns = _columns(after - before)
    frame["p"] = p_values(columns)
    frame[["bca_low", "bca_high", "joint_low", "joint_high", "p_holm"]] = np.nan
    if len(plan.points) <= MOST_RESAMPLED:
        make = Draws(plan.units[0].seed).generator(f"bootstrap {pair[0]} {pair[1]}", 0)
        frame["bca_low"], frame["bca_high"] = bca(columns, make)
    return frame


def _columns(values: Floats) -> Floats:
    """Seeds by all the rest."""
    flat: Floats = values.reshape(len(values), -1)
    return flat


def _add_joint(plan: BatchPlan, frame: pd.DataFrame, by_seed: Mapping[str, Floats]) -> None:
    """Intervals that hold for all pairs that are compared together; of one pair alone that is Student's."""
    if len(plan.pairs) == 1:
        frame[["joint_low", "joint_high"]] = frame[["low", "high"]]
        return
    gaps = np.stack([_columns(by_seed[arm] - by_seed[baseline]) for baseline, arm in plan.pairs], axis=1)
    low, high, _ = simultaneous(gaps, Draws(plan.units[0].seed).generator("joint bootstrap", 0))
    for row, (baseline, arm) in enumerate(plan.pairs):
        mine = ((frame["baseline"] == baseline) & (frame["arm"] == arm)).to_numpy()
        frame.loc[mine, "joint_low"], frame.loc[mine, "joint_high"] = low[row], high[row]


def _holm(frame: pd.DataFrame) -> pd.Series:
    """Holm's p values: the family is all secondary outcomes of a point and year, over all arms."""
    found = pd.Series(np.nan, index=frame.index)
    for _, rows in frame[~frame["primary"]].groupby(["point", "year"]):
        found[rows.index] = holm(rows["p"].to_numpy())
    return found


def _ratio_rows(plan: BatchPlan, by_seed: Mapping[str, Floats], years: Sequence[int]) -> list[pd.DataFrame]:
    """Effects on ratios: they have no level in an arm, only between arms."""
    blocks = []
    for pair in plan.pairs if plan.ratios else ():
        gap = by_seed[pair[1]] - by_seed[pair[0]]
        frame, values = _labels(plan, pair, years, plan.ratios), []
        for row, name, year in zip(frame["point"], frame["outcome"], frame["year"], strict=True):
            ratio = RATIOS[name]
            parts = [plan.outcomes.index(part) for part in (ratio.numerator, ratio.denominator)]
            above, below = (gap[:, row, list(years).index(year), part] for part in parts)
            make = Draws(plan.units[0].seed).generator(f"bootstrap {name} {pair[0]} {pair[1]}", int(year))
            values.append((*ratio_effect(above, below, make), np.isfinite(above - below).sum()))
        frame[["effect", "low", "high", "note", "seeds"]] = pd.DataFrame(values, index=frame.index)
        blocks.append(frame)
    return blocks


def expectations(plan: BatchPlan, outcomes: Mapping[str, Floats], years: Sequence[int]) -> pd.DataFrame:
    """One row an expectation of the file: what was found, and whether it is as expected. By Student's t intervals."""
    rows = []
    for one in plan.experiment.expected:
        pair, year = (one.baseline or plan.pairs[0][0], one.arm), one.year or plan.years[-1]
        point = one.point or (plan.points[0].name if len(plan.points) > 1 else "")
        labels = (one.outcome, *pair, year, point, one.than, one.sign, one.within, one.check, one.because)
        rows.append((*labels, *_found(plan, one, pair, list(years).index(year), outcomes)))
    head = ["outcome", "baseline", "arm", "year", "point", "than", "sign", "within", "check", "because"]
    return pd.DataFrame(rows, columns=[*head, "effect", "low", "high", "seeds", "verdict"])


def _found(
    plan: BatchPlan, one: Expected, pair: tuple[str, str], year: int, outcomes: Mapping[str, Floats]
) -> tuple[Any, ...]:
    """Effect, interval, seeds and verdict of an expectation."""
    names = [point.name for point in plan.points]

    def gap(point: str, name: str) -> Floats:
        row = names.index(point) if point else 0
        values = (outcomes[pair[1]] - outcomes[pair[0]])[row, :, year, plan.outcomes.index(name)]
        return np.asarray(values)

    base = gap(one.than, one.outcome) if one.than else np.zeros(outcomes[pair[0]].shape[1])
    found = paired(base, gap(one.point, one.outcome))
    effect, low, high = (float(part) for part in (found.difference, found.low, found.high))
    return effect, low, high, int(found.seeds), verdict(one, effect, low, high)


def verdict(one: Expected, effect: float, low: float, high: float) -> str:
    """Whether an interval is as expected: all of it on one side of zero, or all of it within the width of nothing.

    Where a sign is expected and no seed shows any difference, that is against it.
    """
    if not np.isfinite([low, high]).all():
        return UNDECIDED
    if one.sign == "0":
        inside, outside = -one.within <= low and high <= one.within, low > one.within or high < -one.within
        return AS_EXPECTED if inside else AGAINST if outside else UNDECIDED
    lowest, highest = (low, high) if one.sign == "+" else (-high, -low)
    nothing = lowest == highest == 0.0  # no seed shows any difference
    return AS_EXPECTED if lowest > 0.0 else AGAINST if highest < 0.0 or nothing else UNDECIDED
