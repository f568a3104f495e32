"""The parts of a batch as tables: merged on disk without ever being all in memory, and read back as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

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
    for name in (RUNS, OUTCOMES):
        _merge(folder, plan.units, name, into / f"{name}.parquet")


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


def _merge(folder: Folder, units: Sequence[Unit], name: str, file: Path) -> None:
    """One table of all parts as one Parquet file, some parts at a time."""
    import pyarrow
    import pyarrow.parquet

    writer = None
    try:
        for block in _blocks(folder, units, name):
            table = pyarrow.Table.from_pandas(block, preserve_index=False)
            if writer is None:
                text = [column for column in block.columns if block[column].dtype == object]
                writer = pyarrow.parquet.ParquetWriter(file, table.schema, compression="zstd", use_dictionary=text)
            writer.write_table(table, row_group_size=len(block))
    finally:
        if writer is not None:
            writer.close()


def _blocks(folder: Folder, units: Sequence[Unit], name: str) -> Iterator[pd.DataFrame]:
    for first in range(0, len(units), AT_ONCE):
        tables = (folder.table(unit, name) for unit in units[first : first + AT_ONCE])
        found = [table for table in tables if table is not None]
        if found:
            yield pd.concat(found, ignore_index=True)


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
