"""Write a fitted set into the parameter files: value, status and source of each key, all else as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.calibration.moments import CalibrationError
from experiments.calibration.plan import CalibrationPlan
from experiments.sampling import Point, anchor_year, as_change
from model.cases import Case, load_case

DIGITS = 12  # significant, of the dates of a path: so many that a search from these files finds the same again
SAID = re.compile(r"^set to [^;]* by feidi calibrate(; )?")  # what an earlier calibration wrote


def adopt(plan: CalibrationPlan, point: Point, root: Path) -> list[Path]:
    """Make a point the values in use. root: of the project. Returns the files that were written.

    Figures of a county go into the case's file, all others into that of their topic; their status becomes calibrated,
    and their source names the targets of the block. Raises CalibrationError where a file or a table is not found.
    """
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
    for file, changes in files.items():
        _write(file, changes)
    return list(files)


def _write(file: Path, changes: list[tuple[list[str], Any, str]]) -> None:
    """Change some tables of one file, and leave its comments and its order alone."""
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
    file.write_text(tomlkit.dumps(document), encoding="utf-8")


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
