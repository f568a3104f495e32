"""Results folders: Parquet tables, a manifest, a report and figures, swapped in whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from experiments.study import Study

MANIFEST, GRAPH, PAGE = "manifest.json", "partnerships.graphml", "report.html"
FORMAT = "feidi results"


class StoreError(ValueError):
    """A results folder that cannot be used."""


def check_folder(folder: Path) -> None:
    """Refuse a place that is not free for results: a file, or a folder with things that feidi did not write there.

    Raises StoreError. Earlier results of feidi may be replaced.
    """
    if Path.cwd().is_relative_to(folder):
        raise StoreError(f"cannot write results to {folder}: you are inside it. Give --out a folder of its own.")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(f"cannot write results to {folder}: it is a file. Give --out another name.")
    present = set(files_of(folder))
    foreign = sorted(present - written_files(folder))
    if foreign:
        raise StoreError(
            f"cannot write results to {folder}: it holds {foreign[0]!r}, which feidi did not write. "
            "Move it away, or give --out another folder."
        )


def written_files(folder: Path) -> set[str]:
    """The files that an earlier manifest of feidi lists, itself and the page included; empty when there is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return set()
    files = manifest.get("files")
    return {MANIFEST, PAGE, *(name for name in files if isinstance(name, str))} if isinstance(files, list) else set()


def files_of(folder: Path) -> list[str]:
    """All files in a folder and below it, in order, named from the folder on."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


@contextmanager
def results_folder(out: str | Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``out`` when the block ends well, and is removed otherwise.

    Raises StoreError, before anything is run, when ``out`` cannot be written or holds something else.
    """
    try:
        folder = Path(out).expanduser().resolve()
    except RuntimeError as error:  # ~name of a user that there is not
        raise StoreError(f"cannot write results to {out}: {error} Give --out another name.") from error
    partial = folder.with_name(f".{folder.name}.partial-{os.getpid()}")
    try:
        check_folder(folder)
        _restore(folder)
        partial.mkdir(parents=True)
    except OSError as error:
        raise StoreError(_cannot(folder, error)) from error
    try:
        yield partial
        swap(partial, folder)
    except BrokenPipeError:  # who read what is printed has gone: no fault of the folder
        raise
    except OSError as error:
        raise StoreError(_cannot(folder, error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _cannot(folder: Path, error: OSError) -> str:
    """One line on why a folder cannot be written."""
    return f"cannot write results to {folder}: {error.strerror or error}. Give --out a folder that you may write."


def _aside(folder: Path) -> Path:
    """Where earlier results wait while new ones are swapped in."""
    return folder.with_name(f".{folder.name}.earlier")


def _restore(folder: Path) -> None:
    """Bring earlier results back that a crash in the middle of a swap left aside."""
    aside = _aside(folder)
    if aside.exists() and not folder.exists():
        aside.rename(folder)


def swap(partial: Path, folder: Path) -> None:
    """Put ``partial`` in the place of ``folder``; on failure the earlier results are put back."""
    aside = _aside(folder)
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)
    try:
        partial.rename(folder)
    except BaseException:
        _restore(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_tables(study: Study, folder: Path) -> None:
    """Write every table as Parquet, one write each, and the small ones of results as CSV too."""
    runs = {
        "indicators": study.indicators,
        "flows": study.flows,
        "villages": study.villages,
        "accounts": study.accounts,
        "obligations": study.obligations,
        "stakes": study.stakes,
        "who_pays_every_year": study.who_pays,
    }
    results = {"effects": study.effects, "who_paid": study.who_paid, "turning_points": study.turning}
    results |= {"who_pays": _sums(study, study.who_pays), "boundaries": _sums(study, study.boundaries)}
    results["of_each_yuan"] = study.of_each_yuan
    for name, table in (runs | results).items():
        if len(table):
            write_parquet(table, folder / f"{name}.parquet")
    if study.graph:
        (folder / GRAPH).write_text(study.graph, encoding="utf-8")
    for name, table in results.items():
        if len(table):
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _sums(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of gains that hold sums up to a year that is shown."""
    if not len(table):
        return table
    return table[table["year"].isin(study.plan.shown_years) & (table["measure"] != "year")]


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table compressed with zstd; text columns as dictionaries."""
    path.write_bytes(parquet_bytes(table))


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """The bytes of a Parquet file of a table: one row group, text columns as dictionaries, zstd."""
    import io

    import pyarrow
    import pyarrow.parquet

    buffer = io.BytesIO()
    text = list(table.select_dtypes(object).columns)
    arrow = pyarrow.Table.from_pandas(table, preserve_index=False)
    pyarrow.parquet.write_table(
        arrow, buffer, compression="zstd", use_dictionary=text, row_group_size=max(len(table), 1)
    )
    return buffer.getvalue()


def write_manifest(folder: Path, manifest: Mapping[str, Any], *, more: Sequence[str] = ()) -> None:
    """Write the manifest last, with the names of all files of the folder and of those that are still to come."""
    files = sorted({*files_of(folder), *more})
    text = json.dumps({"format": FORMAT, **manifest, "files": files}, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
