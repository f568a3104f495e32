"""One seed of two worlds, run in a worker: apart from the page, so that workers start without what only it needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.runner import ArmRun, Job, run_seed

if TYPE_CHECKING:
    from experiments.effects import Floats

NICE = 10  # workers step back behind the pages


class SeedPaths(NamedTuple):
    """What one seed left of both worlds: outcomes, each a value a year, and gains, shape (years, sectors)."""

    seed: int
    outcomes: tuple[Mapping[str, Floats], Mapping[str, Floats]]
    gains: tuple[Floats, Floats]


def paths_of(job: Job, names: tuple[str, str]) -> SeedPaths:
    """Run one seed, in a worker. names: of the two arms."""
    _step_back()
    runs = {run.arm: run for run in run_seed(job).runs}
    left, right = (runs[name] for name in names)
    gains = _gains(left, job), _gains(right, job)
    return SeedPaths(job.seed, (left.indicators, right.indicators), gains)


def _gains(run: ArmRun, job: Job) -> Floats:
    """The gains of all sectors, shape (years, sectors), sectors in the order of ``model.accounts.sectors``."""
    from model.accounts import sectors

    place = {sector: row for row, sector in enumerate(sectors(job.case))}
    found = np.zeros((len(run.years), len(place)))
    for year, table, _, kind, county, _, _, amount in run.accounts:
        if table == "gain":  # as model.accounts.AccountRow calls it; what names it otherwise takes long to load
            found[year - run.years[0], place[kind, county]] = amount
    return found


def _step_back() -> None:
    """Let the pages' own work go first."""
    if hasattr(os, "nice") and os.nice(0) < NICE:
        os.nice(NICE)
