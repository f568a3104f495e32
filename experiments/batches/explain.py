"""What an experiment file says, in words: before it is run."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.batches.command import in_words, open_experiment
from experiments.batches.plan import BatchPlan, plan_batch
from experiments.batches.report import size_of
from experiments.batches.run import trial_seconds
from experiments.design import SAMPLED
from experiments.pools import usable_cores
from model.indicators import INDICATORS, RATIOS
from model.parameters import spelled

MOST_SHOWN = 12


def explain(file: str) -> str:
    """The experiment of a file in words. Raises DesignError and what else a plan can be refused with."""
    name, experiment, _ = open_experiment(file)
    plan = plan_batch(experiment)
    return "\n".join([f"{name}: {experiment.title}", experiment.question, "", *_lines(plan)])


def _lines(plan: BatchPlan) -> Iterator[str]:
    experiment, case = plan.experiment, plan.case
    projected = f" (a projection after {case.last_year})" if plan.last_year > case.last_year else ""
    yield f"Case: {case.title}, {case.first_year} to {plan.last_year}{projected}."
    yield f"Size: {size_of(plan)}."
    yield "Arms:"
    yield from (f"  {one.name}: {one.title}" for one in plan.scenarios)
    yield "Compared: " + "; ".join(f"{arm} minus {baseline}" for baseline, arm in plan.pairs) + "."
    for key, value in experiment.changes.items():
        yield f"Changed in all arms: {key} = {spelled(value)} (the case: {_usual(plan, key)})."
    yield from _design(plan)
    about = INDICATORS | RATIOS
    yield "Outcomes in " + ", ".join(str(year) for year in plan.years) + ":"
    yield from (f"  {name} [{about[name].unit}] {about[name].title}" for name in (*plan.shown, *plan.ratios))
    yield from _seeds(plan)
    yield f"Expected: {len(experiment.expected)} signs, to be told against what is found."
    seconds = trial_seconds(plan)
    workers = usable_cores()
    total = in_words(seconds * plan.runs / workers)
    yield f"Time: a run takes about {seconds:.1f} s here; all about {total} with {workers} workers."


def _usual(plan: BatchPlan, key: str) -> str:
    """The case's own value of a parameter."""
    return spelled(plan.case.parameters.declared(key).value)


def _design(plan: BatchPlan) -> Iterator[str]:
    """What is varied."""
    design = plan.experiment.design
    if design.kind in SAMPLED:
        keys = [key for key in plan.points[0].values if key not in design.levers and key != "seed"]
        yield f"Sampled by {design.kind}: {len(keys)} uncertainties, {', '.join(keys[:MOST_SHOWN])}" + (
            " ..." if len(keys) > MOST_SHOWN else "."
        )
    for key, values in design.levers.items():
        yield f"Lever {key}: {', '.join(f'{value:g}' for value in values)} (the case: {_usual(plan, key)})."
    for point in plan.points if design.point else ():
        changed = ", ".join(f"{key} = {value:g}" for key, value in point.values.items())
        yield f"Point {point.name}: {changed or 'the case as it stands'}."


def _seeds(plan: BatchPlan) -> Iterator[str]:
    target = plan.experiment.seeds.target
    if target is not None:
        yield (
            f"Seeds: {target.first}, then {target.step} more at a time until the 95% interval of {target.outcome} is "
            f"within {target.half_width:g} of its middle, {target.cap} at most."
        )
