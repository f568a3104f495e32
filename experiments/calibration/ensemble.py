"""Parameter sets of a case that fit its calibration targets acceptably: the committed ensemble.

A file a case in ``ensembles/``: a CSV table with a row a set and a column a key; the first set is the one in use. A
number stands for the date of a dated parameter to which its range refers (``sampling.anchor_year``). ``feidi calibrate
--adopt`` writes it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from experiments.sampling import Point, changes_of
from model.cases import Case
from model.parameters import ParameterError, Value


class EnsembleError(ValueError):
    """An ensemble that does not fit the parameters of its case."""


def _file(case: str) -> Traversable:
    return files(__package__) / "ensembles" / f"{case}.csv"


@cache
def ensemble(case: str) -> tuple[Point, ...]:
    """The sets of a case by its name; none where it has no ensemble. Raises EnsembleError for a damaged file."""
    file = _file(case)
    if not file.is_file():
        return ()
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    try:
        return tuple({key: float(value) for key, value in row.items()} for row in rows)
    except (TypeError, ValueError) as error:
        raise EnsembleError(f"{case}.csv: {error}. Write the ensemble anew with feidi calibrate.") from None


def changes_of_sets(case: Case, most: int | None = None) -> list[dict[str, Value]]:
    """The sets as changes of the case's parameters, the first ``most`` of them. Raises EnsembleError."""
    try:
        return [changes_of(case.parameters, point, case.last_year) for point in ensemble(case.name)[:most]]
    except ParameterError as error:
        raise EnsembleError(f"the ensemble of {case.name}: {error} Write it anew with feidi calibrate.") from None
