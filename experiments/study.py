"""Studies: plan the runs, carry them out on a pool of workers, and put the answers into tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from experiments.defaults import COMPARE_SEEDS, DEFAULT_CASE, FIRST_SEED, MOST_AT_ONCE, RUN_SEEDS
from experiments.pools import usable_cores
from experiments.runner import Job, SeedResult, run_jobs
from experiments.scenario import AIDED, Scenario, ScenarioError, check_arms, find_scenario, with_twins
from model.parameters import Value

if TYPE_CHECKING:
    import pandas as pd

    from model.cases import Case

# Steps between two arms, each told where both are there: (before, after) -> what.
STEPS = {
    ("none", "solo"): "The subsidies of 1.0",
    ("solo", "town"): "Town parks",
    ("town", "enclave"): "The county enclave",
    ("enclave", "mountain_sea"): "Mountain-sea pairs",
    ("mountain_sea", "east_west"): "East-west pairs",
    ("east_west", "household_shares"): "Household shares",
    ("household_shares", "pooling"): "Crowdfunding",
    ("solo_funded", "enclave_at_risk"): "Pooling, the same grants on offer",
    ("enclave_at_risk", "enclave"): "The county's guarantee",
    ("solo_funded", "enclave"): "Pooling and its guarantee, the same grants on offer",
    **dict.fromkeys(AIDED.items(), "Against aid"),
}


class PlanError(ValueError):
    """A number of years, seeds or workers that cannot be."""


@dataclass(frozen=True)
class Plan:
    """What is to be run. The first scenario is the baseline; with one scenario there is nothing to compare.

    further: pairs (baseline, arm) that are compared besides.
    """

    case: Case
    case_name: str
    scenarios: tuple[Scenario, ...]
    seeds: int
    seed: int
    last_year: int
    changes: Mapping[str, Value]
    workers: int
    turning_point: bool
    further: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> str:
        """The command of ``feidi`` that this is: run or compare."""
        return "compare" if len(self.scenarios) > 1 else "run"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is compared: each arm with the baseline, and the steps on the way whose arms are there."""
        names = {scenario.name for scenario in self.scenarios}
        steps = [pair for pair in STEPS if set(pair) <= names and pair not in self.main_pairs]
        steps += [pair for pair in self.further if pair not in (*self.main_pairs, *steps)]
        # A step that two shorter ones make up is left out.
        short = [pair for pair in steps if not any(one[0] == pair[0] and (one[1], pair[1]) in steps for one in steps)]
        return [*self.main_pairs, *short]

    @property
    def main_pairs(self) -> list[tuple[str, str]]:
        """Each arm with the baseline."""
        names = [scenario.name for scenario in self.scenarios]
        return [(names[0], arm) for arm in names[1:]]

    @property
    def shown_years(self) -> list[int]:
        """The years reported: the case's last one and, as a projection, the last one simulated."""
        return sorted({min(self.case.last_year, self.last_year), self.last_year})

    def is_projection(self, year: int) -> bool:
        """Whether a year lies after the case's figures."""
        return year > self.case.last_year

    def jobs(self) -> list[Job]:
        """The main runs, one job a seed."""
        alone = len(self.scenarios) == 1
        return [
            Job(
                self.case,
                self.case_name,
                self.scenarios,
                seed,
                self.last_year,
                self.changes,
                graph=alone and seed == self.seed,
                stakes=seed == self.seed,
            )
            for seed in range(self.seed, self.seed + self.seeds)
        ]


@dataclass(frozen=True)
class Study:
    """A plan and its answers, as tidy tables. The tables of effects are empty when one scenario ran alone.

    stakes: of the first seed in every year; graph: where one scenario ran alone, the partnership graph of its first
    seed in the last year, as GraphML.
    """

    plan: Plan
    indicators: pd.DataFrame
    flows: pd.DataFrame
    villages: pd.DataFrame
    effects: pd.DataFrame
    who_paid: pd.DataFrame
    accounts: pd.DataFrame
    who_pays: pd.DataFrame
    boundaries: pd.DataFrame
    of_each_yuan: pd.DataFrame
    turning: pd.DataFrame
    obligations: pd.DataFrame
    stakes: pd.DataFrame
    graph: str
    seconds: Mapping[str, float] = field(default_factory=dict)


def make_plan(
    names: Sequence[str | Scenario],
    *,
    case: str = DEFAULT_CASE,
    seeds: int = COMPARE_SEEDS,
    seed: int = FIRST_SEED,
    years: int | None = None,
    changes: Mapping[str, Value] | None = None,
    workers: int | None = None,
    turning_point: bool = True,
) -> Plan:
    """Check everything that can be checked before running.

    years: number of years simulated, the case's own when None. Raises ScenarioError, PlanError, and the model's
    CaseError and ParameterError.
    """
    from model.cases import load_case
    from model.draws import MOST_SEEDS

    scenarios = tuple(name if isinstance(name, Scenario) else find_scenario(name) for name in names)
    check_arms(scenarios)
    loaded, changed = load_case(case), dict(changes or {})
    for scenario in with_twins(scenarios):
        check_scenario(scenario, loaded, changed)
    workers = usable_cores() if workers is None else workers
    for what, value, lowest in (("seeds", seeds, 1), ("seed", seed, 0), ("workers", workers, 1)):
        _at_least(what, value, lowest)
    if seeds > MOST_AT_ONCE:
        raise PlanError(f"seeds is {seeds}: give at most {MOST_AT_ONCE}; 'feidi batch' keeps more on disk.")
    if seed + seeds > MOST_SEEDS:
        raise PlanError(f"the last seed is {seed + seeds - 1}: give seeds up to {MOST_SEEDS - 1}.")
    turning = turning_point and len(scenarios) > 1
    return Plan(loaded, case, scenarios, seeds, seed, last_year_of(loaded, years), changed, workers, turning)


def check_scenario(scenario: Scenario, case: Case, changed: Mapping[str, Value]) -> None:
    """Refuse an arm that can't be built. Raises ScenarioError, and the model's CaseError and ParameterError."""
    from model.checks import check_together
    from model.registry import find_mechanism

    both = sorted(set(scenario.changes) & set(changed))
    if both:
        raise ScenarioError(f"{both[0]} is what defines the arm {scenario.name!r}: leave it out of --set.")
    try:
        found = [find_mechanism(name) for name in scenario.mechanisms]
    except ValueError as error:
        raise ScenarioError(f"scenario {scenario.name!r}: {error}") from None
    check_together(case, case.parameters.but({**scenario.changes, **changed}), found)


def _at_least(what: str, value: int, lowest: int) -> None:
    """Refuse a number below the lowest that makes sense. Raises PlanError."""
    if value < lowest:
        raise PlanError(f"{what} is {value}: give a whole number of at least {lowest}.")


def last_year_of(case: Case, years: int | None) -> int:
    """The last year to simulate. Raises PlanError when it is out of range."""
    if years is None:
        return case.last_year
    from model.cases import HORIZON

    most = HORIZON - case.first_year + 1
    if not 1 <= years <= most:
        raise PlanError(f"years is {years}: give 1 to {most} years, that is {case.first_year} to {HORIZON} at most.")
    return case.first_year + years - 1


def carry_out(plan: Plan, *, quiet: bool = False) -> Study:
    """Run the plan, with a progress bar on stderr unless quiet. Raises runner.RunError when a run fails."""
    from time import perf_counter

    from experiments.frames import RUN_TABLES
    from experiments.turning import turning_jobs

    began = perf_counter()
    jobs = plan.jobs()
    more = turning_jobs(jobs) if plan.turning_point else []
    results = run_jobs([*jobs, *more], workers=plan.workers, quiet=quiet)
    main, turned = results[: len(jobs)], results[len(jobs) :]
    ran = perf_counter()
    tables = {name: make(main) for name, make in RUN_TABLES.items()}
    study = study_of(plan, tables, turning=_turning(plan, more, turned), graph=main[0].runs[0].graph)
    seconds = {"runs": ran - began, "tables": perf_counter() - ran}
    seconds["mean run"] = sum(run.seconds for result in results for run in result.runs) / max(
        sum(len(result.runs) for result in results), 1
    )
    return replace(study, seconds=seconds)


def study_of(plan: Plan, tables: Mapping[str, pd.DataFrame], *, turning: pd.DataFrame, graph: str = "") -> Study:
    """The answers to a plan from the tables of its runs: all but the answers, by the names of a study's fields."""
    from experiments.gains import gain_tables

    answers = _answers(plan, tables["indicators"], tables["flows"]) | gain_tables(plan, tables["accounts"])
    return Study(plan=plan, turning=turning, graph=graph, **{**tables, **answers})  # type: ignore[arg-type]


def _answers(plan: Plan, runs: pd.DataFrame, flows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of effects and of who paid."""
    import pandas as pd

    from experiments.effects import effect_frame
    from experiments.payers import who_paid
    from model.draws import Draws
    from model.indicators import INDICATORS, RATIOS

    if not plan.pairs:
        return {name: pd.DataFrame() for name in ("effects", "who_paid")}
    return {
        "effects": effect_frame(runs, plan.pairs, INDICATORS, RATIOS, Draws(plan.seed).generator),
        "who_paid": who_paid(flows, plan.pairs, last_year=plan.shown_years[0]),
    }


def _turning(plan: Plan, jobs: Sequence[Job], results: Sequence[SeedResult]) -> pd.DataFrame:
    """The effects at each difference between places, empty when they were not asked for."""
    import pandas as pd

    from experiments.turning import turning_frame
    from model.indicators import INDICATORS

    return turning_frame(jobs, results, plan.pairs, INDICATORS) if jobs else pd.DataFrame()


def compare(
    baseline: str | Scenario,
    *arms: str | Scenario,
    case: str = DEFAULT_CASE,
    seeds: int = COMPARE_SEEDS,
    seed: int = FIRST_SEED,
    years: int | None = None,
    changes: Mapping[str, Value] | None = None,
    workers: int | None = None,
    turning_point: bool = False,
) -> Study:
    """Compare arms with a baseline, paired by seed: ``compare("solo", "enclave", case="tiny", seeds=5).effects``.

    case: a name or the path of a case file. seeds: how many, from ``seed`` on. years: how many years to simulate,
    the case's own when None. changes: parameter values for all arms. workers: processes, all cores when None.
    """
    if not arms:
        raise ScenarioError("nothing to compare. Name the baseline and at least one arm.")
    plan = make_plan(
        (baseline, *arms),
        case=case,
        seeds=seeds,
        seed=seed,
        years=years,
        changes=changes,
        workers=workers,
        turning_point=turning_point,
    )
    return carry_out(plan)


def run(
    scenario: str | Scenario,
    *,
    case: str = DEFAULT_CASE,
    seeds: int = RUN_SEEDS,
    seed: int = FIRST_SEED,
    years: int | None = None,
    changes: Mapping[str, Value] | None = None,
    workers: int | None = None,
) -> Study:
    """Run one scenario: ``run("enclave", case="tiny").indicators``. Arguments as for ``compare``."""
    plan = make_plan((scenario,), case=case, seeds=seeds, seed=seed, years=years, changes=changes, workers=workers)
    return carry_out(plan)
