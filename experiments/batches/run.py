"""Carry a batch out: open its folder, run what is missing, in rounds where a precision is wanted, and finish it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from experiments.batches.folder import Folder
from experiments.batches.plan import BatchPlan, Unit
from experiments.batches.work import Keep, work_through
from experiments.pools import usable_cores
from experiments.scenario import with_twins

Runner = Callable[[BatchPlan, Sequence[Unit], Keep], None]


class BatchInterrupted(KeyboardInterrupt):
    """Ctrl-C during a batch: what is finished, and how to go on."""


@dataclass(frozen=True)
class Shard:
    """A part of the units for one of several machines: every ``of``-th seed, from the ``number``-th on (from 1)."""

    number: int
    of: int

    def mine(self, units: Sequence[Unit]) -> tuple[Unit, ...]:
        """The units of this shard: whole seeds, so that each seed has all its arms and points in one place."""
        first = min(unit.seed for unit in units)
        return tuple(unit for unit in units if (unit.seed - first) % self.of == self.number - 1)


def trial_seconds(plan: BatchPlan) -> float:
    """How long a run takes here: one run of the last arm without books, at the first point."""
    from dataclasses import replace

    from experiments.runner import run_each

    job = replace(plan.job(plan.units[0]), scenarios=(_plain(plan),), detail=False)
    run_each(replace(job, last_year=plan.case.first_year))  # what is read and imported once is no part of a run
    began = perf_counter()
    run_each(job)
    return perf_counter() - began


def _plain(plan: BatchPlan) -> Any:
    """The last arm that looks at no other."""
    return next((one for one in reversed(with_twins(plan.scenarios)) if one.aid_of is None), plan.scenarios[-1])


def local(workers: int | None) -> Runner:
    """A runner on processes of this machine."""
    count = usable_cores() if workers is None else workers

    def run(plan: BatchPlan, units: Sequence[Unit], keep: Keep) -> None:
        work_through(plan, units, workers=min(count, max(len(units), 1)), keep=keep)

    return run


def run_missing(plan: BatchPlan, folder: Folder, units: Sequence[Unit], runner: Runner, *, quiet: bool) -> int:
    """Run the units that have no sound part yet, with a progress bar on stderr unless quiet; how many that were."""
    missing, damaged = folder.missing(units)
    for name in damaged:
        print(f"feidi: {name} was damaged: put aside, its runs are run again.", file=sys.stderr)
    runs_each = len(with_twins(plan.scenarios))
    with _bar(len(units) * runs_each, (len(units) - len(missing)) * runs_each, quiet) as bar:

        def keep(unit: Unit, part: bytes) -> None:
            folder.keep(unit, part)
            bar.update(runs_each)

        runner(plan, missing, keep)
    return len(missing)


def _bar(total: int, there: int, quiet: bool) -> Any:
    """The progress bar, starting from what is there."""
    from tqdm import tqdm

    pace = 0.1 if sys.stderr.isatty() else 5.0
    return tqdm(
        total=total,
        initial=there,
        desc="runs",
        unit="run",
        leave=False,
        disable=quiet,
        mininterval=pace,
        dynamic_ncols=True,
    )


@contextmanager
def going_on(folder: Folder, units: int, command: str) -> Iterator[None]:
    """Tell a Ctrl-C inside with what is finished and how to go on. Raises BatchInterrupted."""
    try:
        yield
    except KeyboardInterrupt:
        raise BatchInterrupted(
            f"interrupted. {len(folder.stored())} of {units} units are finished and kept in {folder.path}. "
            f"To go on: {command}"
        ) from None
