"""Running a unit of work, in whatever process: what its runs leave, as the bytes of one file.

A part is a zip file of Parquet tables, one write each: ``runs`` (one row a run, with its error where it failed) and
``outcomes`` (one row a run and year), for the first point all that ``frames.RUN_TABLES``
names besides. Same runs, same bytes.
"""

from __future__ import annotations

import io
import traceback
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.batches.code import check_code
from experiments.runner import Failure, Job, SeedResult, run_each

if TYPE_CHECKING:
    import pandas as pd

RUNS, OUTCOMES, INDICATORS = "runs", "outcomes", "indicators"
RUN_COLUMNS = ["point", "seed", "arm", "status", "error", "traceback", "command"]
DONE, FAILED = "done", "failed"
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say: no clock in a part


@dataclass(frozen=True)
class Work:
    """A unit as it is sent to a process: its runs, its point's row, and what is kept of them.

    outcomes: names of indicators; years: those that are kept, all where empty;
    code: check sum of the code that is to run it.
    """

    job: Job
    point: int
    outcomes: tuple[str, ...]
    years: tuple[int, ...]
    code: str


def run_block(block: Sequence[Work]) -> list[bytes]:
    """The parts of some units, one after the other. A run that fails is a row of its table of runs.

    Raises CodeChangedError where the code here is not that of the batch.
    """
    check_code(block[0].code)
    return [_run_or_fail(work) for work in block]


def _run_or_fail(work: Work) -> bytes:
    """The part of a unit, also of one whose tables cannot be made."""
    try:
        return run_work(work)
    except Exception as error:
        return failed_part(work, f"{type(error).__name__}: {error}", traceback.format_exc())


def run_work(work: Work) -> bytes:
    """Run a unit; the bytes of its part. When a run fails the others go on."""
    found = run_each(work.job)
    failures = {name: one for name, one in found.items() if isinstance(one, Failure)}
    runs = tuple(one for one in found.values() if not isinstance(one, Failure))
    return as_part(_tables(work, SeedResult(work.job.seed, runs), failures))


def failed_part(work: Work, error: str, trace: str = "") -> bytes:
    """The part of a unit that could not be run at all."""
    failures = {one.name: Failure(error, trace, work.job.command(one)) for one in work.job.scenarios}
    return as_part(_tables(work, SeedResult(work.job.seed, ()), failures))


def _tables(work: Work, result: SeedResult, failures: Mapping[str, Failure]) -> dict[str, pd.DataFrame]:
    """All tables of a unit."""
    import pandas as pd

    from experiments.frames import RUN_TABLES

    rows = []
    for scenario in work.job.scenarios:
        failure = failures.get(scenario.name)
        told = (FAILED, *failure) if failure else (DONE, "", "", "")
        rows.append((work.point, result.seed, scenario.name, *told))
    tables = {RUNS: pd.DataFrame(rows, columns=RUN_COLUMNS)}
    if result.runs:
        books = {name: make([result]) for name, make in RUN_TABLES.items() if work.job.detail or name == INDICATORS}
        kept = books[INDICATORS]
        chosen = kept[kept["year"].isin(work.years)] if work.years else kept
        tables[OUTCOMES] = chosen[["seed", "arm", "year", *work.outcomes]].reset_index(drop=True)
        tables[OUTCOMES].insert(0, "point", work.point)
        tables |= books if work.job.detail else {}
    return tables


def as_part(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Tables as the bytes of a part; the file itself tells whether a byte of it was damaged."""
    from experiments.store import parquet_bytes

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, table in tables.items():
            file.writestr(zipfile.ZipInfo(f"{name}.parquet", _NO_TIME), parquet_bytes(table))
    return buffer.getvalue()
