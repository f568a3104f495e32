"""What ``feidi calibrate`` does: fit, look for sets that fit about as well, write both, and adopt them if asked."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import experiments
from experiments.calibration.adopt import adopt, value_in_use
from experiments.calibration.fit import Fitted, fit
from experiments.calibration.plan import CalibrationPlan, load_plan
from experiments.calibration.report import sections
from experiments.calibration.waves import Sets, find_sets, ranges_of_plan
from experiments.manifest import commit, versions
from experiments.pools import usable_cores
from experiments.report import as_markdown, as_text
from experiments.store import write_manifest
from model.cases import load_case

OWN = Path(experiments.__file__).parent / "calibration" / "ensembles"


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
    """Calibrate into a folder, going on where it was left; the text to print. Raises CalibrationError, RunError."""
    plan = load_plan(request.case)
    folder = Path(request.out or f"results/calibrate-{request.case}").expanduser()
    workers = request.workers or usable_cores()

    def say(line: str) -> None:
        if not request.quiet:
            print(line, file=sys.stderr, flush=True)

    fitted = fit(plan, folder / "fit", workers=workers, say=say)
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
    root = Path(experiments.__file__).parent.parent
    written = adopt(plan, fitted.point, root)
    shutil.copyfile(folder / "ensemble.csv", OWN / f"{plan.case}.csv")
    names = ", ".join(file.relative_to(root).as_posix() for file in written)
    return f"{text}\nAdopted: {names}, and the ensemble of {plan.case}."


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
