"""Parameter sets that fit acceptably: waves of history matching on a case, then runs that confirm what is left.

Each wave's runs are kept in a file of the folder as they finish, so that a search that was killed goes on. A point is
run with a seed of its own; what may be taken into the ensemble is run with further seeds, which neither the search nor
the waves have seen, and judged by their mean.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.batches.code import check_code, code_digest
from experiments.calibration.adopt import value_in_use
from experiments.calibration.closing import near
from experiments.calibration.identification import LEAST_POINTS, Identified, identified
from experiments.calibration.matching import Wave, wave
from experiments.calibration.moments import CalibrationError, Moment, distances, loss, rounded
from experiments.calibration.plan import CalibrationPlan, moment_of
from experiments.sampling import Point, Range, changes_of, latin_hypercube, ranges_of
from experiments.validation.simulate import means, simulate
from experiments.validation.targets import CALIBRATION, load_targets
from model.cases import load_case
from model.draws import Draws

CHUNK = 16  # points that are run and written together
RUNS, IDENTITY = "waves", "waves.json"
WAVE_SEED, CONFIRM_SEED = 101, 1001  # first seeds, far apart: the search has those from 1 on
CONFIRMING = 3  # seeds of a point that may be taken
TRIED = 2  # times as many points as sets wanted
CLOSING = 4  # times that points round the fitted one are looked for, each time with what was run before
EXPECTED = 1.0  # squared tolerances that emulators may expect of them
LOOSE = 2.0  # times the loss allowed that one run of a point may have, which luck has a part in


class Sets(NamedTuple):
    """What the waves left: the sets that fit, with their moments and loss, and what the targets say of parameters."""

    points: pd.DataFrame
    moments: pd.DataFrame
    diagnostics: pd.DataFrame
    told: Identified
    share: float
    tried: int


def ranges_of_plan(plan: CalibrationPlan) -> dict[str, Range]:
    """The ranges of all parameters that are set, and of the further uncertainties that the ensemble varies."""
    parameters = load_case(plan.case).parameters
    return ranges_of(parameters, [*plan.keys, *plan.ensemble.also])


def moments_of(plan: CalibrationPlan) -> list[Moment]:
    """All calibration targets of the case."""
    return [moment_of(one) for one in load_targets(plan.case).of_use(CALIBRATION)]


def fits(simulated: Mapping[str, float], moments: Sequence[Moment], plan: CalibrationPlan) -> bool:
    """Whether simulated moments fit acceptably: see ``plan.Ensemble``."""
    off = [abs(one) for one in distances(simulated, moments).values()]
    return all(one <= plan.ensemble.furthest for one in off) and loss(simulated, moments) <= plan.ensemble.most_loss


def find_sets(
    plan: CalibrationPlan, fitted: Point, folder: Path, *, workers: int, say: Callable[[str], object]
) -> Sets:
    """Wave after wave, then the confirming runs. fitted: the point in use, the first set. Raises CalibrationError."""
    ranges, moments = ranges_of_plan(plan), moments_of(plan)
    _claim(folder, plan, ranges, moments, fitted)
    asked = plan.ensemble
    points = latin_hypercube(ranges, asked.points, Draws(plan.seed).generator("calibration: design"))
    points = [rounded(point, ranges) for point in points]
    before, design = list[Wave](), pd.DataFrame()
    for number in range(asked.waves + 1):
        say(f"{len(points)} points of wave {number} are run")
        file, first = folder / f"{RUNS}-{number}.csv", WAVE_SEED + len(design)
        rows = _run(plan, points, file, moments, first=first, workers=workers)
        design = pd.concat([design, rows], ignore_index=True)
        if number == asked.waves:
            break
        generator = Draws(plan.seed).generator(f"calibration: wave {number}")
        found = wave(design, moments, ranges, generator, new=asked.new, rank=asked.forgiven + 1, before=before)
        if not found.points:
            raise CalibrationError(
                f"no parameter set fits: after wave {number + 1} the nearest one lies {found.least:.1f} times as far "
                "off as is allowed. A target, its tolerance or a rule of the model is wrong."
            )
        before.append(found)
        points = found.points
        say(f"wave {number + 1}: {len(design)} runs, {found.share:.2g} of the space is left")
    say(f"{asked.sets * TRIED} points round the fitted one are run {CLOSING} times, then all that may fit again")
    design = _closed_in(plan, fitted, design, folder, workers=workers)
    return _confirmed(plan, fitted, design, before[-1], folder, workers=workers)


def _closed_in(
    plan: CalibrationPlan, fitted: Point, design: pd.DataFrame, folder: Path, *, workers: int
) -> pd.DataFrame:
    """The design with runs at points round the fitted one that are expected to fit, each time better known."""
    ranges, moments, asked = ranges_of_plan(plan), moments_of(plan), plan.ensemble
    for number in range(asked.waves + 1, asked.waves + 1 + CLOSING):
        points = near(
            _whole(plan, fitted),
            design,
            moments,
            ranges,
            Draws(plan.seed).generator(f"calibration: closing in {number}"),
            count=TRIED * asked.sets,
            bound=EXPECTED,
            forgiven=asked.forgiven,
        )
        file, first = folder / f"{RUNS}-{number}.csv", WAVE_SEED + len(design)
        rows = _run(plan, points, file, moments, first=first, workers=workers)
        design = pd.concat([design, rows], ignore_index=True)
    return design


def _confirmed(
    plan: CalibrationPlan, fitted: Point, design: pd.DataFrame, last: Wave, folder: Path, *, workers: int
) -> Sets:
    """The fitted set and those of the design that fit, each run with further seeds and judged by the mean."""
    ranges, moments = ranges_of_plan(plan), moments_of(plan)
    points = [_whole(plan, fitted), *_candidates(plan, design, ranges, moments)]
    seeds = range(CONFIRM_SEED, CONFIRM_SEED + CONFIRMING)
    found = _run(plan, points, folder / f"{RUNS}-confirmed.csv", moments, seeds=seeds, workers=workers)
    # The set in use is one of them whether it fits or not: all others are told beside it.
    fit = [number for number, row in enumerate(_rows(found, moments)) if number == 0 or fits(row, moments, plan)]
    kept = found.iloc[fit[: plan.ensemble.sets]].reset_index(drop=True)
    # Of what no target rules out much lies far off: what the targets tell is told by the runs that fit loosely.
    near = design.iloc[_near(plan, design, moments)]
    loose, independent = (near, None) if len(near) >= LEAST_POINTS else (last.kept, last.survivors)
    told = identified(loose, design, moments, ranges, independent=independent)
    simulated = _rows(kept, moments)
    scored = pd.DataFrame(simulated).assign(loss=[loss(row, moments) for row in simulated])
    return Sets(kept[list(ranges)], scored, last.diagnostics, told, last.share, len(points))


def _candidates(
    plan: CalibrationPlan, design: pd.DataFrame, ranges: Mapping[str, Range], moments: Sequence[Moment]
) -> list[Point]:
    """Points of the design whose one run fits loosely, drawn at random, so that the best are not preferred."""
    near = _near(plan, design, moments)
    drawn = Draws(plan.seed).generator("calibration: candidates").permutation(near)[: TRIED * plan.ensemble.sets]
    return [{key: float(row[key]) for key in ranges} for row in design.iloc[drawn].to_dict("records")]


def _near(plan: CalibrationPlan, design: pd.DataFrame, moments: Sequence[Moment]) -> list[int]:
    """The points of the design whose one run fits loosely. Rows."""
    losses = np.array([loss(row, moments) for row in _rows(design, moments)])
    return np.flatnonzero(losses <= LOOSE * plan.ensemble.most_loss).tolist()


def _rows(table: pd.DataFrame, moments: Sequence[Moment]) -> list[dict[str, float]]:
    """The moments of each row."""
    return [{one.name: float(row[one.name]) for one in moments} for row in table.to_dict("records")]


def _whole(plan: CalibrationPlan, fitted: Point) -> Point:
    """The fitted set with the further uncertainties at the values in use."""
    case = load_case(plan.case)
    return {**fitted, **{key: value_in_use(case, key) for key in plan.ensemble.also}}


def _run(
    plan: CalibrationPlan,
    points: Sequence[Point],
    file: Path,
    moments: Sequence[Moment],
    *,
    workers: int,
    first: int = 0,
    seeds: range | None = None,
) -> pd.DataFrame:
    """Moments at points, a row each, in chunks that are written as they finish; rows that are there are not run again.

    first: seed of the first point, the others follow; seeds: the same for all points, in place of that.
    """
    case, targets, code = load_case(plan.case), load_targets(plan.case), code_digest()
    asked, keys = targets.of_use(CALIBRATION), list(points[0])
    done = _read(file, points)
    for start in range(len(done), len(points), CHUNK):
        check_code(code)
        chunk = points[start : start + CHUNK]
        luck = [list(seeds) if seeds else [first + start + number] for number in range(len(chunk))]
        sets = [changes_of(case.parameters, point, case.last_year) for point in chunk]
        found = means(simulate(targets, asked, sets, luck, workers=workers))
        rows = pd.DataFrame(list(chunk), columns=keys)
        for one in moments:
            rows[one.name] = [float(found[one.name].get(number, np.nan)) for number in range(len(chunk))]
        done = pd.concat([done, rows], ignore_index=True)
        _write(done, file)
    return done.iloc[: len(points)]


def _read(file: Path, points: Sequence[Point]) -> pd.DataFrame:
    """The rows that are there. Raises CalibrationError where they are of other points than those asked for."""
    done = pd.read_csv(file, float_precision="round_trip") if file.exists() else pd.DataFrame()
    if len(done) and done[list(points[0])].to_dict("records") != list(points[: len(done)]):
        raise CalibrationError(
            f"{file} holds runs of other points: other libraries or another processor made them. Give another folder."
        )
    return done


def _write(table: pd.DataFrame, file: Path) -> None:
    """Put a table in the place of the one before, whole or not at all."""
    partial = file.with_suffix(".partial")
    table.to_csv(partial, index=False, lineterminator="\n")
    partial.replace(file)


def _claim(
    folder: Path, plan: CalibrationPlan, ranges: Mapping[str, Range], moments: Sequence[Moment], fitted: Point
) -> None:
    """Refuse a folder whose runs are of something else. Raises CalibrationError."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "plan": plan.model_dump(mode="json"),
        "ranges": {key: [one.low, one.high] for key, one in ranges.items()},
        "moments": {one.name: [one.value, one.tolerance, *one.fitting] for one in moments},
        "targets": load_targets(plan.case).model_dump(mode="json"),
        "fitted": fitted,
        "code": code_digest(),
    }
    file, text = folder / IDENTITY, json.dumps(said, indent=1) + "\n"
    if not file.exists():
        file.write_text(text, encoding="utf-8")
    elif file.read_text(encoding="utf-8") != text:
        raise CalibrationError(f"{folder} holds waves of another plan or of other code. Give --out another folder.")
