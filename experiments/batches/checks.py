"""What the fields of a file alone can't tell: points, seeds, targets and expectations that make no sense together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.batches.plan import BatchPlan, Point
from experiments.design import SAMPLED, SOBOL, DesignError, Experiment
from experiments.scenario import Scenario, ScenarioError, with_twins
from experiments.study import check_scenario
from model.draws import MOST_SEEDS
from model.indicators import INDICATORS, RATIOS
from model.parameters import nearest

if TYPE_CHECKING:
    from model.cases import Case


def check_points(experiment: Experiment, case: Case, scenarios: Sequence[Scenario], points: Sequence[Point]) -> None:
    """Refuse points at which an arm cannot be built."""
    both = sorted({key for point in points for key in point.changes} & set(experiment.changes))
    if both:
        raise DesignError(f"{both[0]} is in [changes] and varied by the design: take it out of one of the two.")
    # Samples lie within declared ranges, which the model is held to elsewhere: one of them stands for all.
    tried = points[:1] if experiment.design.kind in SAMPLED else points
    for point in tried:
        for scenario in with_twins(scenarios):
            try:
                check_scenario(scenario, case, {**experiment.changes, **point.changes})
            except ScenarioError:
                raise
            except ValueError as error:
                raise DesignError(f"point {point.name!r}: {error}") from None


def check_plan(plan: BatchPlan, last_seed: int) -> None:
    """Refuse seeds that there are not, too few of them for a sample, and what is said about what is not there."""
    check_seeds(plan, last_seed)
    check_expected(plan)
    check_target(plan)


def check_seeds(plan: BatchPlan, last_seed: int) -> None:
    """Refuse seeds that there are not, and too few for luck to be a factor like others."""
    if last_seed >= MOST_SEEDS:
        raise DesignError(f"seeds: the last one is {last_seed}: give seeds up to {MOST_SEEDS - 1}.")
    design, count = plan.experiment.design, last_seed - plan.experiment.seeds.first + 1
    if design.kind == SOBOL and count < design.points:
        raise DesignError(
            f"seeds.count is {count}, below points, {design.points}: luck's share would come out too small. "
            "Give at least as many seeds as points: each point runs only one."
        )


def check_target(plan: BatchPlan) -> None:
    """Refuse a precision of something that is no outcome of a run, or not compared, or of no simulated year."""
    target = plan.experiment.seeds.target
    if target is None:
        return
    if target.outcome not in INDICATORS:
        raise DesignError(
            f"seeds.target: {target.outcome!r} is a ratio: give an outcome of one run, such as its parts."
        )
    if target.year is not None and not plan.case.first_year <= target.year <= plan.last_year:
        raise DesignError(
            f"seeds.target: year {target.year} is not simulated: give {plan.case.first_year} to {plan.last_year}."
        )
    if not any(target.arm in ("", arm) and target.baseline in ("", baseline) for baseline, arm in plan.pairs):
        raise DesignError(
            f"seeds.target: {target.arm or 'any arm'} against {target.baseline or 'any'} is not compared."
        )


def check_expected(plan: BatchPlan) -> None:
    """Refuse expectations about what is not there."""
    names, points = plan.arms, [point.name for point in plan.points]
    outcomes = plan.outcomes
    for place, one in enumerate(plan.experiment.expected):
        where = f"expected.{place}"
        pair = (one.baseline or plan.pairs[0][0] if plan.pairs else "", one.arm)
        if not plan.pairs:
            raise DesignError(
                f"{where}: there is one arm, so nothing is compared: name a second one, or expect nothing."
            )
        if pair not in plan.pairs:
            known = ", ".join(f"{arm} against {baseline}" for baseline, arm in plan.pairs)
            raise DesignError(f"{where}: {one.arm} against {pair[0]} is not compared. Compared are {known or names}.")
        if one.outcome in RATIOS:
            raise DesignError(
                f"{where}: {one.outcome!r} is a ratio, whose sign says nothing: expect something of its parts."
            )
        if one.outcome not in outcomes:
            raise DesignError(f"{where}: outcome {one.outcome!r} is not kept. {nearest(one.outcome, outcomes)}")
        for field, point in (("point", one.point), ("than", one.than)):
            if point and point not in points:
                raise DesignError(f"{where}.{field}: there is no point {point!r}. {nearest(point, points)}")
        if one.year is not None and one.year not in plan.years:
            raise DesignError(f"{where}: year {one.year} is not reported. Reported are {plan.years}.")


def refuse_ratio(outcome: str) -> None:
    """Refuse a ratio of two arms where an outcome of one run is wanted. Raises DesignError."""
    if outcome in RATIOS:
        raise DesignError(f"{outcome!r} compares two arms and is no outcome of a run: give another one.")
