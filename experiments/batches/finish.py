"""Finish a batch: merged tables, answers, figures, reports and manifest, made beside and moved into their places."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.batches.answers import effects_by_point, expectations
from experiments.batches.folder import IDENTITY, PARTS, SOURCE, Folder
from experiments.batches.inequality import inequality_of
from experiments.batches.parted import interactions_table, shares_table
from experiments.batches.plan import BatchPlan, Unit
from experiments.batches.sampled import TABLES, sampled_table
from experiments.batches.tables import failed_runs, merge, outcome_arrays, points_frame
from experiments.batches.unit import OUTCOMES, RUNS
from experiments.effects import Floats
from experiments.frames import RUN_TABLES
from experiments.store import StoreError, written_files
from experiments.study import Study, study_of

FINISHING = ".finishing"


@dataclass(frozen=True)
class Batch:
    """A finished batch, as tidy tables.

    points: what each point changes; outcomes: by arm, shape (points, seeds, years reported, outcomes); effects: one row
    a point, pair, year and outcome; expected: one row an expectation; sampled: of a sampled design, shares and
    interactions: of one of subsets, see ``batches.sampled`` and ``batches.parted``; inequality: between villages at the
    first point; failed: one row a run that failed; study: the first point as a comparison with its books, None where
    none were kept or no seed has all its arms; note: on the precision that was wanted.
    """

    plan: BatchPlan
    points: pd.DataFrame
    outcomes: Mapping[str, Floats]
    effects: pd.DataFrame
    expected: pd.DataFrame
    sampled: pd.DataFrame
    shares: pd.DataFrame
    interactions: pd.DataFrame
    inequality: pd.DataFrame
    failed: pd.DataFrame
    study: Study | None
    note: str


def read_batch(plan: BatchPlan, folder: Folder, into: Path, note: str = "") -> Batch:
    """Merge the parts into ``into`` and draw the answers from them."""
    merge(plan, folder, into)
    study = _study(plan, folder) if plan.books else None
    outcomes = outcome_arrays(plan, into / f"{OUTCOMES}.parquet", plan.years)
    return Batch(
        plan=plan,
        points=points_frame(plan),
        outcomes=outcomes,
        effects=effects_by_point(plan, outcomes, plan.years),
        expected=expectations(plan, outcomes, plan.years),
        sampled=sampled_table(plan, outcomes),
        shares=shares_table(plan, outcomes),
        interactions=interactions_table(plan, outcomes),
        inequality=inequality_of(study),
        failed=failed_runs(into / f"{RUNS}.parquet"),
        study=study,
        note=note,
    )


def _study(plan: BatchPlan, folder: Folder) -> Study | None:
    """The first point with its books: those seeds whose arms all ran."""
    units = [unit for unit in plan.units if plan.detailed(unit) and _complete(folder, unit)]
    if not units:
        return None
    tables: dict[str, pd.DataFrame] = {}
    for name in RUN_TABLES:
        found = [table for unit in units if (table := folder.table(unit, name)) is not None]
        filled = [table for table in found if len(table)]  # the stakes of the first seed alone are kept
        tables[name] = pd.concat(filled or found[:1], ignore_index=True)
    small = replace(plan.study_plan(), seeds=len(units), seed=units[0].seed)
    return study_of(small, tables, turning=pd.DataFrame())


def _complete(folder: Folder, unit: Unit) -> bool:
    runs = folder.table(unit, RUNS)
    return runs is not None and bool((runs["status"] == "done").all())


def write_batch(batch: Batch, into: Path, *, manifest: Mapping[str, Any], language: str = "en") -> str:
    """Write tables, figures, reports and the manifest of a batch into a folder; the text for the terminal."""
    from experiments.batches.figures import write_batch_figures
    from experiments.batches.report import sections
    from experiments.html import write_page
    from experiments.report import as_markdown, as_text
    from experiments.store import PAGE, write_manifest, write_parquet, write_tables

    if batch.study is not None:
        write_tables(batch.study, into)
    tables = {"effects_by_point": batch.effects, "expected": batch.expected, "failed": batch.failed}
    tables |= {"shapley": batch.shares, "interactions": batch.interactions, "inequality": batch.inequality}
    for name, table in (tables | {TABLES.get(batch.plan.experiment.design.kind, ""): batch.sampled}).items():
        if len(table):
            write_parquet(table, into / f"{name}.parquet")
            table.to_csv(into / f"{name}.csv", index=False, lineterminator="\n")
    figures = write_batch_figures(batch, into / "figures", language)
    (into / "report.md").write_text(as_markdown(sections(batch, full=True), figures), encoding="utf-8")
    write_manifest(into, manifest, more=(PAGE,))
    write_page(into, title=batch.plan.experiment.title, language=language)
    return as_text(sections(batch, full=False))


def finish(
    plan: BatchPlan, folder: Folder, *, manifest: Mapping[str, Any], language: str = "en", note: str = ""
) -> tuple[str, Batch]:
    """All results of a batch whose parts are there, moved into their places when all are made.

    The text to print, and the results as tables.
    """
    into = folder.path / FINISHING
    shutil.rmtree(into, ignore_errors=True)
    try:
        into.mkdir()
        batch = read_batch(plan, folder, into, note)
        text = write_batch(batch, into, manifest=manifest, language=language)
        _move(into, folder.path)
    except OSError as error:
        raise StoreError(
            f"cannot write results to {folder.path}: {error.strerror or error}. All runs are kept: make room there, or "
            "mend the right to write, and give the same command again."
        ) from error
    finally:
        shutil.rmtree(into, ignore_errors=True)
    return text, batch


def _move(into: Path, path: Path) -> None:
    """Put what was made into its place, and take away what earlier results had and these have not."""
    made = {one.name for one in into.iterdir()}
    earlier = {name.split("/")[0] for name in written_files(path)} - {PARTS, IDENTITY, SOURCE}
    for name in sorted(made | earlier):
        place = path / name
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
        if name in made:
            (into / name).replace(place)
