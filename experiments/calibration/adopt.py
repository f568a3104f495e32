"""Write a fitted set into the parameter files: value, status and source of each key, all else as it stands."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibration.moments import CalibrationError
from experiments.calibration.plan import CalibrationPlan
from experiments.sampling import Point, anchor_year, as_change
from model.cases import Case, load_case

if TYPE_CHECKING:
    import pandas as pd

ENSEMBLES = Path("experiments") / "calibration" / "ensembles"
DIGITS = 12  # significant, of the dates of a path: so many that a search from these files finds the same again
SAID = re.compile(r"^set to [^;]* by feidi calibrate(; )?")  # what an earlier calibration wrote


def check_root(root: Path, plan: CalibrationPlan) -> None:
    """Refuse to adopt outside of the sources of the project, before anything is run. Raises CalibrationError."""
    if not (root / "pyproject.toml").is_file():
        raise CalibrationError(
            f"{root} is not the project's sources: an installed feidi is not changed. Clone the project, "
            "pip install -e . there, and give the same command again."
        )
    for file in (*_changes(plan, plan.start, root), root / ENSEMBLES):
        if not os.access(file, os.W_OK):
            raise CalibrationError(
                f"{file} cannot be written to, so that nothing could be adopted. Look at its rights."
            )


def adopt(plan: CalibrationPlan, point: Point, sets: pd.DataFrame, root: Path) -> list[Path]:
    """Make a point the values in use, and sets the ensemble. root: of the project. Returns the files written.

    Figures of a county go into the case's file, all others into that of their topic; their status becomes calibrated,
    and their source names the targets of the block. All files are made first and then put in their places. Raises
    CalibrationError where a file or a table is not found.
    """
    made = {file: _changed(file, changes) for file, changes in _changes(plan, point, root).items()}
    made = {root / ENSEMBLES / f"{plan.case}.csv": sets.to_csv(index=False, lineterminator="\n"), **made}
    for file, text in made.items():
        file.with_suffix(".partial").write_text(text, encoding="utf-8")
    for file in made:
        file.with_suffix(".partial").replace(file)
    return list(made)


def _changes(plan: CalibrationPlan, point: Point, root: Path) -> dict[Path, list[tuple[list[str], Any, str]]]:
    """What changes in each file: the steps to a table, its value, and what its source says first."""
    case = load_case(plan.case)
    slugs = {county.slug for county in case.counties}
    files: dict[Path, list[tuple[list[str], Any, str]]] = {}
    for block in plan.block:
        said = f"set to {', '.join(block.targets)} by feidi calibrate"
        for key in block.parameters:
            topic, name = key.split(".")
            mine = topic in slugs
            file = root / "model" / ("cases" if mine else "parameters") / f"{plan.case if mine else topic}.toml"
            value = as_change(case.parameters.declared(key), point[key], case.last_year)
            files.setdefault(file, []).append((["figures", topic, name] if mine else [topic, name], value, said))
    return files


def _changed(file: Path, changes: list[tuple[list[str], Any, str]]) -> str:
    """A file's text with some of its tables changed, its comments and its order as they are."""
    import tomlkit

    if not file.is_file():
        raise CalibrationError(f"no file {file}: give the root of the project, in which model/ lies.")
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    for steps, value, said in changes:
        table: Any = document
        for step in steps:
            if step not in table:
                raise CalibrationError(f"{file.name}: no table {'.'.join(steps)}. Declare the parameter first.")
            table = table[step]
        if isinstance(value, Mapping):
            for year, amount in value.items():
                table["value"][str(year)] = float(f"{amount:.{DIGITS}g}")
        else:
            table["value"] = value
        before = SAID.sub("", str(table.get("source", "")))
        table["status"], table["source"] = "calibrated", "; ".join(part for part in (said, before) if part)
    return tomlkit.dumps(document)


def differing(plan: CalibrationPlan, point: Point) -> list[str]:
    """The keys whose value in use is not that of a point; of a dated one the date counts to which its range refers."""
    case = load_case(plan.case)
    return [key for key in plan.keys if value_in_use(case, key) != point[key]]


def value_in_use(case: Case, key: str) -> float:
    """A parameter's own value; of a dated one, that of the date to which its range refers."""
    declared = case.parameters.declared(key)
    if isinstance(declared.value, Mapping):
        return declared.value[anchor_year(declared, case.last_year)]
    return declared.value
