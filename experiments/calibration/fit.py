"""Fit a case block by block: each block's parameters are searched with what the blocks before it found in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.batches.code import check_code, code_digest
from experiments.calibration.moments import Evaluate, Simulated, distances
from experiments.calibration.plan import Block, CalibrationPlan, moment_of
from experiments.calibration.search import Found, search
from experiments.sampling import Point, changes_of
from experiments.validation.simulate import FIRST_SEED, means, simulate
from experiments.validation.targets import Target, load_targets
from model.cases import Case, load_case
from model.parameters import Value


class Fitted(NamedTuple):
    """What was found: the point of all keys, by block the trials, and the fit before and after."""

    point: Point
    trials: dict[str, pd.DataFrame]
    fit: pd.DataFrame


def about(plan: CalibrationPlan, block: Block) -> dict[str, str]:
    """What the runs of a block are of, besides ranges and moments: targets and worlds in full, seeds and code."""
    asked = plan.asked(block)
    worlds = [load_targets(plan.case).world(name) for name in dict.fromkeys(one.world for one in asked)]
    return {
        "case": plan.case,
        "code": code_digest(),
        "seeds": str(plan.seeds),
        "targets": " ".join(one.model_dump_json() for one in (*asked, *worlds)),
    }


def evaluator(
    case: Case, asked: Sequence[Target], held: Mapping[str, Value], *, seeds: Sequence[int], workers: int
) -> Evaluate:
    """A function that simulates targets at points, with other changes held. Means over the seeds."""
    targets, code = load_targets(case.name), code_digest()

    def evaluate(points: Sequence[Point]) -> list[Simulated]:
        check_code(code)
        sets = [{**held, **changes_of(case.parameters, point, case.last_year)} for point in points]
        found = means(simulate(targets, asked, sets, [list(seeds)] * len(sets), workers=workers))
        return [
            {one.name: float(found[one.name].get(number, np.nan)) for one in asked} for number in range(len(points))
        ]

    return evaluate


def fit(plan: CalibrationPlan, folder: Path, *, workers: int, say: Callable[[str], object]) -> Fitted:
    """Search block after block; each is resumed where its folder has rounds already.

    Raises CalibrationError, RunError.
    """
    case = load_case(plan.case)
    seeds = range(FIRST_SEED, FIRST_SEED + plan.seeds)
    point = plan.start
    trials: dict[str, pd.DataFrame] = {}
    for block in plan.block:
        held = changes_of(case.parameters, point, case.last_year)
        run = evaluator(case, plan.asked(block), held, seeds=seeds, workers=workers)
        found = _search(plan, block, point, _telling(run, block, say), folder / block.name)
        point = {**point, **found.best}
        trials[block.name] = found.trials
        first, best = found.trials["loss"].iloc[0], found.trials["loss"].min()
        say(f"{block.name}: loss {first:.2f} before, {best:.2f} after {len(found.trials)} points")
    return Fitted(point, trials, fit_table(plan, point, workers=workers))


def _telling(run: Evaluate, block: Block, say: Callable[[str], object]) -> Evaluate:
    """The same evaluation, which tells of every round that it has run."""

    def evaluate(points: Sequence[Point]) -> list[Simulated]:
        found = run(points)
        say(f"{block.name}: {len(points)} more points run, in {block.rounds} rounds in all")
        return found

    return evaluate


def _search(plan: CalibrationPlan, block: Block, before: Point, run: Evaluate, folder: Path) -> Found:
    """One block, from its start values; before: what holds elsewhere."""
    ranges = plan.ranges(block)
    return search(
        run,
        ranges,
        [moment_of(one) for one in plan.asked(block)],
        folder=folder,
        seed=plan.seed,
        rounds=block.rounds,
        batch=plan.batch,
        first=[{key: before[key] for key in ranges}],
        about={**about(plan, block), "held": repr(sorted(before.items()))},
    )


def fit_table(plan: CalibrationPlan, point: Point, *, workers: int, seeds: int = 10) -> pd.DataFrame:
    """Every target that something was set to, at the start and after, on other seeds than those of the search.

    Columns block, target, title, unit, low_end, high_end, tolerance, before, after, off_before, off_after.
    """
    case = load_case(plan.case)
    asked = [one for block in plan.block for one in plan.asked(block)]
    fresh = range(FIRST_SEED + plan.seeds, FIRST_SEED + plan.seeds + seeds)
    before, after = evaluator(case, asked, {}, seeds=fresh, workers=workers)([plan.start, point])
    rows = []
    for block in plan.block:
        for one in plan.asked(block):
            moment = moment_of(one)
            off = [distances(found, [moment])[one.name] for found in (before, after)]
            rows.append(
                {
                    "block": block.name,
                    "target": one.name,
                    "title": one.title,
                    "unit": one.unit,
                    "low_end": one.ends[0],
                    "high_end": one.ends[1],
                    "tolerance": one.tolerance,
                    "before": before[one.name],
                    "after": after[one.name],
                    "off_before": off[0],
                    "off_after": off[1],
                }
            )
    return pd.DataFrame(rows)
