"""The plan of a batch: an experiment file with all names looked up, all values checked and all runs laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from experiments.attribution.mechanisms import arms_of_subsets
from experiments.batches.code import code_digest
from experiments.defaults import COMPARE_SEEDS
from experiments.design import GRID, LISTED, MECHANISMS, SOBOL, DesignError, Experiment
from experiments.runner import Job
from experiments.scenario import SCENARIOS, Scenario, check_arms, find_scenario, with_twins
from experiments.study import Plan, last_year_of
from model.indicators import INDICATORS, RATIOS
from model.parameters import Value, nearest

if TYPE_CHECKING:
    from model.cases import Case


BOOKED = 40  # seeds of the first point whose books are kept


@dataclass(frozen=True)
class Point:
    """A point of the design. values: numbers of the design, by key; changes: what it makes of the parameters."""

    name: str
    values: Mapping[str, float]
    changes: Mapping[str, Value]


@dataclass(frozen=True, order=True)
class Unit:
    """One seed with all its arms at one point (its row): what is run, kept and resumed as a whole."""

    point: int
    seed: int

    @property
    def name(self) -> str:
        """The name of its part."""
        return f"p{self.point:06}-s{self.seed:07}"


@dataclass(frozen=True)
class BatchPlan:
    """What is to be run.

    units: in the order of the result tables; outcomes: names of indicators that are kept; shown: those of them that the
    file names; ratios: names of ratios; primary: of both, what the question is about; years: those that are reported;
    books: whether units of the first point keep books and villages; seeds: how many, where the file's number was not
    taken; code: check sum of the code with which it is run.
    """

    experiment: Experiment
    case: Case
    scenarios: tuple[Scenario, ...]
    pairs: tuple[tuple[str, str], ...]
    points: tuple[Point, ...]
    units: tuple[Unit, ...]
    last_year: int
    outcomes: tuple[str, ...]
    shown: tuple[str, ...]
    ratios: tuple[str, ...]
    primary: tuple[str, ...]
    years: tuple[int, ...]
    books: bool
    seeds: int | None
    code: str

    @property
    def arms(self) -> list[str]:
        """Names of the arms."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def runs(self) -> int:
        """Runs in all, those among them that only other arms look at."""
        return len(self.units) * len(with_twins(self.scenarios))

    @property
    def every_year(self) -> bool:
        """Whether outcomes of all years are kept, and not only of those reported: where few points make paths."""
        return self.experiment.design.kind in (GRID, LISTED)

    def changes(self, unit: Unit) -> dict[str, Value]:
        """What differs from the case in all arms of a unit."""
        return {**self.experiment.changes, **self.points[unit.point].changes}

    def detailed(self, unit: Unit) -> bool:
        """Whether the books of a unit are kept: of the first seeds alone, so that they fit into memory together."""
        return self.books and unit.point == 0 and unit.seed < self.experiment.seeds.first + BOOKED

    def job(self, unit: Unit) -> Job:
        """The runs of a unit."""
        changes, case_name = self.changes(unit), self.experiment.case
        detail = self.detailed(unit)
        return Job(
            case=self.case,
            case_name=case_name,
            scenarios=self.scenarios,
            seed=unit.seed,
            last_year=self.last_year,
            changes=changes,
            detail=detail,
            stakes=detail and unit == self.units[0],
        )

    def study_plan(self) -> Plan:
        """The first point as a plan of a comparison, for the tables and figures that those have."""
        seeds = sorted({unit.seed for unit in self.units if self.detailed(unit)})
        where = f", {self.points[0].name}" if len(self.points) > 1 else ""
        case = replace(self.case, title=self.case.title + where, title_zh=self.case.title_zh + where)
        return Plan(
            case=case,
            case_name=self.experiment.case,
            scenarios=self.scenarios,
            seeds=len(seeds),
            seed=seeds[0],
            last_year=self.last_year,
            changes=self.changes(Unit(0, seeds[0])),
            workers=1,
            turning_point=False,
            further=self.pairs,
        )


def plan_batch(experiment: Experiment, *, seeds: int | None = None) -> BatchPlan:
    """Look everything up and check it before anything is run. seeds: how many, instead of what the file says.

    Raises DesignError, ScenarioError, and the model's CaseError and ParameterError.
    """
    from experiments.batches.checks import check_plan, check_points
    from experiments.batches.points import points_of
    from model.cases import load_case

    case = load_case(experiment.case)
    scenarios = _scenarios(experiment)
    last_year = last_year_of(case, _years(experiment, case))
    parameters = case.parameters.but(experiment.changes)
    points = points_of(experiment, parameters, case.last_year, scenarios)
    check_points(experiment, case, scenarios, points)
    first, target = experiment.seeds.first, experiment.seeds.target
    count = seeds or experiment.seeds.count or (target.first if target else COMPARE_SEEDS)
    plan = BatchPlan(
        experiment=experiment,
        case=case,
        scenarios=scenarios,
        pairs=_pairs(experiment, scenarios),
        points=points,
        units=_units(points, first, count, picked=experiment.design.kind == SOBOL),
        last_year=last_year,
        **_outcomes(experiment),
        years=_reported(experiment, case, last_year),
        books=experiment.outputs.books and experiment.design.kind in (GRID, LISTED),
        seeds=seeds,
        code=code_digest(),
    )
    check_plan(plan, first + count - 1)
    return plan


def _units(points: Sequence[Point], first: int, count: int, *, picked: bool) -> tuple[Unit, ...]:
    """Every seed at every point; or the one that the point picks."""
    from experiments.sensitivity import seed_of

    if picked:
        return tuple(Unit(row, seed_of(point.values["seed"], count, first)) for row, point in enumerate(points))
    return tuple(Unit(row, seed) for row in range(len(points)) for seed in range(first, first + count))


def _scenarios(experiment: Experiment) -> tuple[Scenario, ...]:
    """The arms, those of the file's own among them."""
    own = {
        one.name: Scenario(one.name, one.title or one.name, one.title_zh or one.name, one.mechanisms, one.changes)
        for one in experiment.arm
    }
    taken = [one.name for one in experiment.arm if one.name in SCENARIOS or set(one.name) & set(":+@[]")]
    if taken:
        raise DesignError(
            f"[[arm]] {taken[0]!r}: the name is that of a ready arm, or holds one of :+@[]. Give another one."
        )
    unused = sorted(set(own) - set(experiment.arms))
    if unused:
        raise DesignError(f"[[arm]] {unused[0]!r} is not among arms: name it there, or take its table away.")
    scenarios = tuple(own[name] if name in own else find_scenario(name) for name in experiment.arms)
    if experiment.design.kind == MECHANISMS:
        scenarios = arms_of_subsets(scenarios[0], experiment.design.players)
    check_arms(scenarios)
    return scenarios


def _pairs(experiment: Experiment, scenarios: Sequence[Scenario]) -> tuple[tuple[str, str], ...]:
    """What is compared: (baseline, arm)."""
    names = [scenario.name for scenario in scenarios]
    known = dict(zip(experiment.arms, names, strict=False)) | {name: name for name in names}
    for name in (name for pair in experiment.pairs for name in pair if name not in known):
        raise DesignError(f"pairs names {name!r}, which is none of the arms. {nearest(name, known)}")
    pairs = tuple((known[one], known[two]) for one, two in experiment.pairs)
    twice = sorted({pair for pair in pairs if pairs.count(pair) > 1})
    if twice:
        raise DesignError(f"pairs names {twice[0][1]} against {twice[0][0]} twice. Name it once.")
    return pairs or tuple((names[0], arm) for arm in names[1:])


def _years(experiment: Experiment, case: Case) -> int | None:
    """How many years are simulated, None for the case's own."""
    return None if experiment.last_year is None else experiment.last_year - case.first_year + 1


def _reported(experiment: Experiment, case: Case, last_year: int) -> tuple[int, ...]:
    """The years that are reported, ascending."""
    years = experiment.outputs.years or (min(case.last_year, last_year), last_year)
    for year in years:
        if not case.first_year <= year <= last_year:
            raise DesignError(f"outputs.years has {year}: give years from {case.first_year} to {last_year}.")
    return tuple(sorted(set(years)))


def _named(experiment: Experiment) -> tuple[str, ...]:
    """The outcomes that the file names, the primary ones of the model where it names none."""
    known = INDICATORS | RATIOS
    named = experiment.outputs.outcomes or tuple(name for name, one in known.items() if one.primary)
    target = experiment.seeds.target
    for name in (*named, *experiment.outputs.primary, *([target.outcome] if target else [])):
        if name not in known:
            raise DesignError(f"no outcome {name!r}. {nearest(name, known)} See 'feidi list indicators'.")
    return named


def _outcomes(experiment: Experiment) -> dict[str, tuple[str, ...]]:
    """The fields of a plan that name outcomes."""
    named = _named(experiment)
    kept, ratios = _kept(experiment, named)
    shown = tuple(name for name in kept if name in named)
    return {"outcomes": kept, "shown": shown, "ratios": ratios, "primary": _primary(experiment, named)}


def _primary(experiment: Experiment, named: Sequence[str]) -> tuple[str, ...]:
    """What the question is about: as the file says, else the outcomes that the model marks so."""
    foreign = [name for name in experiment.outputs.primary if name not in named]
    if foreign:
        raise DesignError(f"outputs.primary names {foreign[0]!r}, which outputs.outcomes has not: name it there too.")
    return experiment.outputs.primary or tuple(name for name in named if (INDICATORS | RATIOS)[name].primary)


def _kept(experiment: Experiment, named: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of indicators that are kept, those that ratios and the target need among them, and of ratios."""
    target = experiment.seeds.target
    ratios = tuple(name for name in named if name in RATIOS)
    parts = [part for name in ratios for part in (RATIOS[name].numerator, RATIOS[name].denominator)]
    wanted = {*named, *parts, *([target.outcome] if target else [])}
    return tuple(name for name in INDICATORS if name in wanted), ratios
