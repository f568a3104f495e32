"""The parts of a batch as tables: merged on disk without ever being all in memory, and read back as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.batches.folder import Folder
from experiments.batches.plan import BatchPlan, Unit
from experiments.batches.unit import OUTCOMES, RUNS
from experiments.effects import Floats
from model.parameters import Value, spelled

AT_ONCE = 64  # parts that are in memory together, and a row group of the merged table


def merge(plan: BatchPlan, folder: Folder, into: Path) -> None:
    """Write the tables of runs and outcomes of all units, in their order, and the table of points."""
    points_frame(plan).to_csv(into / "points.csv", index=False, lineterminator="\n")
    with ExitStack() as files:
        writers: dict[str, Any] = {}
        for first in range(0, len(plan.units), AT_ONCE):
            parts = [folder.tables(unit, (RUNS, OUTCOMES)) for unit in plan.units[first : first + AT_ONCE]]
            for name in (RUNS, OUTCOMES):
                found = [part[name] for part in parts if name in part]
                if found and name not in writers:
                    writers[name] = files.enter_context(_writer(into / f"{name}.parquet", found[0].schema))
                if found:
                    _write(writers[name], found)


def points_frame(plan: BatchPlan) -> pd.DataFrame:
    """One row a point: its number, its name, and the values that the design gives it."""
    shown = [{**point.changes, **point.values} for point in plan.points]
    keys = list(dict.fromkeys(key for values in shown for key in values))
    rows = [
        (row, point.name, *(_plain(values.get(key, np.nan)) for key in keys))
        for row, (point, values) in enumerate(zip(plan.points, shown, strict=True))
    ]
    return pd.DataFrame(rows, columns=["point", "name", *keys])


def _plain(value: Value) -> float | str:
    """A number, or values by year in one word."""
    return spelled(value) if isinstance(value, Mapping) else value


def _writer(file: Path, schema: Any) -> Any:
    """What writes a Parquet file of tables that follow on each other; text columns as dictionaries."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    text = [field.name for field in schema if pyarrow.types.is_string(field.type)]
    return ParquetWriter(file, schema, compression="zstd", use_dictionary=text)


def _write(writer: Any, tables: Sequence[Any]) -> None:
    """Write Arrow tables as one row group."""
    import pyarrow

    block = pyarrow.concat_tables(tables).combine_chunks()
    writer.write_table(block, row_group_size=len(block))


def outcome_arrays(plan: BatchPlan, file: Path, years: Sequence[int]) -> dict[str, Floats]:
    """The outcomes of each arm: shape (points, seeds, years, outcomes), missing where a run failed.

    file: the merged table of outcomes. Units that hold one seed a point give one seed.
    """
    frame = pd.read_parquet(file, filters=[("year", "in", list(years))]) if file.exists() else pd.DataFrame()
    rows = dict(zip(plan.units, _seed_rows(plan.units), strict=True))
    shape = (len(plan.points), max(rows.values()) + 1, len(years), len(plan.outcomes))
    found = {arm: np.full(shape, np.nan) for arm in plan.arms}
    place = {year: row for row, year in enumerate(years)}
    for arm, mine in frame.groupby("arm") if len(frame) else ():
        points, year = mine["point"].to_numpy(), mine["year"].map(place).to_numpy()
        seeds = [rows[Unit(point, seed)] for point, seed in zip(points.tolist(), mine["seed"].tolist(), strict=True)]
        found[str(arm)][points, seeds, year] = mine[list(plan.outcomes)].to_numpy(dtype=float)
    return found


def _seed_rows(units: Sequence[Unit]) -> list[int]:
    """The place of each unit's seed among those of its point."""
    counts: dict[int, int] = {}
    rows = []
    for unit in units:
        rows.append(counts.get(unit.point, 0))
        counts[unit.point] = rows[-1] + 1
    return rows


def failed_runs(file: Path) -> pd.DataFrame:
    """The runs that failed, with their errors and the commands that repeat them."""
    return pd.read_parquet(file, filters=[("status", "==", "failed")]).reset_index(drop=True)
