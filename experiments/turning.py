"""Turning points: the difference between places at which the sign of an effect turns.

Baseline and arms are run again with every difference between places multiplied by ``place.contrast``: 1 is the case
as it stands, 0 makes all places alike, below 0 the zone is the worse place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from experiments.effects import Described, paired
from experiments.frames import indicator_frame
from experiments.runner import Job, SeedResult

LEVER = "place.contrast"
CONTRASTS = (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0)
OUTCOMES = ("recurrent_income_mean", "earned_income_mean", "rent_after_capital_mean")
MOST_SEEDS = 5
TURNING_COLUMNS = ["baseline", "arm", "outcome", "title", "unit", "contrast", "effect", "low", "high", "seeds"]


class Turn(NamedTuple):
    """Where the effect of one arm on one outcome turns; ``lowest`` and ``highest`` contrast were looked at."""

    baseline: str
    arm: str
    outcome: str
    title: str
    at: tuple[float, ...]
    lowest: float
    highest: float
    sign: int
    seeds: int


def turning_jobs(jobs: Sequence[Job]) -> list[Job]:
    """The runs to add: the first seeds' jobs at each contrast. ``jobs`` are the main ones, one a seed.

    None where the difference between places is what defines an arm: it can't be varied in all of them alike.
    """
    if any(LEVER in scenario.changes for job in jobs for scenario in job.to_run):
        return []
    return [
        replace(job, changes={**job.changes, LEVER: contrast}, detail=False)
        for contrast in CONTRASTS
        for job in jobs[:MOST_SEEDS]
    ]


def turning_frame(
    jobs: Sequence[Job],
    results: Sequence[SeedResult],
    pairs: Sequence[tuple[str, str]],
    indicators: Mapping[str, Described],
) -> pd.DataFrame:
    """Effects in the last year: one row a pair, outcome and contrast. results: those of ``turning_jobs``, in order."""
    rows = []
    for contrast in CONTRASTS:
        chosen = [result for job, result in zip(jobs, results, strict=True) if job.changes[LEVER] == contrast]
        runs = indicator_frame(chosen)
        last = runs[runs["year"] == runs["year"].max()].set_index(["arm", "seed"]).sort_index()
        for baseline, arm in pairs:
            for name in OUTCOMES:
                found = paired(last.loc[baseline, name], last.loc[arm, name])
                about = indicators[name]
                labels = (baseline, arm, name, about.title, about.unit, contrast)
                values = (float(found.difference), float(found.low), float(found.high), int(found.seeds))
                rows.append((*labels, *values))
    order = {pair: row for row, pair in enumerate(pairs)}
    frame = pd.DataFrame(rows, columns=TURNING_COLUMNS)
    place = [order[pair] for pair in zip(frame["baseline"], frame["arm"], strict=True)]
    return (
        frame.assign(place=place)
        .sort_values(["place", "outcome", "contrast"], ascending=[True, False, True])[TURNING_COLUMNS]
        .reset_index(drop=True)
    )


def crossings(x: ArrayLike, y: ArrayLike) -> tuple[float, ...]:
    """Where the straight lines through the points (x ascending, y) change sign.

    Between opposite signs zeros count as the crossing, at their middle; zeros alone are no change of sign.
    """
    xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    points = np.flatnonzero(ys)
    found = []
    for left, right in pairwise(points):
        if ys[left] * ys[right] > 0.0:
            continue
        if right - left == 1:
            found.append(xs[left] + (xs[right] - xs[left]) * ys[left] / (ys[left] - ys[right]))
        else:
            found.append((xs[left + 1] + xs[right - 1]) / 2.0)
    return tuple(float(point) for point in found)


def turning_points(frame: pd.DataFrame) -> list[Turn]:
    """One answer a pair and outcome of ``turning_frame``: the contrasts at which the mean effect changes sign."""
    turns = []
    for labels, rows in frame.groupby(["baseline", "arm", "outcome", "title"], sort=False):
        baseline, arm, outcome, title = (str(label) for label in labels)
        known = rows[np.isfinite(rows["effect"])]
        contrast, effect = known["contrast"].to_numpy(), known["effect"].to_numpy()
        sign, seeds = int(np.sign(effect.sum())), int(rows["seeds"].min())
        turns.append(Turn(baseline, arm, outcome, title, crossings(contrast, effect), *_ends(contrast), sign, seeds))
    return turns


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    """Lowest and highest value, missing when there is none."""
    return (float(values.min()), float(values.max())) if len(values) else (np.nan, np.nan)


def answer(turn: Turn) -> str:
    """Where the sign turns, in a few words."""
    if turn.at:
        return ", ".join(f"{point:.2f}" for point in turn.at)
    if turn.sign == 0:
        return "no effect"
    side = "above" if turn.sign > 0 else "below"
    return f"nowhere from {turn.lowest:g} to {turn.highest:g}: {side} 0"
