"""What ``feidi calibrate`` does: fit, look for sets that fit acceptably, write both, and adopt them if asked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

import experiments
from experiments.calibration.adopt import adopt, check_root, value_in_use
from experiments.calibration.fit import Fitted, fit
from experiments.calibration.moments import CalibrationError
from experiments.calibration.plan import CalibrationPlan, load_plan
from experiments.calibration.report import sections
from experiments.calibration.search import alone
from experiments.calibration.waves import Sets, find_sets, ranges_of_plan
from experiments.manifest import commit, versions
from experiments.pools import usable_cores
from experiments.report import as_markdown, as_text
from experiments.store import write_manifest
from model.cases import load_case

ROOT = Path(experiments.__file__).parent.parent
FIT = "fit"  # the folder of the searches


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line. adopted: write what was found into the files of the project."""

    case: str
    out: str | None
    workers: int | None
    quiet: bool
    adopted: bool
    words: Sequence[str]


def carry_out(request: Request) -> str:
    """Calibrate into a folder, going on where it was left; the text to print.

    Raises CalibrationError, RunError, and KeyboardInterrupt with a word on how to go on.
    """
    plan, workers = load_plan(request.case), usable_cores() if request.workers is None else request.workers
    if workers < 1:
        raise CalibrationError(f"workers is {workers}: give a whole number of at least 1.")
    _check_packages(adopted=request.adopted)
    if request.adopted:
        check_root(ROOT, plan)
    folder = _folder(request)
    try:
        with alone(folder):
            return _calibrated(request, plan, folder, workers)
    except OSError as error:
        raise CalibrationError(
            f"cannot write to {folder}: {error.strerror or error}. Make room, or give --out another folder."
        ) from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"interrupted. What is finished is kept in {folder}: the same command goes on."
        ) from None


def _check_packages(*, adopted: bool) -> None:
    """Refuse to begin hours of runs without what is needed at their end. Raises CalibrationError."""
    needed = ["optuna", "sklearn", "threadpoolctl", *(["tomlkit"] if adopted else [])]
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise CalibrationError(f'no module {missing[0]!r}: to calibrate, pip install "feidi[calibration]".')


def _folder(request: Request) -> Path:
    """Where results go: a folder of its own. Raises CalibrationError."""
    try:
        folder = Path(request.out or f"results/calibrate-{request.case}").expanduser().resolve()
    except RuntimeError as error:
        raise CalibrationError(f"no folder {request.out}: {error} Give --out another name.") from None
    foreign = folder.exists() and not folder.is_dir()
    if not foreign and folder.exists() and not (folder / FIT).is_dir():
        foreign = any(not file.name.startswith(".") for file in folder.iterdir())
    if foreign:
        raise CalibrationError(f"{folder} holds something else than a calibration. Give --out a folder of its own.")
    return folder


def _calibrated(request: Request, plan: CalibrationPlan, folder: Path, workers: int) -> str:
    """All of it, in a folder that nobody else is at work in."""

    def say(line: str) -> None:
        if not request.quiet:
            print(line, file=sys.stderr, flush=True)

    fitted = fit(plan, folder / FIT, workers=workers, say=say)
    sets = find_sets(plan, fitted.point, folder / "sets", workers=workers, say=say)
    tables = tables_of(plan, fitted, sets)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    told = sections(plan, fitted, sets, tables)
    (folder / "report.md").write_text(as_markdown(told, []), encoding="utf-8")
    write_manifest(folder, _manifest(request, plan))
    text = f"{as_text(told)}\n\nTables, report and manifest: {folder}"
    if not request.adopted:
        return text
    written = adopt(plan, fitted.point, sets.points, ROOT)
    names = ", ".join(file.relative_to(ROOT).as_posix() for file in written)
    return f"{text}\nAdopted: {names}."


def tables_of(plan: CalibrationPlan, fitted: Fitted, sets: Sets) -> dict[str, pd.DataFrame]:
    """All tables of a calibration, by the name of their file."""
    case, ranges = load_case(plan.case), ranges_of_plan(plan)
    settings = [
        {
            "key": key,
            "block": block.name,
            "start": one.start,
            "set_to": fitted.point[key],
            "low": ranges[key].low,
            "high": ranges[key].high,
            "unit": case.parameters.declared(key).unit,
            "why": one.why,
        }
        for block in plan.block
        for key, one in block.parameters.items()
    ]
    also = [{"key": key, "value": value_in_use(case, key)} for key in plan.ensemble.also]
    return {
        "settings": pd.DataFrame(settings),
        "also_varied": pd.DataFrame(also, columns=["key", "value"]),
        "fit": fitted.fit,
        "ensemble": sets.points,
        "ensemble_moments": sets.moments,
        "emulators": sets.diagnostics,
        "identified": sets.told.parameters,
        "tradeoffs": sets.told.tradeoffs,
        "drivers": sets.told.drivers,
        **{f"trials_{name}": table for name, table in fitted.trials.items()},
    }


def _manifest(request: Request, plan: CalibrationPlan) -> dict[str, object]:
    return {
        "command_line": list(request.words),
        "versions": versions(),
        "commit": commit(),
        "plan": plan.model_dump(mode="json"),
    }
