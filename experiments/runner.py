"""Run the model: one seed with all its arms is the unit of work, so that arms stay paired."""

from __future__ import annotations

import shlex
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.pools import JOBS_A_WORKER, interrupts_ignored, interrupts_kept, one_thread_each, worker_pool
from experiments.scenario import Scenario, with_twins
from model.parameters import Value, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.cases import Case
    from model.economy import EconomyModel
    from model.outlays import Outlays

Flow = tuple[int, str, str, str, str, str, str, float]
AccountLine = tuple[int, str, str, str, str, str, str, float]


class RunError(RuntimeError):
    """A run that failed: arm, seed, what happened and the command that repeats it."""


@dataclass(frozen=True)
class Job:
    """One seed with all its arms.

    detail: keep books and villages too, not only the indicators; graph: the partnership graph of the last year too;
    stakes: the stakes in pools of every year.
    Arms that another one looks at are run with it, whether they were asked for or not.
    """

    case: Case
    case_name: str
    scenarios: tuple[Scenario, ...]
    seed: int
    last_year: int
    changes: Mapping[str, Value]
    detail: bool = True
    graph: bool = False
    stakes: bool = False

    @property
    def to_run(self) -> tuple[Scenario, ...]:
        """All arms that are run, in this order."""
        return with_twins(self.scenarios)

    def command(self, scenario: Scenario) -> str:
        """The command that repeats one arm of this job."""
        years = self.last_year - self.case.first_year + 1
        words = ["feidi", "run", scenario.spelled, "--case", self.case_name, "--seed", str(self.seed)]
        words += ["--years", str(years)]
        for key, value in self.changes.items():
            words += ["--set", f"{key}={spelled(value)}"]
        return shlex.join([*words, "--workers", "1", "--debug"])


@dataclass(frozen=True)
class ArmRun:
    """What one run left: an array a year for each indicator, the villages' panel, and the books.

    flows: year, unit, giver and its county, taker and its county, reason, amount; accounts: the fields of
    ``model.accounts.AccountRow``; obligations: those of ``model.obligations.Obligation``; graph: the partnership
    graph as GraphML, stakes: the rows of ``model.graph.stake_rows``, both empty where they were not asked for.
    """

    arm: str
    years: tuple[int, ...]
    indicators: dict[str, NDArray[Any]]
    flows: tuple[Flow, ...]
    accounts: tuple[AccountLine, ...]
    villages: dict[str, NDArray[Any]]
    obligations: tuple[tuple[Any, ...], ...]
    graph: str
    stakes: tuple[tuple[Any, ...], ...]
    seconds: float


@dataclass(frozen=True)
class SeedResult:
    """All arms of one seed, in the order of the job's scenarios."""

    seed: int
    runs: tuple[ArmRun, ...]


class Failure(NamedTuple):
    """A run that failed: the error in one line, its traceback, and the command that repeats it."""

    error: str
    traceback: str
    command: str


def run_seed(job: Job) -> SeedResult:
    """Run every arm of one seed. Raises RunError, in one line, when a run fails."""
    found = []
    for name, run in run_each(job, go_on=False).items():
        if isinstance(run, Failure):
            raise RunError(f"arm {name!r}, seed {job.seed} failed: {run.error} To repeat: {run.command}")
        found.append(run)
    return SeedResult(job.seed, tuple(found))


def run_each(job: Job, *, go_on: bool = True) -> dict[str, ArmRun | Failure]:
    """Run every arm of one seed; by name, in the order of the job's scenarios, what it left or how it failed.

    go_on: whether the others are run when one has failed; else that one ends the table.
    """
    runs: dict[str, ArmRun | Failure] = {}
    outlays: dict[str, Outlays] = {}
    for scenario in job.to_run:
        try:
            runs[scenario.name], outlays[scenario.name] = run_arm(job, scenario, aid_for(scenario, outlays))
        except Exception as error:
            what = " ".join(f"{type(error).__name__}: {error}".split())
            runs[scenario.name] = Failure(what, traceback.format_exc(), job.command(scenario))
            if not go_on:
                return {scenario.name: runs[scenario.name]}
    return {scenario.name: runs[scenario.name] for scenario in job.scenarios}


def aid_for(scenario: Scenario, outlays: Mapping[str, Outlays]) -> Outlays | None:
    """What an arm gets as aid, by what was paid in the arms before it."""
    if scenario.aid_of is None:
        return None
    failed = [twin.name for twin in scenario.twins if twin.name not in outlays]
    if failed:
        raise RunError(f"the arm {failed[0]!r}, at whose outlays it looks, failed.")
    paid = outlays[scenario.aid_of.name]
    return paid.net_of(outlays[scenario.twins[1].name]) if scenario.net else paid


def economy_of(
    scenario: Scenario, *, case: Case, changes: Mapping[str, Value], seed: int, last_year: int, aid: Outlays | None
) -> EconomyModel:
    """The economy of an arm before its first year. changes: of all arms, beside the arm's own."""
    from model.economy import EconomyModel

    return EconomyModel(
        case=case,
        mechanisms=scenario.mechanisms,
        changes={**scenario.changes, **changes},
        seed=seed,
        last_year=last_year,
        aid=aid,
    )


def run_arm(job: Job, scenario: Scenario, aid: Outlays | None = None) -> tuple[ArmRun, Outlays]:
    """One run of one arm, and what the public paid in it."""
    import numpy as np

    from model.accounts import account_rows
    from model.graph import graphml
    from model.outlays import Outlays

    began = perf_counter()
    model = economy_of(scenario, case=job.case, changes=job.changes, seed=job.seed, last_year=job.last_year, aid=aid)
    stakes = _step_to_the_end(model, stakes=job.stakes)
    run = ArmRun(
        arm=scenario.name,
        years=tuple(range(model.first_year - 1, model.last_year + 1)),
        indicators={name: np.asarray(path, dtype=float) for name, path in model.datacollector.model_vars.items()},
        flows=tuple(_named_flows(model)) if job.detail else (),
        accounts=tuple(account_rows(model)) if job.detail else (),
        villages=dict(model.village_panel()) if job.detail else {},
        obligations=tuple(tuple(one) for one in model.obligations) if job.detail else (),
        graph=graphml(model) if job.graph else "",
        stakes=stakes,
        seconds=perf_counter() - began,
    )
    return run, Outlays.of(model)


def _step_to_the_end(model: EconomyModel, *, stakes: bool) -> tuple[tuple[Any, ...], ...]:
    """Run a model to its last year; the stakes in pools at the end of each year, where they are wanted."""
    from model.graph import stake_rows

    found: list[tuple[Any, ...]] = []
    while model.year < model.last_year:
        model.step()
        found += stake_rows(model) if stakes else []
    return tuple(found)


def _named_flows(model: EconomyModel) -> list[Flow]:
    """The flow table with names of counties, none for Outside."""
    name = [*(county.name for county in model.case.counties), ""]
    return [
        (one.year, one.unit, one.giver, name[one.giver_county], one.taker, name[one.taker_county], one.reason, amount)
        for one, amount in model.ledger.flow_table()
    ]


def run_jobs(jobs: Sequence[Job], *, workers: int, quiet: bool = False) -> list[SeedResult]:
    """Run all jobs, with a progress bar on stderr unless quiet; results in the order of the jobs.

    workers: number of processes; 1 runs in this process. The results do not depend on it.
    Raises RunError at the first run that fails, after stopping the others.
    """
    from tqdm import tqdm

    bar = tqdm(
        total=sum(len(job.to_run) for job in jobs),
        desc="runs",
        unit="run",
        leave=False,
        disable=quiet,
        mininterval=0.1 if sys.stderr.isatty() else 5.0,
        dynamic_ncols=True,
    )
    with bar, one_thread_each():
        run = _run_here if min(workers, len(jobs)) <= 1 else _run_in_processes
        return run(jobs, workers, lambda job: bar.update(len(job.to_run)))


def _run_here(jobs: Sequence[Job], workers: int, done: Callable[[Job], object]) -> list[SeedResult]:
    """Run the jobs one after another in this process."""
    results = []
    with interrupts_kept() as check:
        for job in jobs:
            results.append(run_seed(job))
            done(job)
            check()
    return results


def _run_in_processes(jobs: Sequence[Job], workers: int, done: Callable[[Job], object]) -> list[SeedResult]:
    """Run the jobs in pools of new processes, each pool used for a block of jobs."""
    results: dict[int, SeedResult] = {}
    size = workers * JOBS_A_WORKER
    for first in range(0, len(jobs), size):
        block = dict(enumerate(jobs[first : first + size], start=first))
        with worker_pool(min(workers, len(block))) as pool:
            with interrupts_ignored():
                futures = {pool.submit(run_seed, job): row for row, job in block.items()}
            for future in as_completed(futures):
                row = futures[future]
                results[row] = _result_of(future.result)
                done(jobs[row])
    return [results[row] for row in range(len(jobs))]


def _result_of(result: Callable[[], SeedResult]) -> SeedResult:
    """The result of a worker, a lost worker told in one line."""
    try:
        return result()
    except BrokenProcessPool as error:
        raise RunError(
            "a worker process died, for want of memory, or because a script without "
            "'if __name__ == \"__main__\":' was run. Try again with --workers 1, in Python with workers=1."
        ) from error
