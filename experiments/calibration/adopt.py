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
from experiments.validation.targets import load_targets
from model.cases import Case, load_case

if TYPE_CHECKING:
    import pandas as pd

Change = tuple[list[str], Any, str, str]  # steps to a table, its value, what its source says first, and in Chinese
ENSEMBLES = Path("experiments") / "calibration" / "ensembles"
DIGITS = 12  # significant, of the dates of a path: so many that a search from these files finds the same again
# What an earlier calibration wrote.
SAID = re.compile(r"^set to [^;]* by feidi calibrate(; )?")
SAID_ZH = re.compile(r"^由feidi calibrate按[^；]*设定(；)?")


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
    and their source names the targets of the block, in Chinese too where they have Chinese texts. All files are made
    first and then put in their places. Raises CalibrationError where a file or a table is not found.
    """
    made = {file: _changed(file, changes) for file, changes in _changes(plan, point, root).items()}
    made = {root / ENSEMBLES / f"{plan.case}.csv": sets.to_csv(index=False, lineterminator="\n"), **made}
    for file, text in made.items():
        file.with_suffix(".partial").write_text(text, encoding="utf-8")
    for file in made:
        file.with_suffix(".partial").replace(file)
    return list(made)


def _changes(plan: CalibrationPlan, point: Point, root: Path) -> dict[Path, list[Change]]:
    """What changes in each file."""
    case = load_case(plan.case)
    slugs = {county.slug for county in case.counties}
    titles = {one.name: one.title_zh for one in load_targets(plan.case).targets}
    files: dict[Path, list[Change]] = {}
    for block in plan.block:
        said = f"set to {', '.join(block.targets)} by feidi calibrate"
        said_zh = f"由feidi calibrate按{'、'.join(f'“{titles[one]}”' for one in block.targets)}设定"
        for key in block.parameters:
            topic, name = key.split(".")
            mine = topic in slugs
            file = root / "model" / ("cases" if mine else "parameters") / f"{plan.case if mine else topic}.toml"
            value = as_change(case.parameters.declared(key), point[key], case.last_year)
            steps = ["figures", topic, name] if mine else [topic, name]
            files.setdefault(file, []).append((steps, value, said, said_zh))
    return files


def _changed(file: Path, changes: list[Change]) -> str:
    """A file's text with some of its tables changed, its comments and its order as they are."""
    import tomlkit

    if not file.is_file():
        raise CalibrationError(f"no file {file}: give the root of the project, in which model/ lies.")
    document = tomlkit.parse(file.read_text(encoding="utf-8"))
    for steps, value, said, said_zh in changes:
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
        _tell(table, said, said_zh)
    return tomlkit.dumps(document)


def _tell(table: Any, said: str, said_zh: str) -> None:
    """Write the provenance into a table, before what its source says besides."""
    before = str(table.get("source", ""))
    before_zh = SAID_ZH.sub("", str(table.get("source_zh", SAID.sub("", before))))
    table["status"], table["source"] = "calibrated", "; ".join(one for one in (said, SAID.sub("", before)) if one)
    if "meaning_zh" in table:
        table["source_zh"] = "；".join(one for one in (said_zh, before_zh) if one)


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
