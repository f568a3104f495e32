"""Simulated values of targets: every world that they need, over seeds, at one set of parameters or at many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import pandas as pd

from experiments.runner import Job, SeedResult, run_jobs
from experiments.scenario import Scenario
from experiments.validation.targets import Targets, World
from model.cases import Case, load_case
from model.parameters import Value

FIRST_SEED = 1


class Measure(Protocol):
    """What is read from a run: an indicator in a year of a world, under a name. Targets are such."""

    @property
    def name(self) -> str:
        """What it is called in the table."""

    @property
    def indicator(self) -> str:
        """Name of an indicator."""

    @property
    def world(self) -> str:
        """Name of a world."""

    @property
    def year(self) -> int:
        """Year of that world."""


class Asked(NamedTuple):
    """Runs of one world: set is the number of the parameter set, changes what differs in it from the case."""

    set: int
    changes: Mapping[str, Value]
    world: World
    seeds: Sequence[int]


def simulate(
    targets: Targets,
    asked: Iterable[Measure],
    sets: Sequence[Mapping[str, Value]],
    seeds: Sequence[Sequence[int]],
    *,
    workers: int,
    quiet: bool = True,
) -> pd.DataFrame:
    """Values of targets, one row a parameter set, seed and target: columns set, seed, target, value.

    sets: changes of parameters, one mapping a set; seeds: those of each set. A world's own changes come on top. Raises
    runner.RunError when a run fails.
    """
    wanted, case = list(asked), load_case(targets.case)
    needed = [world for world in targets.worlds if any(one.world == world.name for one in wanted)]
    runs = [
        Asked(number, changes, world, seeds[number][: world.most_seeds or None])
        for number, changes in enumerate(sets)
        for world in needed
    ]
    jobs = [(one, _job(one, targets.case, case, seed)) for one in runs for seed in one.seeds]
    results = run_jobs([job for _, job in jobs], workers=workers, quiet=quiet)
    rows = [row for (one, _), result in zip(jobs, results, strict=True) for row in _values(one, result, wanted)]
    return pd.DataFrame(rows, columns=["set", "seed", "target", "value"])


def _job(asked: Asked, name: str, case: Case, seed: int) -> Job:
    arm = asked.world.scenario
    bare = Scenario(arm.name, arm.title, arm.title_zh, arm.mechanisms, arm.changes)
    last_year = asked.world.last_year or case.last_year
    return Job(case, name, (bare,), seed, last_year, {**asked.changes, **asked.world.changes}, detail=False)


def _values(asked: Asked, result: SeedResult, wanted: Iterable[Measure]) -> list[tuple[int, int, str, float]]:
    """The values of one run."""
    (run,) = result.runs
    return [
        (asked.set, result.seed, one.name, float(run.indicators[one.indicator][run.years.index(one.year)]))
        for one in wanted
        if one.world == asked.world.name
    ]


def means(values: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds: one row a set, one column a target; seeds in which it did not come about are left out."""
    return values.groupby(["set", "target"], sort=False)["value"].mean().unstack("target")
